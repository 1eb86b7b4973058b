/**
 * node --conditions=source tools/generate-contracts.ts              writes what is out of date, publishes new versions
 * node --conditions=source tools/generate-contracts.ts --check      writes nothing; exit 1 with a list when anything is wrong
 * node --conditions=source tools/generate-contracts.ts --republish  writes published versions anew: only before a release
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { allContracts } from '#libs/contracts';
import { allProblems, contractProblems, readPublished } from './contracts-check.ts';
import { derivedFiles, keptFiles, PUBLISHED, type Files } from './contracts-files.ts';

const root = join(import.meta.dirname, '..');
const { values: flags } = parseArgs({
  options: { check: { type: 'boolean', default: false }, republish: { type: 'boolean', default: false } },
});

function write(files: Files, anew: boolean): void {
  for (const [path, content] of files) {
    const full = join(root, path);
    if (!anew && existsSync(full)) continue;
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, content);
  }
}
function fail(problems: readonly string[]): never {
  for (const problem of problems) console.error(problem);
  console.error(`${problems.length} problem(s)`);
  process.exit(1);
}

const contracts = allContracts();
if (flags.check) {
  const problems = allProblems(root, contracts);
  if (problems.length > 0) fail(problems);
} else {
  if (flags.republish) rmSync(join(root, PUBLISHED), { recursive: true, force: true });
  const problems = contractProblems(contracts, readPublished(root));
  if (problems.length > 0) fail(problems);
  write(keptFiles(contracts), flags.republish);
  write(derivedFiles(contracts), true);
}
