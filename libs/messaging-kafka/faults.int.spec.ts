/** The broker goes away, comes back, falls silent, and comes back empty (G12); nothing hangs and nothing is lost. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { MailboxOffset } from '#libs/use-cases';
import { eventually } from '../testing/eventually.ts';
import { type OwnKafka, startOwnKafka } from '../testing/own-kafka.ts';
import { makeMailbox } from '../testing/test-kafka.ts';
import {
  type BrokerFailure,
  type ConsumerTrouble,
  type MailboxConsumer,
  type MailboxGap,
  openAdmin,
  openConsumer,
  openSender,
} from './index.ts';

jest.setTimeout(120_000);

describe('faults', () => {
  let kafka: OwnKafka;
  beforeAll(async () => {
    kafka = await startOwnKafka();
  });
  afterAll(() => kafka.remove());

  /** Sends the numbers one by one, each until it is acknowledged, as a relay does; other failures than retryable ones end it. */
  function startSending(topic: string): { sent: string[]; failures: BrokerFailure[]; stop(): Promise<void> } {
    const sender = openSender({ connection: kafka.connection, sendTimeoutMs: 4_000 });
    const sent: string[] = [];
    const failures: BrokerFailure[] = [];
    let going = true;
    const loop = (async () => {
      for (let number = 0; going; number += 1) {
        await eventually(
          async () => {
            try {
              await sender.send(topic, [{ key: `k${number % 5}`, value: Buffer.from(String(number)) }]);
            } catch (error) {
              failures.push(error as BrokerFailure);
              if (going && (error as BrokerFailure).retryable) throw error;
            }
          },
          { withinMs: 60_000 },
        );
        sent.push(String(number));
      }
    })();
    return {
      sent,
      failures,
      async stop() {
        going = false;
        await loop;
        await sender.close();
      },
    };
  }

  interface Reading {
    readonly consumer: MailboxConsumer;
    readonly values: string[];
    readonly troubles: ConsumerTrouble[];
    readonly gaps: MailboxGap[];
  }
  function read(topic: string, offsets = new Map<number, MailboxOffset>()): Reading {
    const values: string[] = [];
    const troubles: ConsumerTrouble[] = [];
    const gaps: MailboxGap[] = [];
    const consumer = openConsumer({
      connection: kafka.connection,
      topic,
      groupId: `${topic}.readers`,
      findOffset: (partition) => Promise.resolve(offsets.get(partition)),
      handle: async ({ clusterId, partition, partitionStart, records }) => {
        values.push(...records.map(({ value }) => String(value)));
        const next = String(BigInt(records.at(-1)?.offset ?? 0) + 1n);
        offsets.set(partition, { clusterId, partition, partitionStart, next });
      },
      onGap: (gap) => Promise.resolve(void gaps.push(gap)),
      onTrouble: (trouble) => void troubles.push(trouble),
    });
    return { consumer, values, troubles, gaps };
  }

  it('goes on after the broker was killed in mid-stream and came back with its data', async () => {
    const topic = await makeMailbox(kafka.connection, 2);
    const reading = read(topic);
    await reading.consumer.start();
    const sending = startSending(topic);
    await eventually(() => expect(reading.values.length).toBeGreaterThan(50));
    await kafka.kill();
    await eventually(() => expect(sending.failures.length).toBeGreaterThan(0));
    await kafka.start();
    const before = sending.sent.length;
    await eventually(() => expect(sending.sent.length).toBeGreaterThan(before + 50), { withinMs: 60_000 });
    await sending.stop();
    const missing = (): readonly string[] => sending.sent.filter((value) => !new Set(reading.values).has(value));
    await eventually(() => expect(missing()).toEqual([]), { withinMs: 60_000 });
    expect(sending.failures.every(({ retryable }) => retryable)).toBe(true);
    expect(reading.gaps).toEqual([]);
    await reading.consumer.stop();
  });

  it('waits for a broker that is not there: sends are refused, retryable, reading can be stopped, and begins when it comes', async () => {
    const topic = await makeMailbox(kafka.connection, 1);
    const earlier = read(topic);
    await earlier.consumer.start();
    await kafka.kill();
    await earlier.consumer.stop();
    expect(earlier.consumer.state()).toBe('stopped');
    const sender = openSender({ connection: kafka.connection });
    const reading = read(topic);
    const started = reading.consumer.start();
    const send = (): Promise<void> => sender.send(topic, [{ key: 'a', value: Buffer.from('hello') }]);
    await expect(send()).rejects.toMatchObject({ code: 'BROKER_AWAY', retryable: true });
    await eventually(() => expect(reading.troubles.length).toBeGreaterThan(0));
    expect(reading.consumer.state()).toBe('waiting');
    await kafka.start();
    await started;
    expect(reading.consumer.state()).toBe('reading');
    await eventually(send);
    await eventually(() => expect(reading.values).toContain('hello'));
    await reading.consumer.stop();
    expect(reading.consumer.state()).toBe('stopped');
    await sender.close();
  });

  it('does not hang on a broker that is connected and silent, and goes on when it speaks again', async () => {
    const topic = await makeMailbox(kafka.connection, 1);
    const sender = openSender({ connection: kafka.connection, sendTimeoutMs: 1_500 });
    const send = (text: string): Promise<void> => sender.send(topic, [{ key: 'a', value: Buffer.from(text) }]);
    await send('before');
    kafka.freeze();
    try {
      await expect(send('during')).rejects.toMatchObject({ code: 'BROKER_AWAY', retryable: true });
    } finally {
      kafka.thaw();
    }
    await eventually(() => send('after'));
    const reading = read(topic);
    await reading.consumer.start();
    await eventually(() => expect(reading.values).toEqual(expect.arrayContaining(['before', 'after'])));
    await reading.consumer.stop();
    await sender.close();
  });

  it("tells that the broker's data were wiped, and reads the new ones from the start", async () => {
    const topic = await makeMailbox(kafka.connection, 1);
    const offsets = new Map<number, MailboxOffset>();
    const reading = read(topic, offsets);
    await reading.consumer.start();
    const sender = openSender({ connection: kafka.connection });
    const send = (text: string): Promise<void> => sender.send(topic, [{ key: 'a', value: Buffer.from(text) }]);
    await send('old');
    await eventually(() => expect(reading.values).toEqual(['old']));
    await kafka.kill();
    kafka.wipe();
    await kafka.start();
    const admin = await openAdmin(kafka.connection);
    await admin.ensureTopics([{ topic, partitions: 1, replicas: 1, settings: {} }]);
    await admin.close();
    for (const text of ['new-0', 'new-1', 'new-2']) await eventually(() => send(text), { withinMs: 60_000 });
    await eventually(() => expect(reading.values).toEqual(['old', 'new-0', 'new-1', 'new-2']), { withinMs: 60_000 });
    expect(reading.gaps).toMatchObject([{ reason: 'CLUSTER_CHANGED', from: '0' }]);
    await reading.consumer.stop();
    await sender.close();
  });
});
