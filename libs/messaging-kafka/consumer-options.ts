import type { IncomingBatch, MailboxOffset } from '#libs/use-cases';
import type { KafkaConnection } from './connection.ts';
import type { BrokerFailure } from './failure.ts';
import type { MailboxGap } from './position.ts';

/** waiting: no broker, or not yet in the group. */
export type ConsumerState = 'waiting' | 'reading' | 'stopped';

export interface MailboxConsumerOptions {
  readonly connection: KafkaConnection;
  readonly topic: string;
  /** Consumers of one group share the partitions; begins with `groupPrefix(node)`. */
  readonly groupId: string;
  /** Where to go on, as the caller stored it with what it recorded; undefined: this partition was never read. */
  readonly findOffset: (partition: number) => Promise<MailboxOffset | undefined>;
  /**
   * Takes a batch; one at a time per partition, in order. Resolves when the batch and its offset are stored. Rejects: the
   * same records come again after a pause that grows, and other partitions go on.
   */
  readonly handle: (batch: IncomingBatch) => Promise<void>;
  /** Told before reading goes on at another place than asked for; rejects: asked again later, and nothing is read until then. */
  readonly onGap: (gap: MailboxGap) => Promise<void>;
  /** A partition was given to this consumer and its place is known. */
  readonly onOpen?: (partition: OpenPartition) => void;
  /** For readiness: told at each change. */
  readonly onState?: (state: ConsumerState) => void;
  /** For logs and health: what went wrong, and is being tried again. */
  readonly onTrouble?: (trouble: ConsumerTrouble) => void;
  readonly tuning?: ConsumerTuning;
}

export interface OpenPartition {
  readonly partition: number;
  readonly clusterId: string;
  readonly low: string;
  /** End of the partition when it was opened. */
  readonly high: string;
  readonly next: string;
}

export type ConsumerTrouble =
  /** The connection or the group failed; the consumer connects anew by itself. */
  | { readonly kind: 'broker'; readonly failure: BrokerFailure }
  /** The handler, `findOffset` or `onGap` rejected. */
  | { readonly kind: 'caller'; readonly partition: number; readonly error: unknown };

export interface ConsumerTuning {
  /** How long the broker may wait for records; heartbeats, pauses and stops wait as long. Default 200. */
  readonly maxWaitMs?: number;
  /**
   * After this long without a sign of life the group gives the partitions to others; after a kill the next process waits
   * as long. Default 6,000, the least a broker takes; heartbeats go each second, during long batches too.
   */
  readonly sessionTimeoutMs?: number;
  /** Most bytes of a partition in one batch; the broker sends one batch of records whatever its size. Default 1 MiB. */
  readonly maxBytesPerPartition?: number;
  /** Partitions whose batches are handled at the same time. Default 3. */
  readonly concurrency?: number;
  /** Pause after the first rejection of a batch, and the longest; default 250 and 30,000. */
  readonly retryFirstMs?: number;
  readonly retryMostMs?: number;
}
