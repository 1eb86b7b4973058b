/** The Kafka that `test/support/global-setup.ts` started (or the environment names), for integration specs. */
import { randomUUID } from 'node:crypto';
import { type NodeId, parseNodeId } from '#libs/kernel';
import { type KafkaConnection, mailboxWanted, openAdmin } from '#libs/messaging-kafka';

function needed(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the specs with Jest's project "integration"`);
  return value;
}

/** As the administrator. */
export function adminConnection(): KafkaConnection {
  const brokers = needed('TEST_KAFKA_BROKERS').split(',');
  const username = process.env['TEST_KAFKA_ADMIN_USERNAME'];
  const password = process.env['TEST_KAFKA_ADMIN_PASSWORD'] ?? '';
  return { brokers, clientId: 'spec', ...(username && { sasl: { username, password } }) };
}

/** A node id of this spec's own, so that specs that run at once share no topic. */
export const anyNode = (): NodeId => parseNodeId(`t-${randomUUID().slice(0, 12)}`);

/** Makes the mailbox of a node of this spec's own; gives the topic. */
export async function makeMailbox(connection: KafkaConnection, partitions: number): Promise<string> {
  const wanted = mailboxWanted(anyNode(), { partitions });
  const admin = await openAdmin(connection);
  try {
    await admin.ensureTopics([wanted]);
    return wanted.topic;
  } finally {
    await admin.close();
  }
}
