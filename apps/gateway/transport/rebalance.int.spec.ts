/**
 * The group changes while batches are half recorded (G3, G4): processes of one node come and go, and one that has lost its
 * partition records all the same what it had in hand. Nothing is lost, nothing is there twice, every stream is in order.
 */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Subject } from '#libs/kernel';
import {
  groupPrefix,
  mailboxWanted,
  openAdmin,
  openConsumer,
  openSender,
  type MailboxConsumer,
} from '#libs/messaging-kafka';
import { ingestBatch, mailboxOf, Relay, verifyLedger, type IncomingBatch, type NodeServices } from '#libs/use-cases';
import { Chance } from '../../load/chance.ts';
import { eventually } from '../../../libs/testing/eventually.ts';
import { acts, historyAt, newDossier } from '../../../libs/testing/test-acts.ts';
import { adminConnection, anyNode } from '../../../libs/testing/test-kafka.ts';
import { GIALAM_COMMUNES, openTestWorld, type TestNode, type TestWorld } from '../../../libs/testing/test-node.ts';

jest.setTimeout(60_000);

const connection = adminConnection();
const sender = openSender({ connection });
const drawn = new Chance('rebalance').of('pauses');
let world: TestWorld;
let communes: TestNode;
let district: TestNode;
let processes: readonly NodeServices[];
let relay: Relay;

beforeAll(async () => {
  const upper = anyNode();
  const admin = await openAdmin(connection);
  await admin.ensureTopics([mailboxWanted(upper, { partitions: 3 })]);
  await admin.close();
  world = await openTestWorld({
    nodes: [
      { node: anyNode(), agencies: GIALAM_COMMUNES },
      { node: upper, agencies: ['H26.129'] },
    ],
    absent: [{ node: anyNode(), agencies: ['H26', 'H26.901', 'H26.902', 'H26.903'] }],
  });
  [communes, district] = world.nodes as [TestNode, TestNode];
  processes = [district.services, await district.anotherProcess(), await district.anotherProcess()];
  const only = { ...communes.services.sender, send: (topic: string, ...rest: [never]) => toDistrict(topic, ...rest) };
  relay = new Relay({ ...communes.services, sender: only }, 'spec');
});
afterAll(async () => {
  await world.close();
  await sender.close();
});

/** The city has no mailbox here. */
const toDistrict = async (topic: string, records: Parameters<typeof sender.send>[1]): Promise<void> => {
  if (topic === mailboxOf(district.node)) await sender.send(topic, records);
};

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, drawn.between(0, 60)));

async function start(
  services: NodeServices,
  handle: (batch: IncomingBatch) => Promise<unknown>,
): Promise<MailboxConsumer> {
  const consumer = openConsumer({
    connection,
    topic: mailboxOf(district.node),
    groupId: `${groupPrefix(district.node)}ingest`,
    findOffset: (partition) => services.store.findOffset(partition),
    handle: async (batch) => void (await handle(batch)),
    onGap: ({ reason }) => Promise.reject(new Error(reason)),
    // Batches of a few records, so that the group changes between and within them.
    tuning: { maxBytesPerPartition: 8_000 },
  });
  await consumer.start();
  return consumer;
}

async function sent(dossiers: number): Promise<readonly Subject[]> {
  const subjects = Array.from({ length: dossiers }, () => newDossier());
  for (const subject of subjects) {
    await acts(world, subject, ['file-dossier'], ['start-processing']);
    await relay.turn();
  }
  return subjects;
}

async function expectSame(subjects: readonly Subject[]): Promise<void> {
  await eventually(async () => {
    for (const subject of subjects)
      expect(await historyAt(district, subject)).toEqual(await historyAt(communes, subject));
  });
  for (const subject of subjects) {
    const all = await district.services.store.readStream(subject, 'all');
    expect(all).toHaveLength(2);
  }
  const { services } = district;
  expect((await verifyLedger({ ...services, trusted: world.registrar.trusted })).faults).toEqual([]);
}

describe('a group that changes in the midst of batches', () => {
  it('loses and doubles nothing, in storms of processes that come and go', async () => {
    const slowly = (services: NodeServices) => async (batch: IncomingBatch) => {
      const { store } = services;
      // The batch is judged, and not recorded yet.
      const record: typeof store.record = async (what) => {
        await pause();
        return store.record(what);
      };
      await ingestBatch({ ...services, store: { ...store, record } }, batch);
      await pause();
    };
    const [one, two, three] = processes as [NodeServices, NodeServices, NodeServices];
    const first = await start(one, slowly(one));
    const sending = sent(30);
    for (const services of [two, three, two]) {
      const comes = await start(services, slowly(services));
      await pause();
      await comes.stop();
    }
    await expectSame(await sending);
    await first.stop();
  });

  it('records once what a process that has lost its partition still had in hand, after others have gone on', async () => {
    const [late, next] = processes as [NodeServices, NodeServices];
    const gate = Promise.withResolvers<void>();
    const inHand: Promise<unknown>[] = [];
    const record: typeof late.store.record = async (what) => {
      await gate.promise;
      return late.store.record(what);
    };
    const delayed = { ...late, store: { ...late.store, record } };
    const subjects = await sent(6);
    // The one that wakes too late has every batch in hand that the others take in its place.
    const consumer = await start(next, async (batch) => {
      inHand.push(ingestBatch(delayed, batch));
      await ingestBatch(next, batch);
    });
    await expectSame(subjects);
    gate.resolve();
    await Promise.all(inHand);
    await expectSame(subjects);
    await consumer.stop();
    // Wherever they left the offset, who reads next loses nothing.
    const more = await sent(2);
    const again = await start(next, (batch) => ingestBatch(next, batch));
    await expectSame([...subjects, ...more]);
    await again.stop();
  });
});
