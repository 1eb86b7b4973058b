import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { promisify } from 'node:util';
import { zstdCompress } from 'node:zlib';
import kafkajs from 'kafkajs';
import type { IncomingRecord, MailboxSender } from '#libs/use-cases';
import { eventually } from '../testing/eventually.ts';
import { adminConnection, anyNode, makeMailbox } from '../testing/test-kafka.ts';
import { makeClient } from './connection.ts';
import { mailboxTopic, mailboxWanted, openAdmin, openConsumer, openSender } from './index.ts';

jest.setTimeout(60_000);

describe('sender', () => {
  let sender: MailboxSender;
  beforeAll(() => {
    sender = openSender({ connection: adminConnection() });
  });
  afterAll(() => sender.close());

  async function readAll(topic: string, count: number): Promise<readonly IncomingRecord[]> {
    const records: IncomingRecord[] = [];
    const consumer = openConsumer({
      connection: adminConnection(),
      topic,
      groupId: `${topic}.all`,
      findOffset: () => Promise.resolve(undefined),
      handle: (batch) => Promise.resolve(void records.push(...batch.records)),
      onGap: () => Promise.resolve(),
    });
    await consumer.start();
    try {
      await eventually(() => expect(records).toHaveLength(count));
    } finally {
      await consumer.stop();
    }
    return records;
  }

  it('sends more than one batch may hold, the largest messages among it', async () => {
    const topic = await makeMailbox(adminConnection(), 1);
    const values = Array.from({ length: 40 }, (_, index) => Buffer.alloc(131_072, index));
    await sender.send(
      topic,
      values.map((value) => ({ key: 'a', value })),
    );
    const records = await readAll(topic, 40);
    expect(records.map(({ value }) => value?.[0])).toEqual(values.map((value) => value[0]));
  });

  it('refuses a record that the broker does not take, for good, and sends the next', async () => {
    const topic = await makeMailbox(adminConnection(), 1);
    const tooLarge = [{ key: 'a', value: Buffer.alloc(1_100_000) }];
    await expect(sender.send(topic, tooLarge)).rejects.toMatchObject({ code: 'RECORD_TOO_LARGE', retryable: false });
    await sender.send(topic, [{ key: 'a', value: Buffer.from('small') }]);
    expect(await readAll(topic, 1)).toHaveLength(1);
  });

  it('says that a mailbox is missing, delays no other by it, and sends when it is there', async () => {
    const topic = await makeMailbox(adminConnection(), 1);
    const node = anyNode();
    const record = [{ key: 'a', value: Buffer.from('x') }];
    const order: string[] = [];
    const missing = sender.send(mailboxTopic(node), record).finally(() => order.push('missing'));
    const there = sender.send(topic, record).finally(() => order.push('there'));
    await expect(missing).rejects.toMatchObject({ code: 'TOPIC_MISSING', retryable: true });
    await there;
    expect(order).toEqual(['there', 'missing']);
    const admin = await openAdmin(adminConnection());
    await admin.ensureTopics([mailboxWanted(node)]);
    await admin.close();
    await sender.send(mailboxTopic(node), record);
  });

  it('keeps the order of sends that are not waited for', async () => {
    const topic = await makeMailbox(adminConnection(), 1);
    await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        sender.send(topic, [{ key: `${index % 3}`, value: Buffer.from(String(index)) }]),
      ),
    );
    const records = await readAll(topic, 50);
    expect(records.map(({ value }) => Number(String(value)))).toEqual(Array.from({ length: 50 }, (_, index) => index));
  });

  it('gives an unused connection back and takes a new one', async () => {
    const topic = await makeMailbox(adminConnection(), 1);
    const idle = openSender({ connection: adminConnection(), idleMs: 1 });
    for (const text of ['1', '2', '3']) {
      await idle.send(topic, [{ key: 'a', value: Buffer.from(text) }]);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await idle.close();
    await expect(idle.send(topic, [{ key: 'a', value: Buffer.from('4') }])).rejects.toMatchObject({ code: 'CLOSED' });
    expect((await readAll(topic, 3)).map(({ value }) => String(value))).toEqual(['1', '2', '3']);
  });

  it('is read although a peer packed its records in a way that our reader cannot open', async () => {
    const topic = await makeMailbox(adminConnection(), 1);
    const zstd = kafkajs.CompressionTypes.ZSTD;
    const compress = promisify(zstdCompress);
    kafkajs.CompressionCodecs[zstd] = () => ({
      compress: ({ buffer }: { buffer: Buffer }) => compress(buffer),
      decompress: () => Promise.reject(new Error('a reader that cannot')),
    });
    const producer = makeClient(adminConnection()).producer({
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    });
    await producer.connect();
    const messages = [{ key: 'a', value: 'packed' }];
    await producer.send({ topic, compression: zstd, messages });
    await producer.disconnect();
    expect((await readAll(topic, 1)).map(({ value }) => String(value))).toEqual(['packed']);
  });
});
