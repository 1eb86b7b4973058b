import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { auditProblems, dependencyProblems, type LockEntry, type Packages } from './dependencies.ts';

const read = (file: string): unknown =>
  JSON.parse(readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')) as unknown;
const real = { manifest: read('package.json'), lock: read('package-lock.json') } as Packages;

const GOOD: LockEntry = {
  version: '8.0.0',
  integrity: `sha512-${'a'.repeat(86)}==`,
  license: 'MIT',
};
const withEntries = (entries: Readonly<Record<string, LockEntry>>, manifest = {}): Packages => ({
  manifest,
  lock: { lockfileVersion: 3, packages: { '': {}, 'node_modules/pg': GOOD, ...entries } },
});

describe('the packages we build on', () => {
  it('are as they should be', () => {
    expect(dependencyProblems(real)).toEqual([]);
    expect(dependencyProblems(withEntries({}))).toEqual([]);
  });

  it.each<[string, LockEntry, RegExp]>([
    ['from a repository of sources', { ...GOOD, resolved: 'git+ssh://git@host.example/x.git#abc' }, /place of its own/],
    ['from a folder', { ...GOOD, resolved: 'file:../x' }, /place of its own/],
    ['without integrity', { version: '1.0.0', license: 'MIT' }, /no sha512/],
    ['with a weak integrity', { ...GOOD, integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=' }, /no sha512/],
    ['under a licence that asks for more', { ...GOOD, license: 'GPL-3.0' }, /licence "GPL-3.0"/],
    ['without a licence', { integrity: GOOD.integrity ?? '' }, /licence ""/],
    ['with a script at its installation', { ...GOOD, hasInstallScript: true }, /runs a script/],
  ])('are refused %s', (_, entry, problem) => {
    expect(dependencyProblems(withEntries({ 'node_modules/x': entry })).join('\n')).toMatch(problem);
  });

  it('are refused in two versions where one must be believed, and unpinned', () => {
    const second = { ...GOOD, version: '7.0.0' };
    expect(dependencyProblems(withEntries({ 'node_modules/x/node_modules/pg': second }))).toEqual([
      'pg is there in 2 versions: 8.0.0, 7.0.0',
    ]);
    expect(dependencyProblems(withEntries({}, { dependencies: { pg: '^8.0.0' } }))).toEqual([
      'pg: "^8.0.0" is not one exact version',
    ]);
    expect(dependencyProblems(withEntries({}, { devDependencies: { jest: 'latest' } }))).toHaveLength(1);
  });

  it('are asked about where somebody answers: high and critical count, no answer is said', () => {
    const found = { vulnerabilities: { pg: { severity: 'high' }, x: { severity: 'moderate' } } };
    expect(auditProblems(JSON.stringify(found))).toEqual([expect.stringMatching(/^pg: a known weakness/)]);
    expect(auditProblems('{"vulnerabilities":{}}')).toEqual([]);
    expect(auditProblems('{"statusCode":405,"error":{}}')).toBeUndefined();
    expect(auditProblems('npm error network')).toBeUndefined();
  });
});
