/** `npm run check:dependencies`: exit code 1 when a package is not as it should be. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { auditProblems, dependencyProblems, type Packages } from './dependencies.ts';

const read = (file: string): unknown => JSON.parse(readFileSync(new URL(`../${file}`, import.meta.url), 'utf8'));
const packages = { manifest: read('package.json'), lock: read('package-lock.json') } as Packages;
const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], { encoding: 'utf8', timeout: 60_000 });
const audited = auditProblems(stdout ?? '');
if (!audited) console.log('npm audit: the registry gave no answer; known weaknesses were not looked for');
const problems = [...dependencyProblems(packages), ...(audited ?? [])];
for (const problem of problems) console.error(problem);
const count = Object.keys(packages.lock.packages).length - 1;
if (problems.length === 0)
  console.log(`${count} packages: origin, integrity, licence, scripts and pins are as they should be`);
process.exitCode = problems.length > 0 ? 1 : 0;
