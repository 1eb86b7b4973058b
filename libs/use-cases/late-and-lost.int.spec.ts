/** What comes late, gets lost or may not be had: the stream for a late recipient, gaps, openings, and the arithmetic of lines. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { committedPointers } from '#libs/exchange';
import { systemClock } from '#libs/key-custody';
import type { NodeId, Subject } from '#libs/kernel';
import { chance } from '../testing/chance.ts';
import { exchangeAll } from '../testing/exchange-all.ts';
import { mail, recordWith } from '../testing/forged-messages.ts';
import { acts, historyAt, laterThan, namesAt, newDossier, nodeAt, type ActWanted } from '../testing/test-acts.ts';
import { TestClock } from '../testing/test-clock.ts';
import { GIALAM_COMMUNES, openTestWorld, type TestNode, type TestWorld } from '../testing/test-node.ts';
import { sendExchange } from './exchange-messages.ts';
import { openStored } from './stored-messages.ts';

jest.setTimeout(60_000);

const COMMUNE = 'H26.129.05';
const NEIGHBOUR = 'H26.129.06';
const DISTRICT = 'H26.129';
const CITY = 'H26';
const by = (agency: string, data: object = {}): ActWanted => ({ agency, data: { ...data } });

const wall = new TestClock(systemClock.now());
let world: TestWorld;
let commune: TestNode;
let neighbour: TestNode;
let district: TestNode;
let city: TestNode;
let subject: Subject;
beforeAll(async () => {
  world = await openTestWorld({
    wall,
    nodes: [
      { node: 'gialam-communes', agencies: GIALAM_COMMUNES.filter((code) => code !== NEIGHBOUR) },
      { node: 'neighbour', agencies: [NEIGHBOUR] },
      { node: 'gialam-district', agencies: [DISTRICT], autoAccept: 'all' },
      { node: 'hanoi-city', agencies: [CITY] },
    ],
    absent: [{ node: 'city-adapters', agencies: ['H26.901', 'H26.902', 'H26.903'] }],
  });
  const nodes = [COMMUNE, NEIGHBOUR, DISTRICT, CITY].map((agency) => nodeAt(world, agency));
  [commune, neighbour, district, city] = nodes as [TestNode, TestNode, TestNode, TestNode];
}, 60_000);
afterAll(() => world.close());
beforeEach(() => {
  subject = newDossier();
});
afterEach(() => world.broker.disturb());

const exchange = () => exchangeAll(world.nodes);
async function wait(ms: number): Promise<void> {
  wall.advance(ms);
  await exchange();
}
const lose = (...types: readonly string[]): void =>
  world.broker.disturb((records) =>
    records.filter(({ value }) => !types.some((type) => Buffer.from(value).includes(`"type":"vn.lienthong.${type}`))),
  );
const tomorrow = () => laterThan(world.clock.now(), 86_400_000);
const forward = () => by(COMMUNE, { to: DISTRICT, reason: 'route', step: 'appraise', legDueAt: tomorrow() });
const mainAt = async ({ services }: TestNode) => (await services.store.readStream(subject, 'main')).map(openStored);
async function openPointers(node: TestNode): Promise<readonly (readonly string[])[]> {
  const events = await mainAt(node);
  const held = await node.services.vault.findPointers(events.map(({ hash }) => hash));
  return events.map(({ hash }) => held.get(hash) ?? []);
}
const isWhole = async (node: TestNode): Promise<boolean> => {
  const [events, pointers] = [await mainAt(node), await openPointers(node)];
  return events.every((event, at) => committedPointers(event).length === pointers[at]?.length);
};

describe('an agency that is asked late', () => {
  it('is sent the whole stream first, and of the openings what it was asked about', async () => {
    await acts(world, subject, ['file-dossier', by(COMMUNE)], ['forward', forward()]);
    await exchange();
    expect(await namesAt(neighbour, subject)).toEqual([]);
    const fields = ['/applicant/fullName'];
    await acts(world, subject, ['request-opinion', by(DISTRICT, { agency: NEIGHBOUR, dueAt: tomorrow(), fields })]);
    await exchange();
    const names = ['received', 'forwarded', 'custody-accepted', 'opinion-requested'];
    expect(await namesAt(neighbour, subject)).toEqual(names);
    expect(await historyAt(neighbour, subject)).toEqual(await historyAt(district, subject));
    expect(await openPointers(neighbour)).toEqual([fields, [], [], ['/actor/name', '/question']]);
    await acts(world, subject, ['start-processing', by(DISTRICT)]);
    await exchange();
    expect((await namesAt(neighbour, subject)).at(-1)).toBe('processing-started');
  });
});

describe('a gap', () => {
  it('is asked for after ten seconds, and closed by whoever holds the stream', async () => {
    await acts(world, subject, ['file-dossier', by(COMMUNE)]);
    lose('dossier.received', 'exchange.manifest');
    await exchange();
    world.broker.disturb();
    lose('exchange.manifest');
    await acts(world, subject, ['start-processing', by(COMMUNE)]);
    await exchange();
    for (const node of [district, city]) expect((await node.services.store.countHeld()).total).toBe(1);
    await wait(9_000);
    expect(await namesAt(district, subject)).toEqual([]);
    await wait(2_000);
    for (const node of [district, city]) {
      expect(await namesAt(node, subject)).toEqual(['received', 'processing-started']);
      expect((await node.services.store.countHeld()).total).toBe(0);
    }
  });

  it('is not closed for a node that has no part in the dossier', async () => {
    await acts(world, subject, ['file-dossier', by(COMMUNE)]);
    await exchange();
    await sendExchange(neighbour.services, commune.node, 'resend-wanted', { stream: subject, from: '0000000001' });
    await exchange();
    expect(await namesAt(neighbour, subject)).toEqual([]);
    expect(commune.reports.at(-1)).toMatchObject({ code: 'RESEND_REFUSED', details: { peer: 'neighbour' } });
  });
});

describe('openings', () => {
  it('that a transfer lacks are asked for, and the dossier is accepted once they are there', async () => {
    await acts(world, subject, ['file-dossier', by(COMMUNE)], ['forward', forward()]);
    lose('exchange.openings.v1');
    await exchange();
    expect(await namesAt(district, subject)).toEqual(['received', 'forwarded']);
    world.broker.disturb();
    await wait(9_000);
    expect(await namesAt(district, subject)).toEqual(['received', 'forwarded']);
    await wait(2_000);
    expect(await namesAt(district, subject)).toEqual(['received', 'forwarded', 'custody-accepted']);
    expect(await isWhole(district)).toBe(true);
  });

  it('that come before their event are kept for it', async () => {
    await acts(world, subject, ['file-dossier', by(COMMUNE)], ['forward', forward()]);
    lose('dossier.');
    await exchange();
    expect((await district.services.store.countHeld()).total).toBeGreaterThan(0);
    world.broker.disturb();
    await wait(11_000);
    expect(await namesAt(district, subject)).toEqual(['received', 'forwarded', 'custody-accepted']);
    expect((await district.services.store.countHeld()).total).toBe(0);
  });

  it('are refused to a superior, with a code, and register and vault stay as they were', async () => {
    await acts(world, subject, ['file-dossier', by(COMMUNE)]);
    await exchange();
    const [received] = await mainAt(commune);
    const sentBefore = await commune.services.vault.findSent(received!.hash);
    await sendExchange(city.services, commune.node, 'openings-wanted', {
      events: [received!.hash],
      purpose: 'recovery',
    });
    await exchange();
    const refusals = world.broker
      .records(`lienthong.mailbox.v1.${city.node}`)
      .filter(({ value }) => Buffer.from(value).includes('openings-refused'));
    expect(Buffer.from(refusals.at(-1)!.value).toString()).toContain(
      `"code":"NOT_ENTITLED","events":["${received!.hash}"]`,
    );
    expect(await openPointers(city)).toEqual([[]]);
    expect(await commune.services.vault.findSent(received!.hash)).toEqual(sentBefore);
  });
});

describe('a forged copy of a message that got lost', () => {
  it('in quarantine does not make its number count as refused: the real one is sent again', async () => {
    await acts(world, subject, ['file-dossier', by(COMMUNE)]);
    lose('dossier.received');
    const [received] = await mainAt(commune);
    await exchange();
    world.broker.disturb();
    mail(district, recordWith(received!, { key: 'H26.129.05/another' }));
    await exchange();
    expect((await district.services.store.listQuarantine({ code: 'RECORD_KEY', limit: 1 }))[0]?.hash).toBe(
      received!.hash,
    );
    await wait(11_000);
    await wait(11_000);
    expect(await namesAt(district, subject)).toEqual(['received']);
    const line = (await commune.services.store.deliveries()).find(({ peer }) => peer === district.node);
    expect(line).toMatchObject({ contiguousUpTo: line?.highest, missing: [], refused: [] });
  });
});

describe('a broker that loses one record in ten', () => {
  it('delivers everything in the end, and the receipts say so', async () => {
    const random = chance(7);
    world.broker.disturb((records) => records.filter(() => random() >= 0.1));
    const dossiers = Array.from({ length: 30 }, () => newDossier());
    for (const dossier of dossiers) {
      await acts(world, dossier, ['file-dossier', by(COMMUNE)], ['forward', forward()]);
      await exchange();
    }
    for (let looks = 0; looks < 12; looks += 1) await wait(11_000);
    for (let looks = 0; looks < 4; looks += 1) await wait(61_000);
    for (const dossier of dossiers) {
      const history = await historyAt(commune, dossier);
      expect(await namesAt(commune, dossier)).toEqual(['received', 'forwarded', 'custody-accepted']);
      for (const node of [district, city]) expect(await historyAt(node, dossier)).toEqual(history);
    }
    const here = new Set<NodeId>(world.nodes.map(({ node }) => node));
    for (const { services } of world.nodes) {
      for (const line of (await services.store.deliveries()).filter(({ peer }) => here.has(peer))) {
        expect(line).toMatchObject({ sent: line.highest, contiguousUpTo: line.highest, missing: [], refused: [] });
        expect(line.highest).toBeGreaterThan(0);
      }
    }
  }, 60_000);
});
