import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DossierCommandName } from '#libs/dossier';
import type { AgencyCode, Instant } from '#libs/kernel';
import { MIX, type Incident } from './mix.ts';
import type { PlannedDossier, PlannedStep } from './plan.ts';
import { planDay } from './plan-day.ts';
import { CITY, DISTRICT, PORTAL } from './reference.ts';
import { allSteps, reference, rehearse, validators } from './rehearsal.builders.ts';

const dayStart = '2023-06-14T00:30:00.000Z' as Instant;
const planOf = (seed: string, more: object = {}) => planDay({ seed, dayStart, ...more }, reference);
const day = planOf('gia-lam');

function surprisesOf(dossiers: readonly PlannedDossier[], nodes: 'quick' | 'slow'): readonly unknown[] {
  return dossiers.flatMap((dossier) =>
    rehearse(dossier, nodes).surprises.map((surprise) => ({ ...surprise, id: dossier.id, incident: dossier.incident })),
  );
}
const faultsOf = ({ key, command, data }: PlannedStep): readonly unknown[] =>
  validators.validateOpen('command', command, 1, data).map((fault) => ({ key, command, ...fault }));

/** Days of other years and seasons: other communes, other procedures in force, short weeks. */
const days = fc.constantFrom(
  ...['2023-06-14', '2023-02-20', '2023-11-24', '2024-03-05', '2024-12-31', '2025-01-15', '2025-06-30'],
);
const seeds = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });

describe('every scenario goes through the decider without an unexpected refusal', () => {
  it.each(['quick', 'slow'] as const)('on the day of the default seed, with %s nodes', (nodes) => {
    expect(surprisesOf(day.dossiers, nodes)).toEqual([]);
  });

  it('whatever the seed, the day and who accepts by hand', () => {
    const wishes = fc.record({
      seed: seeds,
      date: days,
      byHand: fc.subarray([CITY, DISTRICT]),
      portalAdapter: fc.boolean(),
    });
    const property = fc.property(
      wishes,
      fc.constantFrom('quick', 'slow'),
      ({ seed, date, byHand, portalAdapter }, nodes) => {
        const start = `${date}T00:30:00.000Z` as Instant;
        const plan = planDay({ seed, dayStart: start, dossiers: 60, acceptsByHand: byHand, portalAdapter }, reference);
        // Where somebody accepts by hand no node is quicker.
        expect(surprisesOf(plan.dossiers, byHand.length > 0 ? 'slow' : nodes)).toEqual([]);
      },
    );
    fc.assert(property, { numRuns: 15 });
  });
});

describe('the data of every command', () => {
  it('fit their contract, also on the ways that are not gone, whatever the seed', () => {
    const property = fc.property(seeds, days, (seed, date) => {
      const start = `${date}T00:30:00.000Z` as Instant;
      const { dossiers } = planDay({ seed, dayStart: start, dossiers: 50 }, reference);
      expect(dossiers.flatMap(({ steps }) => allSteps(steps)).flatMap(faultsOf)).toEqual([]);
    });
    fc.assert(property, { numRuns: 10 });
  });

  it('are in NFC, as everything that stands in a message', () => {
    const text = JSON.stringify(day);
    expect(text.normalize('NFC') === text).toBe(true);
  });
});

const MARK: Readonly<Record<Exclude<Incident, 'none'>, DossierCommandName>> = {
  supplement: 'provide-supplement',
  opinion: 'give-opinion',
  'paid-elsewhere': 'record-payment',
  misdirected: 'decline-custody',
  recalled: 'recall',
  withdrawn: 'withdraw',
  extended: 'extend-due-date',
  refused: 'refuse',
};

const placeOf = (agency: AgencyCode): string =>
  agency === DISTRICT ? 'district' : agency === CITY ? 'city' : 'commune';

describe('a default day shows', () => {
  const leaving = day.dossiers.filter(({ legs }) => legs > 1);

  it.each(Object.entries(MARK))('%s where several levels take part', (incident, command) => {
    const those = leaving.filter((dossier) => dossier.incident === incident);
    expect(those.length).toBeGreaterThanOrEqual(2);
    expect(those.some(({ steps }) => steps.some((step) => step.command === command))).toBe(true);
  });

  it.each([
    [
      'a supplement provided at the commune while the district has the dossier',
      'provide-supplement',
      'commune',
      DISTRICT,
    ],
    ['a payment entered at the commune while the district has the dossier', 'record-payment', 'commune', DISTRICT],
    ['a payment entered at the district while the city has the dossier', 'record-payment', 'district', CITY],
    ['an opinion given by a commune to the district', 'give-opinion', 'commune', DISTRICT],
    ['a withdrawal at the commune while the district has the dossier', 'withdraw', 'commune', DISTRICT],
    ['a recall by the commune', 'recall', 'commune', DISTRICT],
  ] as const)('%s, as a command that crosses nodes', (_what, command, asker, writer) => {
    const crossing = day.dossiers
      .flatMap(({ steps }) => steps)
      .filter((step) => step.command === command && step.agency !== step.writer)
      .filter((step) => placeOf(step.agency) === asker && step.writer === writer);
    expect(crossing.length).toBeGreaterThan(0);
  });

  it('nothing of the portal adapter, unless it has a node', () => {
    const filedThere = (portalAdapter: boolean): number =>
      planOf('gia-lam', { portalAdapter }).dossiers.filter(({ steps }) => steps[0]?.agency === PORTAL).length;
    expect(filedThere(false)).toBe(0);
    expect(filedThere(true)).toBeGreaterThan(10);
  });

  it('work at all three nodes, and results that come back and are returned', () => {
    const ends = leaving.map((dossier) => rehearse(dossier, 'quick').rehearsal);
    const writers = new Set(ends.flatMap(({ events }) => events.map(({ author }) => author)));
    expect(writers.has(DISTRICT) && writers.has(CITY)).toBe(true);
    const home = ends.filter(({ dossier, state }) => {
      if (state.situation !== 'Returned') return false;
      return state.facts.custodians.length > 1 && state.facts.receivingAgency === dossier.receivingAgency;
    });
    expect(home.length).toBeGreaterThanOrEqual(5);
  });

  it('most same-day dossiers settled, and part of the others waiting', () => {
    const settled = ({ steps }: PlannedDossier): boolean =>
      steps.some(({ command }) => ['resolve', 'refuse', 'withdraw', 'refuse-intake'].includes(command));
    const isInstant = ({ procedure }: PlannedDossier): boolean =>
      reference.procedures.byCode.get(procedure)?.versions[0]?.cases.get('standard')?.limits.direct.unit === 'instant';
    const instant = day.dossiers.filter(isInstant);
    const others = day.dossiers.filter((dossier) => !isInstant(dossier));
    expect(instant.filter(settled).length / instant.length).toBeGreaterThan(0.9);
    const share = others.filter(settled).length / others.length;
    expect(share).toBeGreaterThan(0.3);
    expect(share).toBeLessThan(0.75);
  });

  it('every settled dossier on time', () => {
    for (const dossier of day.dossiers) {
      const { state } = rehearse(dossier, 'quick').rehearsal;
      if (state.situation === 'NotFiled' || !state.facts.ending || !state.facts.due) continue;
      expect(state.facts.ending.at <= state.facts.due.dueAt).toBe(true);
    }
  });

  it('ratings in the share of the mix, of what was returned', () => {
    const count = (command: DossierCommandName): number =>
      day.dossiers.filter(({ steps }) => steps.some((step) => step.command === command)).length;
    expect(Math.abs(count('rate-satisfaction') / count('return-result') - MIX.rated)).toBeLessThan(0.06);
  });
});
