import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { AgencyCode, Instant, JsonObject } from '#libs/kernel';
import { agency, interval, statement } from './directory.builders.ts';
import { emptyDirectory, type Directory } from './directory.ts';
import { heirOf, type DossierPlaced } from './heirs.ts';
import { agencyStatementsOf, type Organisation } from './statements.ts';
import { takeStatements } from './taking.ts';

const OLD = 'H26.129.20' as AgencyCode;
const [A, B, C] = ['H26.211', 'H26.213', 'H26.216'];
const NOW = '2025-08-01T00:00:00.000Z' as Instant;
const dossier: DossierPlaced = { territory: '00583', area: 'tdp-03', procedure: '1.001193' };

const territory = (code: string): JsonObject => ({ code, from: '2023-01-01' });
const part = (to: string, selector?: JsonObject, more: JsonObject = {}): JsonObject => ({
  to,
  kind: 'part',
  ...(selector ? { selector } : {}),
  rehomer: 'H26',
  legalBasis: 'NQ 1656',
  effective: '2025-07-01',
  ...more,
});
const whole = (to: string, more: JsonObject = {}): JsonObject => part(to, undefined, { kind: 'whole', ...more });

interface Stated {
  readonly territories?: readonly string[];
  readonly others?: readonly JsonObject[];
}
function directoryOf(
  successions: readonly JsonObject[],
  { territories = ['00583'], others = [] }: Stated = {},
): Directory {
  const ended = interval('2023-01-01', { to: '2025-07-01', territories: territories.map(territory) });
  const lasting = [A, B, C].filter((code) => !others.some((other) => other['code'] === code));
  const data = [
    agency(OLD, { intervals: [ended], successions: [...successions] }),
    ...others,
    ...lasting.map((code) => agency(code)),
  ];
  return takeAll(data);
}
const minute = (n: number): string =>
  `2023-01-01T${String(Math.trunc(n / 60)).padStart(2, '0')}:${String(n % 60).padStart(2, '0')}`;
const takeAll = (data: readonly JsonObject[]): Directory =>
  takeStatements(
    emptyDirectory([{ keyId: 'hanoi#1', publicKey: new Uint8Array(32) }]),
    data.map((one, index) => statement({ data: one, at: minute(index) })),
  ).directory;
const heir = (successions: readonly JsonObject[], more: Partial<DossierPlaced> = {}, stated: Stated = {}) =>
  heirOf(directoryOf(successions, stated), OLD, { ...dossier, ...more }, NOW);

