/** G4, G6: order per stream at every node, whatever the broker does to records; a flood fills its own share and no more. */
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { HOLD_BOUNDS } from '#libs/exchange';
import { systemClock } from '#libs/key-custody';
import type { Subject } from '#libs/kernel';
import { someHash } from '../../testing/builders.ts';
import { chance, shuffled } from '../../testing/chance.ts';
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
import { TestClock } from '../../testing/test-clock.ts';
import { GIALAM, openTestWorld, type TestWorld } from '../../testing/test-node.ts';
import { mailboxOf } from '../node-services.ts';

jest.setTimeout(60_000);

const COMMUNE = 'H26.129.05';
const DISTRICT = 'H26.129';
const by = (agency: string, data: object = {}): ActWanted => ({ agency, data: { ...data } });

const wall = new TestClock(systemClock.now());
let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld({ nodes: GIALAM.map((one) => ({ ...one, autoAccept: 'all' as const })), wall });
}, 60_000);
afterAll(() => world.close());
afterEach(() => world.broker.disturb());

async function wait(ms: number): Promise<void> {
  wall.advance(ms);
  await exchangeAll(world.nodes);
}
const to = (agency: string, reason: string) => ({
  to: agency,
  reason,
  step: 'appraise',
  legDueAt: laterThan(world.clock.now(), 86_400_000),
});
async function settle(subject: Subject): Promise<void> {
  await acts(world, subject, ['file-dossier', by(COMMUNE)], ['forward', by(COMMUNE, to(DISTRICT, 'route'))]);
  await exchangeAll(world.nodes);
  await wait(11_000);
  world.clock.advance(60_000);
  await act(world, 'withdraw', subject, by(COMMUNE));
  await exchangeAll(world.nodes);
  await wait(11_000);
  await acts(world, subject, ['forward', by(DISTRICT, to(COMMUNE, 'return'))]);
  await exchangeAll(world.nodes);
  await wait(11_000);
}
const SETTLED = ['received', 'forwarded', 'custody-accepted', 'withdrawn', 'forwarded', 'custody-accepted'];
async function expectSettled(subject: Subject): Promise<void> {
  const history = await historyAt(nodeAt(world, COMMUNE), subject);
  for (const node of world.nodes) {
    expect(await namesAt(node, subject)).toEqual(SETTLED);
    expect(await historyAt(node, subject)).toEqual(history);
  }
}
const sizes = () => Promise.all(world.nodes.map(async ({ services }) => (await services.store.logSize()).size));

describe('a broker that delivers', () => {
  it.each([1, 2, 3])('in any order and more than once ends with one history everywhere (seed %d)', async (seed) => {
    const random = chance(seed);
    world.broker.disturb((records) => shuffled([...records, ...records.filter(() => random() < 0.5)], random));
    const dossiers = [newDossier(), newDossier(), newDossier()];
    for (const subject of dossiers) await settle(subject);
    for (const subject of dossiers) await expectSettled(subject);
  });

  it('a whole partition again from its first record changes nothing', async () => {
    const subject = newDossier();
    await settle(subject);
    const before = {
      sizes: await sizes(),
      histories: await Promise.all(world.nodes.map((node) => historyAt(node, subject))),
    };
    const quarantined = await Promise.all(world.nodes.map(({ services }) => services.store.countQuarantine()));
    for (const { node } of world.nodes) world.broker.rewind(mailboxOf(node));
    await exchangeAll(world.nodes);
    expect(await sizes()).toEqual(before.sizes);
    expect(await Promise.all(world.nodes.map((node) => historyAt(node, subject)))).toEqual(before.histories);
    expect(await Promise.all(world.nodes.map(({ services }) => services.store.countQuarantine()))).toEqual(quarantined);
    expect(
      await Promise.all(world.nodes.map(async ({ services }) => (await services.store.countHeld()).total)),
    ).toEqual([0, 0, 0]);
  });
});

describe('ten thousand far-ahead events of one agency', () => {
  it('are held up to a bound and delay nobody; a gap of another agency is still held and closed', async () => {
    const commune = nodeAt(world, COMMUNE);
    const district = nodeAt(world, DISTRICT);
    const flooder = 'H26.129.22';
    const subject = newDossier();
    const gapped = newDossier();
    const first = forge(commune, { subject: gapped, name: 'received' }).sealed;
    const second = forge(commune, { subject: gapped, name: 'processing-started', after: first }).sealed;
    const third = forge(commune, { subject: gapped, name: 'step-completed', after: second }).sealed;
    await acts(world, subject, ['file-dossier', by(COMMUNE)]);
    const template = { subject, name: 'processing-started', agency: flooder };
    const flood = Array.from({ length: 10_000 }, (_, at) => {
      const members = { streamseq: String(at + 1000).padStart(10, '0'), prevhash: someHash() };
      return recordWith(forge(commune, { ...template, members }).sealed);
    });
    mail(district, ...flood.slice(0, 5_000), recordWith(third), ...flood.slice(5_000), recordWith(second));
    await exchangeAll(world.nodes);
    expect(await namesAt(district, subject)).toEqual(['received']);
    const held = await district.services.store.countHeld();
    expect(held.bySource.get(`urn:lienthong:agency:${flooder}`)).toBe(HOLD_BOUNDS.perSource);
    expect(held.bySource.get(`urn:lienthong:agency:${COMMUNE}`)).toBe(2);
    await acts(world, subject, ['forward', by(COMMUNE, to(DISTRICT, 'route'))]);
    mail(district, recordWith(first));
    await exchangeAll(world.nodes);
    expect(await namesAt(district, gapped)).toEqual(['received', 'processing-started', 'step-completed']);
    expect(await namesAt(commune, subject)).toEqual(['received', 'forwarded', 'custody-accepted']);
  }, 120_000);
});
