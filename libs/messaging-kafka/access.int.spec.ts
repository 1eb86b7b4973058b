/** The rights of `access.ts` on a broker that enforces them: what may be done goes, what may not is refused, for good. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import kafkajs from 'kafkajs';
import type { Admin } from 'kafkajs';
import { parseNodeId } from '#libs/kernel';
import { eventually } from '../testing/eventually.ts';
import { type OwnKafka, startOwnKafka } from '../testing/own-kafka.ts';
import {
  accessOfNode,
  accessOfRegistrar,
  checkpointsWanted,
  CHECKPOINTS_TOPIC,
  type ConsumerTrouble,
  directoryWanted,
  DIRECTORY_TOPIC,
  groupPrefix,
  type KafkaConnection,
  mailboxTopic,
  mailboxWanted,
  openAdmin,
  openConsumer,
  openSender,
  readDirectoryToEnd,
} from './index.ts';
import { toAclEntries } from './access.ts';
import { makeClient } from './connection.ts';

jest.setTimeout(60_000);

// One name begins with the other: a prefix must not reach further than its node.
const NODE_A = parseNodeId('gialam');
const NODE_B = parseNodeId('gialam-district');
const REGISTRAR = 'registrar-hanoi';

describe('access', () => {
  let kafka: OwnKafka;
  let asA: KafkaConnection;
  let asB: KafkaConnection;
  let asRegistrar: KafkaConnection;

  beforeAll(async () => {
    kafka = await startOwnKafka([NODE_A, NODE_B, REGISTRAR]);
    const admin = await openAdmin(kafka.connection);
    await admin.ensureTopics([mailboxWanted(NODE_A), mailboxWanted(NODE_B), directoryWanted(), checkpointsWanted()]);
    await admin.grant([accessOfNode(NODE_A), accessOfNode(NODE_B), accessOfRegistrar(REGISTRAR)]);
    await admin.close();
    asA = await kafka.connectionAs(NODE_A);
    asB = await kafka.connectionAs(NODE_B);
    asRegistrar = await kafka.connectionAs(REGISTRAR);
  });
  afterAll(() => kafka.remove());

  const record = [{ key: 'a', value: Buffer.from('x') }];

  async function send(connection: KafkaConnection, topic: string): Promise<void> {
    const sender = openSender({ connection });
    try {
      await sender.send(topic, record);
    } finally {
      await sender.close();
    }
  }

  const NO_COORDINATOR = { code: 'BROKER_UNREADY', message: expect.stringContaining('may not use this group') };

  /** Resolves with the first record, or rejects with the first failure that waiting does not mend (or that looks so). */
  async function readFirst(connection: KafkaConnection, topic: string, groupId: string): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const consumer = openConsumer({
      connection,
      topic,
      groupId,
      findOffset: () => Promise.resolve(undefined),
      handle: ({ records }) => Promise.resolve(resolve(String(records[0]?.value))),
      onGap: () => Promise.resolve(),
      onTrouble: (trouble: ConsumerTrouble) => {
        if (trouble.kind === 'caller') reject(trouble.error);
        else if (!trouble.failure.retryable || trouble.failure.message.includes('may not')) reject(trouble.failure);
      },
    });
    void consumer.start();
    return promise.finally(() => consumer.stop());
  }
  const DENIED = { code: 'ACCESS_DENIED', retryable: false };

  it('lets a peer write into a mailbox and its owner read it', async () => {
    await send(asA, mailboxTopic(NODE_B));
    await expect(readFirst(asB, mailboxTopic(NODE_B), `${groupPrefix(NODE_B)}mailbox`)).resolves.toBe('x');
  });

  it("refuses a peer the reading of another's mailbox, in a group of its own or of the owner", async () => {
    await expect(readFirst(asA, mailboxTopic(NODE_B), `${groupPrefix(NODE_A)}mailbox`)).rejects.toMatchObject(DENIED);
    await expect(readFirst(asA, mailboxTopic(NODE_A), `${groupPrefix(NODE_B)}mailbox`)).rejects.toMatchObject(
      NO_COORDINATOR,
    );
    await expect(readFirst(asB, mailboxTopic(NODE_B), `${groupPrefix(NODE_A)}mailbox`)).rejects.toMatchObject(
      NO_COORDINATOR,
    );
  });

  it('lets the registrar write the directory, and nobody else; all read it', async () => {
    await send(asRegistrar, DIRECTORY_TOPIC);
    await expect(send(asA, DIRECTORY_TOPIC)).rejects.toMatchObject(DENIED);
    await expect(send(asRegistrar, mailboxTopic(NODE_A))).rejects.toMatchObject(DENIED);
    const read: string[] = [];
    const reader = readDirectoryToEnd({
      connection: asA,
      groupPrefix: groupPrefix(NODE_A),
      handle: ({ records }) => Promise.resolve(void read.push(...records.map(({ value }) => String(value)))),
    });
    await reader.level;
    await reader.stop();
    expect(read).toEqual(['x']);
  });

  it('lets every node write checkpoints', async () => {
    await send(asA, CHECKPOINTS_TOPIC);
    await send(asB, CHECKPOINTS_TOPIC);
  });

  it('refuses a transaction, which would stop the readers of a mailbox while it is open', async () => {
    const beginAs = async (connection: KafkaConnection): Promise<void> => {
      const transactionalId = 'lienthong.gialam.x';
      const producer = makeClient(connection).producer({ idempotent: true, transactionalId, maxInFlightRequests: 1 });
      try {
        await producer.connect();
        await (await producer.transaction()).abort();
      } finally {
        await producer.disconnect();
      }
    };
    // The administrator can, so it is the right that is missing and not the coordinator.
    await eventually(() => beginAs(kafka.connection));
    await expect(beginAs(asA)).rejects.toThrow();
  });

  describe('of a login that was stolen', () => {
    const GROUP = `${groupPrefix(NODE_B)}mailbox`;
    const asThief = async (work: (admin: Admin) => Promise<unknown>): Promise<unknown> => {
      const admin = makeClient(asA).admin();
      await admin.connect();
      try {
        return await work(admin);
      } finally {
        await admin.disconnect();
      }
    };

    it.each<[string, (admin: Admin) => Promise<unknown>]>([
      ['delete a mailbox, its own neither', (admin) => admin.deleteTopics({ topics: [mailboxTopic(NODE_A)] })],
      [
        'delete what lies in one',
        (admin) =>
          admin.deleteTopicRecords({ topic: mailboxTopic(NODE_B), partitions: [{ partition: 0, offset: '1' }] }),
      ],
      ['make a topic', (admin) => admin.createTopics({ topics: [{ topic: `${mailboxTopic(NODE_A)}-2` }] })],
      [
        'shorten how long a mailbox is kept',
        (admin) =>
          admin.alterConfigs({
            validateOnly: false,
            resources: [
              {
                type: kafkajs.ConfigResourceTypes.TOPIC,
                name: mailboxTopic(NODE_B),
                configEntries: [{ name: 'retention.ms', value: '1' }],
              },
            ],
          }),
      ],
      [
        'set the offsets of another',
        (admin) =>
          admin.setOffsets({
            groupId: GROUP,
            topic: mailboxTopic(NODE_B),
            partitions: [{ partition: 0, offset: '0' }],
          }),
      ],
      ['delete the group of another', (admin) => admin.deleteGroups([GROUP])],
      ['give itself a right', (admin) => admin.createAcls({ acl: [...toAclEntries(accessOfRegistrar(NODE_A))] })],
      [
        'take rights from others',
        (admin) =>
          admin.deleteAcls({
            filters: [
              {
                resourceType: kafkajs.AclResourceTypes.ANY,
                resourcePatternType: kafkajs.ResourcePatternTypes.ANY,
                operation: kafkajs.AclOperationTypes.ANY,
                permissionType: kafkajs.AclPermissionTypes.ANY,
              },
            ],
          }),
      ],
    ])('lets it not %s', async (_, work) => {
      await expect(asThief(work)).rejects.toThrow();
    });

    it('leaves everything as it was', async () => {
      await send(asB, mailboxTopic(NODE_A));
      await send(asRegistrar, DIRECTORY_TOPIC);
      const admin = await openAdmin(kafka.connection);
      const kept = await admin.ranges(mailboxTopic(NODE_B));
      expect(kept.every(({ low }) => low === '0')).toBe(true);
      expect(await admin.listTopics()).toEqual(expect.arrayContaining([mailboxTopic(NODE_A), mailboxTopic(NODE_B)]));
      await admin.close();
    });
  });

  it('refuses a wrong password, for good', async () => {
    const connection = { ...asA, sasl: { username: NODE_A, password: 'wrong' } };
    await expect(send(connection, mailboxTopic(NODE_B))).rejects.toMatchObject({
      code: 'LOGIN_FAILED',
      retryable: false,
    });
  });

  it('refuses who has no login at all', async () => {
    const { brokers } = kafka.connection;
    await expect(send({ brokers, clientId: 'stranger' }, mailboxTopic(NODE_B))).rejects.toThrow();
  });

  it('makes a user that is asked for after the start', async () => {
    const connection = await kafka.connectionAs('latecomer');
    await expect(send(connection, mailboxTopic(NODE_B))).rejects.toMatchObject(DENIED);
  });
});
