/** Every record of every topic as the broker gives it: key, headers and value, each a place of its own. */
import { randomUUID } from 'node:crypto';
import kafkajs from 'kafkajs';
import type { EachMessagePayload, Kafka } from 'kafkajs';
import type { KafkaConnection } from '#libs/messaging-kafka';
import type { Place } from './place.ts';

/** The broker's own: their records are searched in its files. */
const isInternal = (topic: string): boolean => topic.startsWith('__');

export async function readTopics({ brokers, clientId, sasl }: KafkaConnection): Promise<readonly Place[]> {
  const kafka = new kafkajs.Kafka({
    brokers: [...brokers],
    clientId,
    ...(sasl && { sasl: { mechanism: 'scram-sha-512', ...sasl } }),
    logLevel: kafkajs.logLevel.NOTHING,
  });
  const ends = await endsOf(kafka);
  const topics = [...new Set([...ends.keys()].map((name) => name.slice(0, name.lastIndexOf(' '))))];
  const consumer = kafka.consumer({ groupId: `searcher.${randomUUID()}`, maxWaitTimeInMs: 100 });
  const places: Place[] = [];
  const done = Promise.withResolvers<void>();
  await consumer.connect();
  try {
    await consumer.subscribe({ topics, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachMessage: (payload) => {
        places.push(...placesIn(payload));
        const name = `${payload.topic} ${payload.partition}`;
        if (BigInt(payload.message.offset) + 1n >= (ends.get(name) ?? 0n)) ends.delete(name);
        if (ends.size === 0) done.resolve();
        return Promise.resolve();
      },
    });
    await done.promise;
  } finally {
    await consumer.disconnect();
  }
  return places;
}

/** Ends of the partitions that hold records. */
async function endsOf(kafka: Kafka): Promise<Map<string, bigint>> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const ends = new Map<string, bigint>();
    for (const topic of (await admin.listTopics()).filter((one) => !isInternal(one)))
      for (const { partition, low, high } of await admin.fetchTopicOffsets(topic))
        if (BigInt(high) > BigInt(low)) ends.set(`${topic} ${partition}`, BigInt(high));
    return ends;
  } finally {
    await admin.disconnect();
  }
}

function placesIn({ topic, partition, message }: EachMessagePayload): readonly Place[] {
  const { offset, key, value, headers = {} } = message;
  const name = `topic ${topic} ${partition}/${offset}`;
  const texts = Object.entries(headers)
    .flatMap(([header, given]) => [header, given ?? ''])
    .flat();
  return [
    { name: `${name} key`, bytes: key ?? Buffer.alloc(0) },
    { name: `${name} headers`, bytes: Buffer.concat(texts.map((text) => Buffer.from(text))) },
    { name: `${name} value`, bytes: value ?? Buffer.alloc(0) },
  ];
}
