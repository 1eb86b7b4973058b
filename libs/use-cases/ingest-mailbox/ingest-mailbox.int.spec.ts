/** One mailbox read by several processes of a node that is at work itself (G2, G3, G12). */
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { NodeId, Subject } from '#libs/kernel';
import { exchangeAll } from '../../testing/exchange-all.ts';
import { acts, historyAt, laterThan, namesAt, newDossier, nodeAt } from '../../testing/test-acts.ts';
import { GIALAM, openTestWorld, type TestNode, type TestWorld } from '../../testing/test-node.ts';
import { mailboxOf } from '../node-services.ts';
import { Relay, relayOnce } from '../relay-outbox/relay-outbox.ts';
import { ingestBatch } from './ingest-mailbox.ts';

jest.setTimeout(60_000);

let world: TestWorld;
let commune: TestNode;
let district: TestNode;
let subject: Subject;
beforeAll(async () => {
  world = await openTestWorld({ nodes: GIALAM.map((one) => ({ ...one, autoAccept: 'all' as const })) });
  [commune, district] = ['H26.129.05', 'H26.129'].map((agency) => nodeAt(world, agency)) as [TestNode, TestNode];
}, 60_000);
afterAll(() => world.close());
beforeEach(() => {
  subject = newDossier();
});

const forward = () => ({
  data: { to: 'H26.129', reason: 'route', step: 'appraise', legDueAt: laterThan(world.clock.now(), 86_400_000) },
});
async function relayAll(node: TestNode): Promise<void> {
  while ((await relayOnce(node.services, 'test')) > 0);
}

describe('a batch', () => {
  it('read by two processes at once is recorded once', async () => {
    const dossiers = Array.from({ length: 20 }, () => newDossier());
    for (const one of dossiers) await acts(world, one, ['file-dossier'], ['start-processing']);
    await relayAll(commune);
    const batch = world.broker.take(mailboxOf(district.node))!;
    const another = await district.anotherProcess();
    const before = (await district.services.store.logSize()).size;
    await Promise.all([district.services, another].map((services) => ingestBatch(services, batch)));
    expect((await district.services.store.logSize()).size).toBe(before + 40);
    for (const one of dossiers) expect(await namesAt(district, one)).toEqual(['received', 'processing-started']);
    expect((await district.services.store.countHeld()).total).toBe(0);
  });

  it('that meets other writers on its streams is judged again', async () => {
    await acts(world, subject, ['file-dossier'], ['forward', forward()]);
    await relayAll(commune);
    const batch = world.broker.take(mailboxOf(district.node))!;
    const { store } = district.services;
    let meddled = false;
    const meddling = {
      ...district.services,
      store: {
        ...store,
        loadGraphs: async (subjects: readonly Subject[]) => {
          const graphs = await store.loadGraphs(subjects);
          if (!meddled) await ingestBatch(district.services, { ...batch, records: batch.records.slice(0, -2) });
          meddled = true;
          return graphs;
        },
      },
    };
    await ingestBatch(meddling, batch);
    await exchangeAll(world.nodes);
    expect(await namesAt(district, subject)).toEqual(['received', 'forwarded', 'custody-accepted']);
    expect(await historyAt(commune, subject)).toEqual(await historyAt(district, subject));
  });

  it('that cannot be recorded is not acknowledged, and its answers are not given', async () => {
    await acts(world, subject, ['file-dossier']);
    await relayAll(commune);
    const batch = world.broker.take(mailboxOf(district.node))!;
    const offset = await district.services.store.findOffset(0);
    const broken = {
      ...district.services,
      store: { ...district.services.store, record: () => Promise.reject(new Error('away')) },
    };
    await expect(ingestBatch(broken, batch)).rejects.toThrow('away');
    expect(await district.services.store.findOffset(0)).toEqual(offset);
    expect(await namesAt(district, subject)).toEqual([]);
    await ingestBatch(district.services, batch);
    expect(await namesAt(district, subject)).toEqual(['received']);
  });
});

describe('a broker that is away', () => {
  it('keeps nobody from working: the outbox drains in order when it is back', async () => {
    world.broker.setAway(true);
    await acts(world, subject, ['file-dossier'], ['start-processing'], ['complete-step'], ['forward', forward()]);
    await expect(relayAll(commune)).rejects.toThrow('away');
    expect(await namesAt(district, subject)).toEqual([]);
    world.broker.setAway(false);
    await exchangeAll(world.nodes);
    expect(await namesAt(district, subject)).toEqual([
      'received',
      'processing-started',
      'step-completed',
      'forwarded',
      'custody-accepted',
    ]);
    expect(await historyAt(commune, subject)).toEqual(await historyAt(district, subject));
  });
});

describe('a relay', () => {
  it('sends the messages to a peer of which it knows no encryption key, and says so', async () => {
    const stated = world.registrar.last('gialam-district');
    const services = {
      ...commune.services,
      directory: () => ({
        ...commune.services.directory(),
        nodes: new Map(
          [...commune.services.directory().nodes].map(([node, one]) => [node, { ...one, encryptionKeys: [] }]),
        ),
      }),
    };
    expect(stated).toBeDefined();
    await acts(world, subject, ['file-dossier'], ['forward', forward()]);
    while ((await relayOnce(services, 'test')) > 0);
    expect(commune.reports.filter(({ code }) => code === 'PEER_KEY_UNKNOWN').length).toBeGreaterThan(0);
    await ingestBatch(district.services, world.broker.take(mailboxOf(district.node))!);
    expect(await namesAt(district, subject)).toEqual(['received', 'forwarded']);
  });

  it('leaves one receiver that cannot be sent to alone for a while, and serves the others', async () => {
    const relay = new Relay(commune.services, 'test');
    await relay.turn();
    world.broker.setAway(true, [mailboxOf(district.node)]);
    await acts(world, subject, ['file-dossier']);
    const before = world.broker.records(mailboxOf('hanoi-city' as NodeId)).length;
    await relay.turn();
    expect(world.broker.records(mailboxOf('hanoi-city' as NodeId)).length).toBeGreaterThan(before);
    const failed = () => commune.reports.filter(({ code }) => code === 'RELAY_FAILED').length;
    expect(failed()).toBeGreaterThan(0);
    const once = failed();
    await relay.turn();
    expect(failed()).toBe(once);
    world.broker.setAway(false);
    await new Relay(commune.services, 'another').turn();
    await exchangeAll(world.nodes);
    expect(await namesAt(district, subject)).toEqual(['received']);
  });

  it('that wakes up after its lease has passed marks nothing', async () => {
    await acts(world, subject, ['file-dossier']);
    const { store } = commune.services;
    const sleepy = {
      ...commune.services,
      store: {
        ...store,
        markSent: async (lease: Parameters<typeof store.markSent>[0], line: number, upTo: number) =>
          store.markSent({ ...lease, fence: lease.fence - 1 }, line, upTo),
      },
    };
    await relayOnce(sleepy, 'sleepy');
    expect(commune.reports.at(-1)).toMatchObject({ code: 'LEASE_LOST' });
    await exchangeAll(world.nodes);
    expect(await namesAt(district, subject)).toEqual(['received']);
    for (const line of await store.deliveries()) expect(line.sent).toBe(line.highest);
  });
});
