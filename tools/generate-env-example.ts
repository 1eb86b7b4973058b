/** `.env.example` from the gateway's schema of settings. */
import { readFileSync, writeFileSync } from 'node:fs';
import { gatewaySchema, toEnvExample } from '#libs/config';

const path = `${import.meta.dirname}/../.env.example`;
const wanted = toEnvExample(gatewaySchema);
if (process.argv.includes('--check')) {
  const found = readFileSync(path, 'utf8');
  if (found !== wanted) {
    console.error('.env.example is out of date: run npm run generate');
    process.exitCode = 1;
  }
} else {
  writeFileSync(path, wanted);
}
