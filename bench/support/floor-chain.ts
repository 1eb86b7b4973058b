/**
 * The least that must happen between a commit at one node and the next: a row committed, a record sent through the broker and
 * read (kafkajs, `acks=all`), a row committed. Same servers, same bytes, nothing else.
 */
import { randomUUID } from 'node:crypto';
import kafkajs from 'kafkajs';
import type pg from 'pg';
import type { KafkaConnection } from '#libs/messaging-kafka';

const TOPIC = 'bench-floor';

export interface FloorChain {
  /** Resolves when the second row is committed. */
  run(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

export async function openFloorChain(
  connection: KafkaConnection,
  pools: readonly [pg.Pool, pg.Pool],
): Promise<FloorChain> {
  const { brokers, clientId, sasl } = connection;
  const mechanism = 'scram-sha-512';
  const kafka = new kafkajs.Kafka({
    brokers: [...brokers],
    clientId,
    logLevel: kafkajs.logLevel.NOTHING,
    ...(sasl && { sasl: { mechanism, ...sasl } }),
  });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: TOPIC, numPartitions: 3 }], waitForLeaders: true });
  await admin.disconnect();
  for (const pool of pools) await pool.query('create table floor (id uuid primary key, bytes bytea)');
  const arrived = new Map<string, () => void>();
  const consumer = kafka.consumer({ groupId: 'bench-floor', maxWaitTimeInMs: 200 });
  await consumer.connect();
  await consumer.subscribe({ topics: [TOPIC], fromBeginning: true });
  const joined = new Promise<void>((resolve) => consumer.on(consumer.events.GROUP_JOIN, () => resolve()));
  const eachMessage = ({ message }: { message: { key: Buffer | null } }): Promise<void> =>
    Promise.resolve(arrived.get(String(message.key))?.());
  await consumer.run({ eachMessage });
  await joined;
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  const insert = (pool: pg.Pool, id: string, bytes: Uint8Array): Promise<unknown> =>
    pool.query({ name: 'floor', text: 'insert into floor values ($1, $2)', values: [id, bytes] });
  return {
    run: async (bytes) => {
      const id = randomUUID();
      await insert(pools[0], id, bytes);
      const there = new Promise<void>((resolve) => arrived.set(id, resolve));
      await producer.send({ topic: TOPIC, acks: -1, messages: [{ key: id, value: Buffer.from(bytes) }] });
      await there;
      arrived.delete(id);
      await insert(pools[1], id, bytes);
    },
    close: async () => {
      await producer.disconnect();
      await consumer.disconnect();
    },
  };
}
