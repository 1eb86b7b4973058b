/** The first command for a dossier of an ended agency takes it to the agency that follows (design 4). */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ROLES } from '#libs/dossier';
import type { AgencyCode, Instant, JsonObject, Subject } from '#libs/kernel';
import { exchangeAll } from '../../testing/exchange-all.ts';
import { act, acts, historyAt, namesAt, newDossier, nodeAt, outcomeOf } from '../../testing/test-acts.ts';
import { GIALAM_COMMUNES, openTestWorld, type TestWorld } from '../../testing/test-node.ts';
import { readDossier } from '../read-dossier/read-dossier.ts';

jest.setTimeout(60_000);

const ENDED = 'H26.129.05';
const HEIR = 'H26.129.31';
let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld({
    nodes: [
      { node: 'gialam-communes', agencies: [...GIALAM_COMMUNES, HEIR] },
      { node: 'gialam-district', agencies: ['H26.129'] },
      { node: 'hanoi-city', agencies: ['H26', 'H26.901', 'H26.902', 'H26.903'] },
    ],
  });
}, 60_000);
afterAll(() => world.close());

/** Withdrawn at an agency that has ended when the test goes on, in parts as the registrar states them. */
async function endedInParts(ended: string, parts: readonly JsonObject[]): Promise<Subject> {
  world.clock.set('2023-06-14T02:00:00.000Z' as Instant);
  const subject = newDossier(ended);
  await acts(world, subject, ['file-dossier', { agency: ended }], ['withdraw', { agency: ended }]);
  const stated = world.registrar.last(ended);
  const intervals = (stated['intervals'] as JsonObject[]).map((one) => ({ ...one, to: '2024-01-01' }));
  const successions = parts.map((part) => ({
    kind: 'part',
    rehomer: 'H26',
    legalBasis: 'NQ 1',
    effective: '2024-01-01',
    ...part,
  }));
  await world.publish(world.registrar.state('agency', { ...stated, intervals, successions }));
  await exchangeAll(world.nodes);
  world.clock.set('2024-02-01T02:00:00.000Z' as Instant);
  return subject;
}
const reportsAt = (agency: string, subject: Subject) =>
  nodeAt(world, agency).reports.filter(({ details }) => details?.['subject'] === subject);
const shownAt = (agency: string, subject: Subject) =>
  readDossier(nodeAt(world, agency).services, subject, {
    reader: { agencies: [agency as AgencyCode], roles: ROLES },
    asOf: {},
  });

describe('a closed dossier of an agency that has ended', () => {
  it('is left alone until a command comes: the rehomer writes `rehomed`, then the successor decides', async () => {
    const subject = newDossier(ENDED);
    await acts(world, subject, ['file-dossier', { agency: ENDED }], ['withdraw', { agency: ENDED }]);
    await exchangeAll(world.nodes);
    world.clock.set('2025-01-02T02:00:00.000Z' as Instant);
    await exchangeAll(world.nodes);
    expect(await namesAt(nodeAt(world, HEIR), subject)).toEqual(['received', 'withdrawn']);
    const acted = await act(world, 'rate-satisfaction', subject, { agency: HEIR });
    await exchangeAll(world.nodes);
    expect(await outcomeOf(world, HEIR, acted)).toMatchObject({
      status: 'accepted',
      events: [{ type: 'satisfaction-rated' }],
    });
    const history = await historyAt(nodeAt(world, HEIR), subject);
    expect(await namesAt(nodeAt(world, HEIR), subject)).toEqual([
      'received',
      'withdrawn',
      'rehomed',
      'satisfaction-rated',
    ]);
    for (const agency of ['H26.129', 'H26']) expect(await historyAt(nodeAt(world, agency), subject)).toEqual(history);
  });

  it('goes to the agency under whose selector it falls', async () => {
    const [NORTH, SOUTH] = ['H26.129.07', 'H26.129.08'];
    // The contract's example of `file-dossier` lies in 00565, tdp-05.
    const subject = await endedInParts('H26.129.06', [
      { to: NORTH, selector: { by: 'address', residents: 'some', land: 'some', areas: ['tdp-01'] } },
      { to: SOUTH, selector: { by: 'address', residents: 'rest', land: 'rest' } },
    ]);
    expect(await shownAt('H26', subject)).not.toHaveProperty('awaitingAssignment');
    const acted = await act(world, 'rate-satisfaction', subject, { agency: SOUTH });
    await exchangeAll(world.nodes);
    expect(await outcomeOf(world, SOUTH, acted)).toMatchObject({ status: 'accepted' });
    expect((await nodeAt(world, SOUTH).services.store.findHead(subject))?.hand).toMatchObject({ custodian: SOUTH });
    expect(await namesAt(nodeAt(world, SOUTH), subject)).toEqual([
      'received',
      'withdrawn',
      'rehomed',
      'satisfaction-rated',
    ]);
  });

  it('waits for a person where no selector decides, who is told why; and goes on once one has', async () => {
    const [NORTH, SOUTH] = ['H26.129.10', 'H26.129.11'];
    const subject = await endedInParts('H26.129.09', [
      { to: NORTH, selector: { by: 'address', residents: 'some', land: 'some' } },
      { to: SOUTH, selector: { by: 'address', residents: 'rest', land: 'rest' } },
    ]);
    const acted = await act(world, 'rate-satisfaction', subject, { agency: SOUTH });
    await exchangeAll(world.nodes);
    await exchangeAll(world.nodes);
    expect(await outcomeOf(world, SOUTH, acted)).toMatchObject({ status: 'pending' });
    expect(reportsAt('H26', subject)).toEqual([
      {
        code: 'REHOMING_LEFT_TO_A_PERSON',
        details: { subject, agency: 'H26', reason: 'SELECTOR_UNDECIDED' },
      },
    ]);
    for (const agency of ['H26', 'H26.129'])
      expect(await shownAt(agency, subject)).toMatchObject({
        awaitingAssignment: { rehomer: 'H26', why: 'SELECTOR_UNDECIDED', candidates: [NORTH, SOUTH] },
      });
    await acts(world, subject, ['rehome', { agency: 'H26', data: { to: SOUTH, reason: 'succession' } }]);
    await exchangeAll(world.nodes);
    expect(await outcomeOf(world, SOUTH, acted)).toMatchObject({ status: 'accepted' });
    expect(await shownAt('H26', subject)).not.toHaveProperty('awaitingAssignment');
  });
});
