import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  parseAgencyCode,
  parseNodeId,
  parseTerritoryCode,
  startOfLocalDate,
  type AgencyCode,
  type Instant,
  type LocalDate,
} from '#libs/kernel';
import {
  adapterFor,
  agencyOfTerritory,
  findAgencyAt,
  findCityAbove,
  isValidAt,
  nodeOf,
  servicesFor,
  superiorsOf,
} from './agencies.ts';
import { key, node, statement } from './directory.builders.ts';
import { emptyDirectory } from './directory.ts';
import { encryptionKeyOf, findKey } from './keys.ts';
import { agencyStatementsOf, nearestLastingSuperior, nodeStatementOf, type Organisation } from './statements.ts';
import { rehomerFor, rehomersFor, successionsOf, successorsOf } from './succession.ts';
import { takeStatements } from './taking.ts';

const organisation = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../reference/organisation.json'), 'utf8'),
) as Organisation;
const nodes = new Map(
  organisation.agencies.filter(({ level }) => level !== 'ministry').map(({ code }) => [code, nodeNameOf(code)]),
);
nodes.delete('G01.900');
const keys = new Map([
  [
    'H26.129',
    [{ label: '1', alg: 'Ed25519' as const, publicKey: `${'a'.repeat(42)}A`, validFrom: '2023-01-01T00:00:00.000Z' }],
  ],
]);
const stated = agencyStatementsOf(organisation, { nodes, keys });
const all = [...stated.values()].map((data, index) =>
  statement({
    data,
    at: `2023-01-01T${String(Math.trunc(index / 60)).padStart(2, '0')}:${String(index % 60).padStart(2, '0')}`,
  }),
);
const taken = takeStatements(emptyDirectory([{ keyId: 'hanoi#1', publicKey: new Uint8Array(32) }]), all);
const { directory } = taken;

function nodeNameOf(code: string): string {
  return `n-${code.toLowerCase().replaceAll('.', '-')}`;
}
const code = (text: string): AgencyCode => parseAgencyCode(text);
const on = (day: string): Instant => startOfLocalDate(day as LocalDate);
const BEFORE = on('2023-06-14');
const MERGED = on('2025-03-01');
const REFORMED = on('2025-07-01');

describe('the organisation of the reference data', () => {
  it('is stated as a whole and taken as a whole', () => {
    expect(taken.alarms).toEqual([]);
    const codes = new Set(organisation.agencies.map((row) => row.code));
    codes.delete('Z99.001');
    expect(new Set(directory.agencies.keys())).toEqual(codes);
    expect(taken.taken).toHaveLength(codes.size);
  });

  it('has agencies in their intervals, and ministries without node', () => {
    expect(findAgencyAt(directory, code('H26.129.05'), BEFORE)?.name).toBe('Ủy ban nhân dân xã Đình Xuyên');
    expect(isValidAt(directory, code('H26.129.05'), MERGED)).toBe(false);
    expect(isValidAt(directory, code('H26.211'), BEFORE)).toBe(false);
    expect(nodeOf(directory, code('H26.129'), BEFORE)).toBe('n-h26-129');
    expect(nodeOf(directory, code('H26.129'), REFORMED)).toBeUndefined();
    expect(findAgencyAt(directory, code('G01'), BEFORE)).not.toHaveProperty('node');
  });

  it('ends an agency at the first moment of its last day in Viet Nam, to the millisecond', () => {
    expect(isValidAt(directory, code('H26.129'), '2025-06-30T16:59:59.999Z' as Instant)).toBe(true);
    expect(isValidAt(directory, code('H26.129'), '2025-06-30T17:00:00.000Z' as Instant)).toBe(false);
  });

  it('knows the superiors at every level, and who is left of them after the reform', () => {
    expect(superiorsOf(directory, code('H26.129.01'), BEFORE)).toEqual(['H26.129', 'H26']);
    expect(superiorsOf(directory, code('H26.129.01'), REFORMED)).toEqual(['H26']);
    expect(superiorsOf(directory, code('H26.211'), REFORMED)).toEqual(['H26']);
    expect(superiorsOf(directory, code('X99'), BEFORE)).toEqual([]);
    expect(findCityAbove(directory, code('H57.109.01'), BEFORE)).toBe('H57');
    expect(findCityAbove(directory, code('G01'), BEFORE)).toBeUndefined();
  });

  it('reads the parent in the statement and never in the code', () => {
    expect(superiorsOf(directory, code('G22.900'), BEFORE)).toEqual(['G22']);
    expect(superiorsOf(directory, code('G22.900'), on('2026-07-01'))).toEqual(['G01']);
  });

  it('finds the adapter of the city above an agency', () => {
    expect(adapterFor(directory, 'national-portal-adapter', code('H26.129.05'), BEFORE)).toBe('H26.901');
    expect(adapterFor(directory, 'population-adapter', code('H26'), BEFORE)).toBe('H26.902');
    expect(adapterFor(directory, 'national-portal-adapter', code('H57.109'), BEFORE)).toBeUndefined();
    expect(adapterFor(directory, 'national-portal', code('H26'), BEFORE)).toBeUndefined();
  });

  it('knows what an agency is an adapter for, in its own city alone', () => {
    expect(servicesFor(directory, code('H26.902'), code('H26.129.05'), BEFORE)).toEqual(['population-adapter']);
    expect(servicesFor(directory, code('H26.902'), code('H57.109'), BEFORE)).toEqual([]);
    expect(servicesFor(directory, code('H26.902'), code('G01'), BEFORE)).toEqual([]);
    expect(servicesFor(directory, code('H26.129'), code('H26.129.05'), BEFORE)).toEqual([]);
  });

  it('finds an agency by territory only at a time: codes are used again', () => {
    const territory = parseTerritoryCode('00565');
    expect(agencyOfTerritory(directory, territory, BEFORE)).toBe('H26.129.14');
    expect(agencyOfTerritory(directory, territory, REFORMED)).toBe('H26.211');
    expect(agencyOfTerritory(directory, parseTerritoryCode('99999'), BEFORE)).toBeUndefined();
  });

  it('follows successions through two reforms, the whole ones first', () => {
    expect(successorsOf(directory, code('H26.129.05'), BEFORE)).toEqual([]);
    expect(successorsOf(directory, code('H26.129.05'), MERGED)).toEqual(['H26.129.31']);
    expect(successorsOf(directory, code('H26.129.05'), REFORMED)).toEqual(['H26.214']);
    expect(successionsOf(directory, code('H26.129.14'), REFORMED).map(({ to, kind }) => [to, kind])).toEqual([
      ['H26.211', 'part'],
      ['H26.213', 'part'],
    ]);
  });

  it('names as rehomer the nearest superior that lasts', () => {
    const subject = 'dossier/H26.129.05/x';
    expect(rehomerFor(directory, code('H26.129.05'), subject, BEFORE)).toBeUndefined();
    expect(rehomerFor(directory, code('H26.129.05'), subject, MERGED)).toBe('H26.129');
    expect(rehomersFor(directory, code('H26.129.01'), subject, REFORMED)).toEqual(['H26']);
    expect(rehomersFor(directory, code('X99'), subject, REFORMED)).toEqual([]);
    expect(
      nearestLastingSuperior(
        { from: 'G01', to: 'G15', kind: 'whole', effective: '2025-07-01', legalBasis: '', selector: {} },
        organisation,
      ),
    ).toBe('G15');
  });

  it('refuses a succession that names nobody', () => {
    const row = { from: 'H26', to: 'X99', kind: 'whole', effective: '2025-07-01', legalBasis: '', selector: {} };
    expect(() => agencyStatementsOf({ ...organisation, successions: [row] }, { nodes, keys })).toThrow('without a row');
  });
});