describe('the heir of a dossier', () => {
  it('is the agency that follows as a whole, through further reforms', () => {
    const ended = agency(A, { intervals: [interval('2023-01-01', { to: '2025-07-15' })], successions: [whole(B)] });
    expect(heir([whole(A), part(C, { by: 'all' })])).toMatchObject({ to: A, succession: { to: A, rehomer: 'H26' } });
    expect(heir([whole(A)], {}, { others: [ended] })).toMatchObject({ to: B, succession: { to: A } });
    expect(heir([])).toEqual({ undecided: 'NO_SUCCESSION', candidates: [] });
  });

  it('that has ended without heirs, or in a ring, is nobody', () => {
    const over = (successions: JsonObject[]) => [
      agency(A, { intervals: [interval('2023-01-01', { to: '2025-07-15' })], successions }),
    ];
    for (const successions of [[], [whole(OLD)], [whole(A)]])
      expect(heir([whole(A)], {}, { others: over(successions) })).toMatchObject({ undecided: 'SUCCESSOR_NOT_VALID' });
  });

  it('is found by territory and area', () => {
    const parts = [
      part(A, { by: 'address', residents: 'some', land: 'some', areas: ['tdp-01', 'tdp-03'] }),
      part(B, { by: 'address', residents: 'some', land: 'some', areas: ['tdp-02'] }),
      part(C, { by: 'address', residents: 'rest', land: 'rest' }),
    ];
    expect(heir(parts)).toMatchObject({ to: A });
    expect(heir(parts, { area: 'tdp-02' })).toMatchObject({ to: B });
    expect(heir(parts, { area: 'tdp-09' })).toMatchObject({ to: C });
    expect(heir(parts.slice(0, 2), { area: 'tdp-09' })).toEqual({
      undecided: 'NO_SELECTOR_MATCHES',
      candidates: [A, B],
    });
    const byTerritory = [
      part(A, { by: 'address', territories: ['00583'] }),
      part(B, { by: 'address', territories: ['00577'] }),
    ];
    expect(heir(byTerritory)).toMatchObject({ to: A });
  });

  it('is found by competence, for its territory', () => {
    const tasks = (to: string, territories: string[]) =>
      part(to, { by: 'competence', procedures: ['1.001193'], territories });
    const parts = [tasks(A, ['00583']), tasks(B, ['00577']), part(C, { by: 'competence', procedures: ['1.000894'] })];
    expect(heir(parts)).toMatchObject({ to: A });
    expect(heir(parts, { territory: '00577' })).toMatchObject({ to: B });
    expect(heir(parts, { procedure: '1.000894' })).toMatchObject({ to: C });
    expect(heir(parts, { procedure: '2.000908' })).toMatchObject({ undecided: 'NO_SELECTOR_MATCHES' });
  });

  it('is where all residents went, whatever became of the land', () => {
    const parts = [
      part(A, { by: 'address', residents: 'all', land: 'some' }),
      part(B, { by: 'address', residents: 'none', land: 'rest' }),
    ];
    expect(heir(parts)).toMatchObject({ to: A });
  });

  it.each([
    [
      'the line is on a map',
      [part(A, { by: 'address', residents: 'some' }), part(B, { by: 'address', residents: 'rest' })],
    ],
    ['a person says so', [part(A, { by: 'hand' }), part(B, { by: 'address', territories: ['00583'] })]],
    ['people and land part', [part(A, { by: 'address', residents: 'some', land: 'none', areas: ['tdp-03'] })]],
    ['no tasks are listed', [part(A, { by: 'competence' }), part(B, { by: 'competence' })]],
    ['there is no selector', [part(A)]],
    ['the word is of a later directory', [part(A, { by: 'stars' })]],
  ])('is left to a person where %s', (_why, parts) => {
    expect(heir(parts)).toMatchObject({ undecided: 'SELECTOR_UNDECIDED', candidates: expect.arrayContaining([A]) });
  });

  it('is left to a person where several match, or labels mean several areas', () => {
    const both = [part(A, { by: 'all' }), part(B, { by: 'address', areas: ['tdp-03'] })];
    expect(heir(both)).toEqual({ undecided: 'SEVERAL_SELECTORS_MATCH', candidates: [A, B] });
    const areas = [part(A, { by: 'address', areas: ['tdp-03'] })];
    const stated = { territories: ['00583', '00577'] };
    expect(heir(areas, {}, stated)).toMatchObject({ undecided: 'SELECTOR_UNDECIDED' });
    const placed = [part(A, { by: 'address', areas: ['tdp-03'], territories: ['00577'] })];
    expect(heir(placed, {}, stated)).toMatchObject({ undecided: 'NO_SELECTOR_MATCHES' });
  });

  it('by the reference data of July 2025: decided where a resolution says so, else left to a person', () => {
    const organisation = JSON.parse(
      readFileSync(join(import.meta.dirname, '../../reference/organisation.json'), 'utf8'),
    ) as Organisation;
    const statements = agencyStatementsOf(organisation, { nodes: new Map(), keys: new Map() });
    const directory = takeAll([...statements.values()]);
    const of = (code: string) => heirOf(directory, code as AgencyCode, dossier, NOW);
    expect(of('H26.129.14')).toMatchObject({ to: 'H26.211' });
    expect(of('H26.129.11')).toMatchObject({ to: 'H26.212' });
    for (const code of ['H26.129', 'H26.129.10', 'H26.129.20'])
      expect(of(code)).toMatchObject({ undecided: 'SELECTOR_UNDECIDED' });
  });
});
