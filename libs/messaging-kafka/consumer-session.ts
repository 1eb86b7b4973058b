/**
 * One life of a kafkajs consumer: connect, join the group, read, until it fails or is closed. kafkajs may not start
 * itself again after a crash (some crashes it takes for final, and those it does not keep stale state): a session that
 * failed is thrown away, and `consumer.ts` opens another.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Admin, Consumer, ConsumerConfig } from 'kafkajs';
import { adminOver, type KafkaAdmin } from './admin.ts';
import { BOUNDED_RETRY, makeClient } from './connection.ts';
import type { MailboxConsumerOptions } from './consumer-options.ts';
import { PartitionReader, type ReaderContext } from './partition-reader.ts';

export interface SessionEvents {
  joined(): void;
  failed(error: unknown): void;
}

const CLOSE_MS = 30_000;

export class ConsumerSession {
  readonly #options: MailboxConsumerOptions;
  readonly #events: SessionEvents;
  readonly #consumer: Consumer;
  readonly #admin: Admin;
  readonly #context: ReaderContext;
  #readers = new Map<number, PartitionReader>();
  #paused: boolean;

  constructor(options: MailboxConsumerOptions, events: SessionEvents, paused: boolean) {
    this.#options = options;
    this.#events = events;
    this.#paused = paused;
    const client = makeClient(options.connection);
    this.#admin = client.admin();
    this.#consumer = client.consumer(consumerConfig(options));
    this.#context = contextOf(options, this.#consumer, adminOver(this.#admin));
  }

  /** Rejects when the broker cannot be reached; later failures go to `failed`. */
  async open(): Promise<void> {
    const { CRASH, GROUP_JOIN } = this.#consumer.events;
    this.#consumer.on(CRASH, ({ payload }) => this.#events.failed(payload.error));
    // Runs before the next fetch: kafkajs emits within the join.
    this.#consumer.on(GROUP_JOIN, ({ payload }) => {
      this.#assign(payload.memberAssignment[this.#options.topic] ?? []);
      this.#events.joined();
    });
    await this.#admin.connect();
    await this.#consumer.connect();
    // Should kafkajs ever choose a place by itself, the earliest loses nothing: the reader sees it and opens anew.
    await this.#consumer.subscribe({ topics: [this.#options.topic], fromBeginning: true });
    await this.#consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: this.#options.tuning?.concurrency ?? 3,
      eachBatch: async (payload) => this.#readers.get(payload.batch.partition)?.take(payload),
    });
  }

  setPaused(paused: boolean): void {
    this.#paused = paused;
    for (const reader of this.#readers.values()) {
      if (paused) reader.hold('caller');
      else reader.release('caller');
    }
  }

  /** Lets the handlers end that are under way, leaves the group and disconnects; within 30 s, whatever they do. */
  async close(): Promise<void> {
    const readers = [...this.#readers.values()];
    for (const reader of readers) reader.close();
    const ended = Promise.allSettled([this.#consumer.disconnect(), ...readers.map((reader) => reader.idle)]);
    await Promise.race([ended, pause(CLOSE_MS, undefined, { ref: false })]);
    await this.#admin.disconnect().catch(() => undefined);
  }

  /** Every assignment begins anew: what another consumer has read meanwhile stands in the caller's offsets. */
  #assign(partitions: readonly number[]): void {
    const before = this.#readers;
    for (const reader of before.values()) reader.close();
    this.#readers = new Map(partitions.map((partition) => [partition, new PartitionReader(partition, this.#context)]));
    for (const reader of this.#readers.values()) {
      reader.hold('opening');
      if (this.#paused) reader.hold('caller');
      const predecessor = before.get(reader.partition)?.idle ?? Promise.resolve();
      void predecessor.then(() => reader.open());
    }
  }
}

function consumerConfig({ groupId, tuning = {} }: MailboxConsumerOptions): ConsumerConfig {
  const { sessionTimeoutMs = 6_000, maxWaitMs = 200, maxBytesPerPartition } = tuning;
  return {
    groupId,
    allowAutoTopicCreation: false,
    sessionTimeout: sessionTimeoutMs,
    // A member hears of a newcomer by its heartbeat: the default of 3 s would hold up every start and stop of a process.
    heartbeatInterval: Math.min(1_000, sessionTimeoutMs / 3),
    maxWaitTimeInMs: maxWaitMs,
    ...(maxBytesPerPartition && { maxBytesPerPartition }),
    // Transactions are not part of the protocol: a sender that leaves one open must not stop its readers.
    readUncommitted: true,
    retry: { ...BOUNDED_RETRY, retries: 5, restartOnFailure: () => Promise.resolve(false) },
  };
}

function contextOf(options: MailboxConsumerOptions, consumer: Consumer, admin: KafkaAdmin): ReaderContext {
  const { topic } = options;
  return {
    options,
    look: async () => ({ clusterId: await admin.clusterId(), ranges: await admin.ranges(topic) }),
    seek: (partition, offset) => consumer.seek({ topic, partition, offset }),
    setFetching: (partition, fetching) => {
      const partitions = [{ topic, partitions: [partition] }];
      if (fetching) consumer.resume(partitions);
      else consumer.pause(partitions);
    },
  };
}
