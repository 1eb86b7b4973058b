/**
 * G7: whoever may write to a mailbox makes its records as it likes; the client that reads must neither stop nor stall on
 * them. The bytes are made here, as a producer of another language would: inside a packed batch the broker opens them.
 */
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import kafkajs from 'kafkajs';
import type { IncomingRecord } from '#libs/use-cases';
import { eventually } from '../testing/eventually.ts';
import { adminConnection, makeMailbox } from '../testing/test-kafka.ts';
import { makeClient } from './connection.ts';
import { type ConsumerTrouble, openConsumer, openSender } from './index.ts';

jest.setTimeout(60_000);

type Header = readonly [name: string, value: Uint8Array | null];
interface RawRecord {
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly Header[];
}

/** Zigzag, as in a record of version 2 of the message format. */
function varint(number: number): Buffer {
  const bytes: number[] = [];
  let rest = (number << 1) ^ (number >> 31);
  for (; (rest & ~0x7f) !== 0; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Buffer.from([...bytes, rest]);
}
const sized = (bytes: Uint8Array | null): readonly Uint8Array[] =>
  bytes ? [varint(bytes.length), bytes] : [varint(-1)];
function encode({ key, value, headers }: RawRecord, place: number): Buffer {
  const named = headers.flatMap(([name, of]) => [...sized(Buffer.from(name)), ...sized(of)]);
  const body = Buffer.concat([
    Buffer.of(0, 0),
    varint(place),
    ...sized(key),
    ...sized(value),
    varint(headers.length),
    ...named,
  ]);
  return Buffer.concat([varint(body.length), body]);
}

const GZIP = kafkajs.CompressionTypes.GZIP;
const codec = kafkajs.CompressionCodecs[GZIP];
afterEach(() => {
  kafkajs.CompressionCodecs[GZIP] = codec;
});

async function produce(topic: string, records: readonly RawRecord[]): Promise<void> {
  const pack = promisify(gzip);
  kafkajs.CompressionCodecs[GZIP] = () => ({
    compress: () => pack(Buffer.concat(records.map(encode))),
    decompress: () => Promise.reject(new Error('a reader that cannot')),
  });
  const producer = makeClient(adminConnection()).producer({
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  await producer.send({ topic, compression: GZIP, messages: records.map(() => ({ value: null })) });
  await producer.disconnect();
}

/** Reads until an honest record has come that was sent after them. */
async function readPast(topic: string): Promise<readonly IncomingRecord[]> {
  const sender = openSender({ connection: adminConnection() });
  await sender.send(topic, [{ key: 'a', value: Buffer.from('honest') }]);
  await sender.close();
  const records: IncomingRecord[] = [];
  const troubles: ConsumerTrouble[] = [];
  const consumer = openConsumer({
    connection: adminConnection(),
    topic,
    groupId: `${topic}.all`,
    findOffset: () => Promise.resolve(undefined),
    handle: async (batch) => {
      for (const record of batch.records) records.push(record);
    },
    onGap: () => Promise.resolve(),
    onTrouble: (trouble) => void troubles.push(trouble),
  });
  await consumer.start();
  try {
    await eventually(() => expect(String(records.at(-1)?.value)).toBe('honest'), { withinMs: 30_000 });
  } finally {
    await consumer.stop();
  }
  expect(troubles.filter(({ kind }) => kind === 'caller')).toEqual([]);
  return records;
}
const record = (headers: readonly Header[]): RawRecord => ({ key: Buffer.from('a'), value: Buffer.from('b'), headers });
const text = (value: string): Buffer => Buffer.from(value);

describe('a hostile producer', () => {
  it('stops nobody by headers without value, given twice, or named like members of every object', async () => {
    const topic = await makeMailbox(adminConnection(), 1);
    const bad = [
      ['lt-hops', null],
      ['lt-hops', text('3')],
      ['__proto__', text('x')],
      ['constructor', text('y')],
      ['', Buffer.of(0xff)],
    ] as const;
    await produce(topic, [record([['lt-hops', null]]), record(bad)]);
    const [first, second] = await readPast(topic);
    expect(first?.headers).toEqual({ 'lt-hops': '' });
    expect([second?.headers['lt-hops'], second?.headers['constructor']]).toEqual(['3', 'y']);
  });

  it('stalls nobody by a record with a hundred thousand headers', async () => {
    const topic = await makeMailbox(adminConnection(), 1);
    const headers = Array.from({ length: 100_000 }, (_, at) => [at.toString(36), Buffer.alloc(0)] as const);
    await produce(topic, [record([['lt-hops', text('2')], ...headers])]);
    const [first] = await readPast(topic);
    expect(first?.headers['lt-hops']).toBe('2');
  });
});
