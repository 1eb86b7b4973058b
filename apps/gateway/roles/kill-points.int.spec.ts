/**
 * A real process ends by SIGKILL at a named point, between two things that belong together (G1, G3): what was acknowledged is
 * there, what is done again is done once, and both ledgers are whole. What a restarted node does is done here.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Hash, Subject } from '#libs/kernel';
import { mailboxWanted, openAdmin, openConsumer, type KafkaAdmin } from '#libs/messaging-kafka';
import { actOnDossier, ingestBatch, mailboxOf, openStored, Relay, type Act, type IncomingBatch } from '#libs/use-cases';
import { exchangeAll } from '../../../libs/testing/exchange-all.ts';
import { at, COMMUNE, openKillWorld, UPPER, type KillWorld } from '../../../libs/testing/mortal/kill-world.ts';
import { act, actFor, acts, historyAt, namesAt, newDossier, outcomeOf } from '../../../libs/testing/test-acts.ts';
import { adminConnection } from '../../../libs/testing/test-kafka.ts';
import type { TestNode, TestWorld } from '../../../libs/testing/test-node.ts';

jest.setTimeout(60_000);

const connection = adminConnection();
let all: KillWorld;
let world: TestWorld;
let communes: TestNode;
let district: TestNode;
let admin: KafkaAdmin;
let mailbox: string;

beforeAll(async () => {
  all = await openKillWorld();
  ({ world, communes, district } = all);
  mailbox = mailboxOf(district.node);
  admin = await openAdmin(connection);
  await admin.ensureTopics([mailboxWanted(district.node, { partitions: 1 })]);
});
afterEach(async () => expect(await all.findWrong()).toEqual([]));
afterAll(async () => {
  await all.close();
  await admin.close();
});

/** What a killed process had leased is anybody's after 15 s. */
const leasesEnd = () => all.admin.query('update lt.receiver set lease_until = now()');

/** A request as the door would hand it over, to be repeated by who heard no answer. */
const keyed = (subject: Subject, command: Act['command'] = 'file-dossier'): Act =>
  actFor(command, subject, {
    more: { idempotency: { client: 'one-stop', key: randomUUID(), request: Buffer.from(`${command} ${subject}`) } },
  });

describe('killed', () => {
  it.each([
    ['between vault and ledger', at('vault', 'put', 'after'), 0],
    ['between ledger and answer', at('store', 'append', 'after'), 1],
  ])('%s, a command asked again is done once, and its openings can be read', async (_, death, recorded) => {
    const subject = newDossier();
    const request = keyed(subject);
    await all.dies(communes, death, { does: 'act', act: request });
    expect(await historyAt(communes, subject)).toHaveLength(recorded);
    const answers = [await actOnDossier(communes.services, request), await actOnDossier(communes.services, request)];
    expect(answers).toMatchObject([
      { kind: 'answered', repeated: recorded === 1 },
      { kind: 'answered', repeated: true },
    ]);
    const [event] = await communes.services.store.readStream(subject, 'all');
    expect(await namesAt(communes, subject)).toEqual(['received']);
    const pointers = await communes.services.vault.findPointers([event?.hash as Hash]);
    expect(pointers.get(event?.hash as Hash)?.length).toBeGreaterThan(5);
  });

  it.each([
    ['between commit and publish', at('sender', 'send', 'before'), false],
    ['between publish and mark', at('store', 'markSent', 'before'), true],
  ])('%s, an event is at its receiver once, in its order', async (_, death, published) => {
    const subject = newDossier();
    await acts(world, subject, ['file-dossier'], ['start-processing']);
    const before = await endOf(mailbox);
    await all.dies(communes, death, { does: 'relay', connection });
    const line = (await communes.services.store.deliveries()).find(({ peer }) => peer === district.node);
    expect(line?.sent).toBeLessThan(line?.highest as number);
    expect((await endOf(mailbox)) > before).toBe(published);
    if (published) await ingestBatch(district.services, await takenFrom(mailbox, before));
    await leasesEnd();
    await exchangeAll(world.nodes);
    expect(await historyAt(district, subject)).toEqual(await historyAt(communes, subject));
    expect(await district.services.store.readStream(subject, 'all')).toHaveLength(2);
    const items = await communes.services.store.readLine(district.node, 1, 1, 10_000);
    expect(items.map(({ number }) => number)).toEqual(items.map((_one, index) => index + 1));
  });

  /** A command of the commune about a dossier in the district's hand, in the district's mailbox. */
  async function commandOnTheWay() {
    const subject = newDossier();
    const data = { to: UPPER, reason: 'route', step: 'appraise', legDueAt: '2023-06-20T10:00:00.000Z' };
    await acts(world, subject, ['file-dossier'], ['forward', { data }]);
    await exchangeAll(world.nodes);
    await acts(world, subject, ['accept-custody', { agency: UPPER }]);
    await exchangeAll(world.nodes);
    const sent = await act(world, 'withdraw', subject, { agency: COMMUNE });
    if (sent.kind !== 'sent') throw new Error(JSON.stringify(sent));
    await leasesEnd();
    await new Relay(communes.services, 'spec').turn();
    return { subject, sent, batch: world.broker.take(mailbox) as IncomingBatch };
  }

  it.each([
    ['before a batch is recorded', at('store', 'record', 'before'), 'ingest'],
    ['between a batch recorded and what follows from it', at('store', 'record', 'after'), 'ingest'],
    ['between an event and the end of its automation', at('store', 'append', 'after'), 'answer'],
    ['between a receipt and its mark', at('store', 'markReceiptSent', 'before'), 'receipts'],
  ] as const)('%s, a command is carried out once and its outcome is heard once', async (_, death, does) => {
    const { subject, sent, batch } = await commandOnTheWay();
    const { services } = district;
    if (does !== 'ingest') await ingestBatch(services, batch);
    await all.dies(district, death, { does, batch });
    // The broker hands the batch over again unless the offset says that it was recorded, and then, too.
    await ingestBatch(services, batch);
    await exchangeAll(world.nodes);
    const outcome = await outcomeOf(world, COMMUNE, sent);
    expect(outcome).toMatchObject({ status: 'accepted' });
    for (const node of world.nodes) {
      const caused = await node.services.store.findCaused(sent.command);
      const names = caused.map((one) => openStored(one).message.type.split('.')[3]);
      expect(names.toSorted()).toEqual([...new Set(names)].toSorted());
      expect(await historyAt(node, subject)).toEqual(await historyAt(district, subject));
    }
    expect((await namesAt(district, subject)).filter((name) => name === 'withdrawn')).toHaveLength(1);
  });
});

const endOf = async (topic: string): Promise<number> => Number((await admin.ranges(topic))[0]?.high);

/** What stands in the topic from this offset on, as a consumer hands it over. */
async function takenFrom(topic: string, from: number): Promise<IncomingBatch> {
  const taken = Promise.withResolvers<IncomingBatch>();
  const clusterId = await admin.clusterId();
  const consumer = openConsumer({
    connection,
    topic,
    groupId: `${topic}.spec`,
    findOffset: async (partition) => ({ clusterId, partition, partitionStart: '0', next: String(from) }),
    handle: async (batch) => taken.resolve(batch),
    onGap: async ({ reason }) => taken.reject(new Error(reason)),
  });
  await consumer.start();
  try {
    return await taken.promise;
  } finally {
    await consumer.stop();
  }
}
