/** G11: nobody sees a dossier out of their jurisdiction. A property over callers, dossiers and places. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { emptyDirectory, type AgencyInterval, type Directory } from '#libs/directory';
import { ROLES } from '#libs/dossier';
import type { AgencyCode, Hand, Instant } from '#libs/kernel';
import { listScope, mayRead, overseesNode } from './jurisdiction.ts';

const FROM = '2020-01-01T00:00:00.000Z' as Instant;
const AT = '2023-06-14T00:00:00.000Z' as Instant;
const LATER = '2025-08-01T00:00:00.000Z' as Instant;
const REFORM = '2025-07-01T00:00:00.000Z' as Instant;
const agency = (code: string) => code as AgencyCode;
const PARENTS: Readonly<Record<string, string | undefined>> = {
  H26: undefined,
  'H26.129': 'H26',
  'H26.129.05': 'H26.129',
  'H26.129.06': 'H26.129',
  'H26.116': 'H26',
  'H26.116.01': 'H26.116',
  'H26.901': 'H26',
  H57: undefined,
  'H57.109': 'H57',
};
const CODES = Object.keys(PARENTS).map(agency);

function directoryWith(): Directory {
  const base = emptyDirectory([]);
  const interval = (code: string): AgencyInterval => ({
    from: FROM,
    name: code,
    level: ['H26', 'H57'].includes(code) ? 'city' : 'commune',
    ...(PARENTS[code] === undefined ? {} : { parent: agency(PARENTS[code]) }),
    territories: [],
    services: code === 'H26.901' ? ['national-portal-adapter'] : [],
    ...(code === 'H26.129.05' ? { to: REFORM } : {}),
  });
  const successions = (code: string) =>
    code === 'H26.129.05'
      ? [
          {
            to: agency('H26.129.06'),
            kind: 'whole' as const,
            rehomer: agency('H26'),
            legalBasis: 'x',
            effective: REFORM,
          },
        ]
      : [];
  return {
    ...base,
    agencies: new Map(
      CODES.map((code) => [
        code,
        { code, intervals: [interval(code)], keys: [], successions: successions(code), suspensions: [] },
      ]),
    ),
    byService: new Map([['national-portal-adapter', [agency('H26.901')]]]),
  };
}
const directory = directoryWith();
const place = { directory, at: AT };

const code = fc.constantFrom(...CODES);
const hand: fc.Arbitrary<Hand | undefined> = fc.oneof(
  fc.constant(undefined),
  code.map((custodian) => ({ kind: 'held' as const, custodian })),
  fc.tuple(code, code).map(([from, to]) => ({ kind: 'transit' as const, from, to })),
  code.map((by) => ({ kind: 'released' as const, by })),
);
const head = fc
  .tuple(fc.uniqueArray(code, { minLength: 1, maxLength: 4 }), hand)
  .map(([parties, now]) => ({ parties, ...(now ? { hand: now } : {}) }));
const reader = fc.record({ agencies: fc.uniqueArray(code, { maxLength: 3 }), roles: fc.subarray([...ROLES]) });

/** Said again, by walking upwards from each part instead of asking the directory. */
function expected(parts: readonly AgencyCode[], agencies: readonly AgencyCode[]): boolean {
  const above = (one: string | undefined): readonly string[] =>
    one === undefined ? [] : [one, ...above(PARENTS[one])];
  const sees = new Set(parts.flatMap(above));
  if (above(parts[0]).includes('H26')) sees.add('H26.901');
  return agencies.some((one) => sees.has(one));
}
const partsOf = ({ parties, hand: now }: { parties: readonly AgencyCode[]; hand?: Hand }): readonly AgencyCode[] => {
  if (!now) return parties;
  if (now.kind === 'held') return [...parties, now.custodian];
  return now.kind === 'transit' ? [...parties, now.from, now.to] : [...parties, now.by];
};

describe('jurisdiction', () => {
  it('a dossier is seen by its parts, their superiors, its city’s portal adapter, and who watches over the node', () => {
    fc.assert(
      fc.property(head, reader, (dossier, who) => {
        const watches =
          who.agencies.length > 0 &&
          who.roles.some((role) => ['operator', 'auditor', 'privacy-officer'].includes(role));
        expect(mayRead(dossier, who, place)).toBe(watches || expected(partsOf(dossier), who.agencies));
      }),
    );
  });

  it('a list shows nothing that could not be read', () => {
    fc.assert(
      fc.property(head, reader, (dossier, who) => {
        const scope = listScope(who, place);
        const listed = scope === undefined || dossier.parties.some((party) => scope.includes(party));
        if (listed) expect(mayRead(dossier, who, place)).toBe(true);
      }),
    );
  });

  it('who follows an agency sees what was its own, once it follows', () => {
    const dossier = { parties: [agency('H26.129.05')] };
    const heir = { agencies: [agency('H26.129.06')], roles: ['clerk'] };
    expect(mayRead(dossier, heir, place)).toBe(false);
    expect(mayRead(dossier, heir, { directory, at: LATER })).toBe(true);
    expect(listScope(heir, { directory, at: LATER })).toContain('H26.129.05');
  });

  it('a role without an agency here watches over nothing', () => {
    expect(overseesNode({ agencies: [], roles: ['operator'] })).toBe(false);
    expect(overseesNode({ agencies: [agency('H26')], roles: ['clerk', 'head', 'automation', 'adapter'] })).toBe(false);
  });
});
