/**
 * What a fresh or changed checkout lacks before it can run: packages, and the build. No dependencies, and no syntax newer
 * than Node 20: this runs under whatever Node the machine has, before anything is installed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const at = (...parts) => join(root, ...parts);
const timeOf = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** Node 24 of the package `node`. */
export const node24 = at('node_modules/.bin/node');
export const cli = at('dist/apps/cli/main.js');
/** tsc writes it last. */
const built = at('dist/.tsbuildinfo');

const read = (path) => JSON.parse(readFileSync(path, 'utf8'));

/** Compared by what is installed and not by time: a checkout gives the lock file a new time without changing it. */
export function lacksPackages() {
  const record = at('node_modules/.package-lock.json');
  if (!existsSync(record)) return true;
  const wanted = read(at('package-lock.json')).packages;
  const installed = read(record).packages;
  const { dependencies, devDependencies } = wanted[''];
  const named = Object.keys({ ...dependencies, ...devDependencies }).map((name) => `node_modules/${name}`);
  return (
    named.some((path) => !(path in installed)) ||
    Object.entries(installed).some(([path, { version }]) => wanted[path]?.version !== version)
  );
}

export function lacksBuild() {
  const since = existsSync(cli) ? timeOf(built) : 0;
  const settings = ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'nest-cli.json'].map((file) => at(file));
  return (
    settings.some((file) => timeOf(file) > since) || ['libs', 'apps', 'tools'].some((dir) => isNewer(at(dir), since))
  );
}

/** Whether a source below this folder is newer; specs and test material are not built. */
function isNewer(dir, since) {
  if (!existsSync(dir)) return false;
  return readdirSync(dir, { withFileTypes: true }).some((entry) => {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) return entry.name !== 'testing' && isNewer(path, since);
    return /\.(ts|json)$/.test(entry.name) && !entry.name.endsWith('.spec.ts') && timeOf(path) > since;
  });
}

function npm(what, args) {
  const script = process.env.npm_execpath;
  const [command, before] = script && existsSync(script) ? [process.execPath, [script]] : ['npm', []];
  const started = Date.now();
  const { status } = spawnSync(command, [...before, ...args], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) {
    // The compiler leaves its mark also where it found errors.
    if (existsSync(built)) utimesSync(built, 0, 0);
    console.error(`${what.vi}: lỗi. · ${what.en}: failed.`);
    process.exit(1);
  }
  console.error(`${what.vi}: xong · ${what.en}: done (${((Date.now() - started) / 1000).toFixed(1)} s)`);
}

export function install() {
  const what = { vi: 'Cài đặt các gói', en: 'Installing packages' };
  console.error(`${what.vi}… · ${what.en}…`);
  npm(what, ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']);
}

export function build() {
  const what = { vi: 'Biên dịch', en: 'Building' };
  console.error(`${what.vi}… · ${what.en}…`);
  npm(what, ['run', '--silent', 'build']);
  // When the compiler finds nothing changed it leaves its mark as it was.
  const now = new Date();
  utimesSync(built, now, now);
}