describe('keys', () => {
  const x = (label: string, fill: string, validFrom: string, rest: Record<string, string> = {}) => ({
    label,
    alg: 'X25519' as const,
    publicKey: `${fill.repeat(42)}A`,
    validFrom: `${validFrom}T00:00:00.000Z`,
    ...rest,
  });
  const data = nodeStatementOf({
    node: 'hanoi',
    baseUrl: 'https://city.example',
    signingKeys: [
      { label: '1', alg: 'Ed25519', publicKey: `${'b'.repeat(42)}A`, validFrom: '2023-01-01T00:00:00.000Z' },
    ],
    encryptionKeys: [
      x('e1', 'c', '2023-01-01', { validTo: '2023-03-01T00:00:00.000Z' }),
      x('e3', 'e', '2023-02-15'),
      x('e2', 'd', '2023-02-01'),
    ],
    logs: [{ life: 1, origin: 'o', vkey: 'v', from: '2023-01-01' }],
    witness: { name: 'w', vkey: 'v' },
  });
  const registrarKey = { keyId: 'hanoi#1', publicKey: new Uint8Array(32).fill(7) };
  const more = [
    statement({ data, name: 'node' }),
    statement({
      data: node('other', { encryptionKeys: [key('e', 'f', { alg: 'X448' })] }),
      name: 'node',
      at: '02T00:00',
    }),
  ];
  const known = takeStatements(emptyDirectory([registrarKey]), [...all, ...more]).directory;

  it('are found by the kind of their owner: a node and a registrar may bear one name', () => {
    expect(findKey(known, 'registrar', 'hanoi#1')?.publicKey[0]).toBe(7);
    expect(findKey(known, 'node', 'hanoi#1')?.publicKey[0]).not.toBe(7);
    expect(findKey(known, 'agency', 'hanoi#1')).toBeUndefined();
    expect(findKey(known, 'agency', 'H26.129#1')).toMatchObject({
      keyId: 'H26.129#1',
      validFrom: '2023-01-01T00:00:00.000Z',
    });
  });

  it.each(['H26.129', 'H26.129#', '#1', 'H26.129#2', 'hanoi#e1'])('are not found under %s', (keyId) => {
    expect(findKey(known, 'agency', keyId) ?? findKey(known, 'node', keyId)).toBeUndefined();
  });

  it('to seal for a node are the latest good ones', () => {
    const kid = (at: string): string | undefined => encryptionKeyOf(known, parseNodeId('hanoi'), at as Instant)?.kid;
    expect(kid('2022-12-31T00:00:00.000Z')).toBeUndefined();
    expect(kid('2023-01-15T00:00:00.000Z')).toBe('hanoi#e1');
    expect(kid('2023-02-10T00:00:00.000Z')).toBe('hanoi#e2');
    expect(kid('2023-06-01T00:00:00.000Z')).toBe('hanoi#e3');
    expect(encryptionKeyOf(known, parseNodeId('other'), '2023-06-01T00:00:00.000Z' as Instant)).toBeUndefined();
    expect(encryptionKeyOf(known, parseNodeId('nobody'), '2023-06-01T00:00:00.000Z' as Instant)).toBeUndefined();
  });
});
