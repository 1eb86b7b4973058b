/** A lasting fork, made by force, ends by a `rehomed` on the branch to be kept (design 4); G5 for `rehomed` in both orders of arrival. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { JsonObject, SealedMessage, Subject } from '#libs/kernel';
import { exchangeAll } from '../../testing/exchange-all.ts';
import { forge, mail, recordWith } from '../../testing/forged-messages.ts';
import {
  act,
  acts,
  historyAt,
  laterThan,
  namesAt,
  newDossier,
  nodeAt,
  type ActWanted,
} from '../../testing/test-acts.ts';
import { GIALAM, openTestWorld, type TestNode, type TestWorld } from '../../testing/test-node.ts';
import { openStored } from '../stored-messages.ts';

jest.setTimeout(60_000);

const COMMUNE = 'H26.129.05';
const DISTRICT = 'H26.129';
const CITY = 'H26';
const by = (agency: string, data: object = {}): ActWanted => ({ agency, data: { ...data } });

let world: TestWorld;
let commune: TestNode;
let district: TestNode;
let city: TestNode;
let subject: Subject;
beforeAll(async () => {
  world = await openTestWorld({ nodes: GIALAM });
  [commune, district, city] = [COMMUNE, DISTRICT, CITY].map((agency) => nodeAt(world, agency)) as [
    TestNode,
    TestNode,
    TestNode,
  ];
}, 60_000);
afterAll(() => world.close());
beforeEach(() => {
  subject = newDossier();
});

const exchange = () => exchangeAll(world.nodes);
const forward = () =>
  by(COMMUNE, { to: DISTRICT, reason: 'route', step: 'appraise', legDueAt: laterThan(world.clock.now(), 86_400_000) });
const mainAt = async (node: TestNode) => (await node.services.store.readStream(subject, 'main')).map(openStored);
const headAt = (node: TestNode) => node.services.store.findHead(subject);
/** The registrar names the city as the rehomer of this one dossier where it is in the agency's hand. */
async function suspend(agency: string): Promise<void> {
  const stated = world.registrar.last(agency);
  const suspension = { from: '2023-06-01', streams: [subject], rehomer: CITY, legalBasis: 'QĐ 1/2023' };
  const suspensions = [...((stated['suspensions'] ?? []) as JsonObject[]), suspension];
  await world.publish(world.registrar.state('agency', { ...stated, suspensions }));
}
async function forkedByForce(): Promise<SealedMessage> {
  await acts(world, subject, ['file-dossier', by(COMMUNE)], ['forward', forward()]);
  await exchange();
  const [first, forwarded] = await mainAt(commune);
  const again = forge(commune, { subject, name: 'processing-started', ...(first ? { after: first } : {}) });
  mail(district, recordWith(again.sealed));
  await exchange();
  expect((await headAt(commune))?.fork).toBe(true);
  return forwarded!;
}
async function same(): Promise<readonly string[]> {
  const first = await historyAt(commune, subject);
  for (const node of [district, city]) expect(await historyAt(node, subject)).toEqual(first);
  return namesAt(commune, subject);
}

describe('a fork', () => {
  it('is ended by the rehomer on the side that it names; and every node follows', async () => {
    const forwarded = await forkedByForce();
    await suspend(DISTRICT);
    const rehome = by(CITY, { to: DISTRICT, reason: 'fork' });
    const acted = await act(world, 'rehome', subject, { ...rehome, more: { expectedHash: forwarded.hash } });
    expect(acted).toMatchObject({ kind: 'answered', answer: { events: [{ type: 'rehomed', place: 3 }] } });
    await exchange();
    for (const node of [commune, district, city]) {
      expect(await headAt(node)).toMatchObject({ fork: false, hand: { kind: 'held', custodian: DISTRICT } });
      expect((await node.services.shelf.load(subject)).parked).toBeUndefined();
    }
    expect(await same()).toEqual(['received', 'forwarded', 'rehomed']);
    await acts(world, subject, ['start-processing', by(DISTRICT)]);
    await exchange();
    expect((await same()).at(-1)).toBe('processing-started');
  });

  it('is not ended without naming a side, nor by an agency that is not its rehomer', async () => {
    const forwarded = await forkedByForce();
    const rehome = by(CITY, { to: DISTRICT, reason: 'fork' });
    await expect(act(world, 'rehome', subject, rehome)).rejects.toMatchObject({ code: 'FORK_SIDE_UNKNOWN' });
    const named = await act(world, 'rehome', subject, { ...rehome, more: { expectedHash: forwarded.hash } });
    expect(named).toMatchObject({ kind: 'refused', code: 'NOT_A_PARTY' });
    expect((await headAt(commune))?.fork).toBe(true);
  });
});

describe('a rehomed beside the custodian’s own next event', () => {
  it('is followed by every node, in whatever order the two arrive', async () => {
    await acts(world, subject, ['file-dossier', by(COMMUNE)]);
    await exchange();
    await suspend(COMMUNE);
    await acts(
      world,
      subject,
      ['rehome', by(CITY, { to: DISTRICT, reason: 'suspension' })],
      ['start-processing', by(COMMUNE)],
    );
    await exchange();
    for (const node of [commune, district, city])
      expect(await headAt(node)).toMatchObject({
        fork: false,
        branched: true,
        hand: { kind: 'held', custodian: DISTRICT },
      });
    expect(await same()).toEqual(['received', 'rehomed']);
    const [superseded] = (await headAt(district))?.superseded ?? [];
    await acts(world, subject, [
      'correct',
      by(DISTRICT, {
        verdict: 'refused',
        supersededEvents: [superseded],
        reason: 'overtaken',
        corrects: undefined,
        fields: undefined,
        applicant: undefined,
      }),
    ]);
    await exchange();
    expect(await same()).toEqual(['received', 'rehomed', 'corrected']);
  });
});
