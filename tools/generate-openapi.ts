/**
 * node --conditions=source tools/generate-openapi.ts           writes docs/generated/openapi.json
 * node --conditions=source tools/generate-openapi.ts --check   writes nothing; exit 1 when it is out of date
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildOpenApi, formatOpenApi } from '../apps/gateway/http/openapi/build-openapi.ts';

const root = join(import.meta.dirname, '..');
const target = join(root, 'docs/generated/openapi.json');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const text = formatOpenApi(buildOpenApi(version));

if (!process.argv.includes('--check')) {
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
} else if (!existsSync(target) || readFileSync(target, 'utf8') !== text) {
  console.error('docs/generated/openapi.json is out of date: run node --conditions=source tools/generate-openapi.ts');
  process.exitCode = 1;
}
