/** The Kafka that `test/support/global-setup.ts` started (or the environment names), for integration specs. */
import { randomUUID } from 'node:crypto';
import { type NodeId, parseNodeId } from '#libs/kernel';
import { type KafkaConnection, mailboxWanted, openAdmin } from '#libs/messaging-kafka';

function needed(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the specs with Jest's project "integration"`);
  return value;
}

/** Login of the administrator. */
export function adminConnection(): KafkaConnection {
  const username = needed('TEST_KAFKA_ADMIN_USERNAME');
  const password = needed('TEST_KAFKA_ADMIN_PASSWORD');
  return { brokers: needed('TEST_KAFKA_BROKERS').split(','), clientId: 'spec', sasl: { username, password } };
}

/** One of the logins that global set-up made, e.g. `node-a`. */
export function connectionAs(username: string): KafkaConnection {
  const passwords = JSON.parse(needed('TEST_KAFKA_LOGINS')) as Record<string, string>;
  return { ...adminConnection(), sasl: { username, password: passwords[username] ?? '' } };
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
