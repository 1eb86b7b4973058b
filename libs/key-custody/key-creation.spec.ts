import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DomainError, parseAgencyCode, type NodeId } from '#libs/kernel';
import { createKeys, openKeyCustody } from './index.ts';

const node = 'gialam-communes' as NodeId;
const agency = parseAgencyCode('H26.129.05');
const wanted = { node, owners: [agency], label: '2023-1' };
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'lienthong-keys-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const files = (): string[] =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));
const contents = (): Record<string, string> =>
  Object.fromEntries(files().map((name) => [name, readFileSync(join(dir, name), 'utf8')]));
const problemsOf = (open: () => unknown): readonly string[] => {
  try {
    open();
  } catch (error) {
    if (error instanceof DomainError && error.code === 'KEYS_UNREADABLE') return error.details['problems'] as string[];
    throw error;
  }
  return [];
};

describe('creating keys', () => {
  it('makes one file per key, for the owner alone', () => {
    createKeys(dir, wanted);
    const today = new Date().toISOString().slice(0, 10).replaceAll('-', '');
    expect(files().toSorted()).toEqual([
      'encryption/gialam-communes#enc-2023-1.json',
      'log/gialam-communes#log-1.json',
      `request/gialam-communes#request-${today}.json`,
      'signing/H26.129.05#2023-1.json',
      'signing/gialam-communes#2023-1.json',
      'wrapping/gialam-communes#wrap-1.json',
    ]);
    for (const name of files()) expect(statSync(join(dir, name)).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(dir, 'signing')).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('keeps what is there', () => {
    createKeys(dir, wanted);
    const before = contents();
    expect(createKeys(dir, wanted).created).toEqual([]);
    expect(createKeys(dir, { ...wanted, owners: [agency, parseAgencyCode('H26.129.06')] }).created).toEqual([
      'signing/H26.129.06#2023-1',
    ]);
    expect(contents()).toMatchObject(before);
  });

  it('gives one set of keys when several processes create them at once', async () => {
    const program = `import { createKeys } from '#libs/key-custody'; createKeys(${JSON.stringify(dir)}, ${JSON.stringify(wanted)});`;
    const processes = Array.from({ length: 4 }, () =>
      spawn(process.execPath, ['--conditions=source', '--input-type=module', '-e', program], { stdio: 'inherit' }),
    );
    const exits = await Promise.all(processes.map((child) => once(child, 'exit')));
    expect(exits.map(([code]) => code as number)).toEqual([0, 0, 0, 0]);
    expect(files()).toHaveLength(6);
    expect(() => openKeyCustody(dir)).not.toThrow();
  }, 30_000);

  it.each([
    ['an owner out of the grammar', { ...wanted, owners: ['../../etc' as NodeId] }],
    ['a label out of the grammar', { ...wanted, label: '../x' }],
    ['a node out of the grammar', { ...wanted, node: 'Ha Noi' as NodeId }],
  ])('refuses %s', (_, keys) => {
    expect(() => createKeys(dir, keys)).toThrow(expect.objectContaining({ code: 'MALFORMED' }));
    expect(files()).toEqual([]);
  });
});

describe('opening keys', () => {
  const path = (name: string): string => join(dir, name);
  const rewrite = (name: string, change: (jwk: Record<string, unknown>) => unknown): void => {
    const jwk = JSON.parse(readFileSync(path(name), 'utf8')) as Record<string, unknown>;
    writeFileSync(path(name), JSON.stringify(change(jwk)));
  };
  const AGENCY_KEY = 'signing/H26.129.05#2023-1.json';
  const NODE_KEY = 'signing/gialam-communes#2023-1.json';
  const WRAPPING_KEY = 'wrapping/gialam-communes#wrap-1.json';
  beforeEach(() => void createKeys(dir, wanted));

  it('names every problem at once, and no secret', () => {
    const secret = (JSON.parse(readFileSync(path(AGENCY_KEY), 'utf8')) as { d: string }).d;
    chmodSync(path(NODE_KEY), 0o640);
    rewrite(AGENCY_KEY, (jwk) => ({ ...jwk, d: `${secret}AA` }));
    rmSync(path('log'), { recursive: true });
    writeFileSync(path(WRAPPING_KEY), 'not json');
    rewrite('encryption/gialam-communes#enc-2023-1.json', (jwk) => ({ ...jwk, validFrom: 'yesterday' }));
    const problems = problemsOf(() => openKeyCustody(dir));
    expect(problems).toHaveLength(5);
    const all = problems.join('\n');
    for (const part of [
      `signing/H26.129.05#2023-1.json "d" must be`,
      'may be read by others: chmod 600',
      'log/ does not exist',
      'is no JSON',
      '"validFrom" must be',
    ])
      expect(all).toContain(part);
    expect(all).not.toContain(secret);
  });

  it.each([
    [
      'a file under another key’s name',
      () => renameSync(path(AGENCY_KEY), path('signing/H26.129.06#2023-1.json')),
      'belongs in H26.129.05#2023-1.json',
    ],
    ['halves that do not fit', () => rewrite(AGENCY_KEY, (jwk) => ({ ...jwk, x: 'A'.repeat(43) })), 'is not'],
    [
      'an encryption key among the signing keys',
      () => rewrite(AGENCY_KEY, (jwk) => ({ ...jwk, crv: 'X25519' })),
      '"crv" must be',
    ],
    [
      'a member that nobody knows',
      () => rewrite(AGENCY_KEY, (jwk) => ({ ...jwk, use: 'sig' })),
      'unknown members: use',
    ],
    ['a kid without a label', () => rewrite(AGENCY_KEY, (jwk) => ({ ...jwk, kid: 'H26.129.05' })), '"kid" must be'],
    ['a secret that is a pair', () => rewrite(WRAPPING_KEY, (jwk) => ({ ...jwk, kty: 'OKP' })), '"kty" must be "oct"'],
    ['JSON that is no object', () => rewrite(WRAPPING_KEY, () => []), 'is no JSON object'],
    ['no wrapping key', () => rmSync(path(WRAPPING_KEY)), 'wrapping/ holds no key'],
    ['two log keys', () => createKeysOfAnotherNode(), 'log/ holds more than one key'],
    ['a folder that others may write', () => chmodSync(path('signing'), 0o777), 'may be written by others'],
  ])('refuses %s', (_, spoil, sentence) => {
    spoil();
    expect(problemsOf(() => openKeyCustody(dir)).join('\n')).toContain(sentence);
  });

  function createKeysOfAnotherNode(): void {
    createKeys(dir, { ...wanted, node: 'gialam-district' as NodeId });
    rmSync(path('wrapping/gialam-district#wrap-1.json'));
  }

  it('takes a directory that does not exist for what it is', () => {
    expect(problemsOf(() => openKeyCustody(path('elsewhere')))).toHaveLength(5);
  });

  it('looks past files that are no keys', () => {
    writeFileSync(path('signing/README'), 'who holds what');
    mkdirSync(path('signing/.trash'));
    expect(() => openKeyCustody(dir)).not.toThrow();
  });
});
