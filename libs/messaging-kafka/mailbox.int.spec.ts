/** The contract of the port with real Kafka behind it. */
import kafkajs from 'kafkajs';
import { adminConnection, makeMailbox } from '../testing/test-kafka.ts';
import { mailboxContract } from '../testing/mailbox.contract.ts';
import type { MailboxWorld } from '../testing/mailbox-under-test.ts';
import { makeClient } from './connection.ts';
import { mailboxWanted, MAILBOX_PREFIX, openAdmin, openConsumer, openSender } from './index.ts';
import { eventually } from '../testing/eventually.ts';
import { parseNodeId } from '#libs/kernel';

async function makeWorld(): Promise<MailboxWorld> {
  const connection = adminConnection();
  const admin = await openAdmin(connection);
  const producer = makeClient(connection).producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
  await producer.connect();
  return {
    makeTopic: (partitions) => makeMailbox(connection, partitions),
    async recreateTopic(topic, partitions) {
      await admin.deleteTopics([topic]);
      const node = parseNodeId(topic.slice(MAILBOX_PREFIX.length));
      // The broker deletes in its own time; until then the name is taken.
      await eventually(async () => {
        await admin.ensureTopics([mailboxWanted(node, { partitions })]);
        if ((await admin.ranges(topic)).some(({ high }) => high !== '0')) throw new Error('still the old topic');
      });
    },
    openSender: () => openSender({ connection }),
    openConsumer: ({ group, ...options }) =>
      openConsumer({
        ...options,
        connection,
        groupId: group,
        tuning: { retryFirstMs: 20, retryMostMs: 200, maxWaitMs: 100 },
      }),
    async putRaw(topic, record) {
      await producer.send({ topic, messages: [record] });
    },
    async close() {
      await producer.disconnect();
      await admin.close();
    },
  };
}

mailboxContract('Kafka', makeWorld);
