/**
 * Reading the compacted directory topic: from its start to the end it has now, then on as it grows (wire format 7: a node
 * reads the topic to its end before it judges mail). A group of its own per reader, so that every process of a node reads
 * all of it; the place is kept in memory, so that a lost connection does not read it all again.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingBatch, MailboxOffset } from '#libs/use-cases';
import type { ConsumerTrouble, ConsumerTuning, OpenPartition } from './consumer-options.ts';
import type { KafkaConnection } from './connection.ts';
import { openConsumer } from './consumer.ts';
import { DIRECTORY_TOPIC } from './topics.ts';

export interface DirectoryReaderOptions {
  readonly connection: KafkaConnection;
  /** `groupPrefix(node)`. */
  readonly groupPrefix: string;
  readonly topic?: string;
  /** Statements in the order of the topic. Rejects: the same ones come again later. */
  readonly handle: (batch: IncomingBatch) => Promise<void>;
  readonly onTrouble?: (trouble: ConsumerTrouble) => void;
  readonly tuning?: ConsumerTuning;
}
export interface DirectoryReader {
  /** Resolves when everything has been handled that the topic held when it was first reached. Waits for a broker that is away. */
  readonly level: Promise<void>;
  stop(): Promise<void>;
}

export function readDirectoryToEnd(options: DirectoryReaderOptions): DirectoryReader {
  const level = Promise.withResolvers<void>();
  let place: MailboxOffset | undefined;
  let end: bigint | undefined;
  const check = (next: string): void => {
    if (end !== undefined && BigInt(next) >= end) level.resolve();
  };
  const consumer = openConsumer({
    connection: options.connection,
    topic: options.topic ?? DIRECTORY_TOPIC,
    groupId: `${options.groupPrefix}directory.${randomUUID()}`,
    findOffset: () => Promise.resolve(place),
    async handle(batch) {
      await options.handle(batch);
      const last = batch.records.at(-1);
      if (!last) return;
      const { clusterId, partition, partitionStart } = batch;
      place = { clusterId, partition, partitionStart, next: String(BigInt(last.offset) + 1n) };
      check(place.next);
    },
    // Statements are whole (compaction loses nothing): reading again from the start is all that a gap asks for.
    onGap: () => Promise.resolve(),
    onOpen({ high, next }: OpenPartition) {
      end ??= BigInt(high);
      check(next);
    },
    ...(options.onTrouble && { onTrouble: options.onTrouble }),
    ...(options.tuning && { tuning: options.tuning }),
  });
  void consumer.start();
  return { level: level.promise, stop: () => consumer.stop() };
}
