/**
 * Makes every generated file again, or with `--check` says which are out of date. One after the other, each a program of its
 * own, so that a fault in one is seen under its own name.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const GENERATORS = [
  'generate-unicode.ts',
  'generate-contracts.ts',
  'generate-state-diagram.ts',
  'generate-openapi.ts',
  'generate-env-example.ts',
  'generate-watching.ts',
];
const here = import.meta.dirname;

let failed = 0;
for (const generator of GENERATORS.filter((name) => existsSync(`${here}/${name}`))) {
  const { status } = spawnSync(
    process.execPath,
    ['--conditions=source', `${here}/${generator}`, ...process.argv.slice(2)],
    { stdio: 'inherit' },
  );
  if (status !== 0) {
    console.error(`${generator} failed (exit code ${status})`);
    failed += 1;
  }
}
process.exitCode = failed === 0 ? 0 : 1;
