/** The world of the mailbox contract: what a room hands in, and the caller's side. */
import type { IncomingBatch, IncomingRecord, MailboxOffset, MailboxSender } from '#libs/use-cases';

/** A consumer as the contract needs it; `openConsumer` of the room has this shape. */
export interface ContractConsumer {
  start(): Promise<void>;
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
}
export interface ContractConsumerOptions {
  readonly topic: string;
  readonly group: string;
  findOffset(partition: number): Promise<MailboxOffset | undefined>;
  handle(batch: IncomingBatch): Promise<void>;
  onGap(gap: { readonly partition: number; readonly reason: string; readonly from: string }): Promise<void>;
}
export interface MailboxWorld {
  makeTopic(partitions: number): Promise<string>;
  /** Throws the topic and all its records away and makes it anew, empty. */
  recreateTopic(topic: string, partitions: number): Promise<void>;
  openSender(): MailboxSender;
  openConsumer(options: ContractConsumerOptions): ContractConsumer;
  /** A record as a careless or hostile peer could write it. */
  putRaw(topic: string, record: { readonly key: string | null; readonly value: string | null }): Promise<void>;
  close(): Promise<void>;
}

/** The caller's side: keeps what it has taken and, with it, the offsets, as the ledger does. */
export class Ledger {
  readonly records: IncomingRecord[] = [];
  readonly gaps: { readonly partition: number; readonly reason: string; readonly from: string }[] = [];
  readonly offsets = new Map<number, MailboxOffset>();
  /** Throws to refuse a batch. */
  before: (batch: IncomingBatch) => void | Promise<void> = () => undefined;

  readonly findOffset = (partition: number): Promise<MailboxOffset | undefined> =>
    Promise.resolve(this.offsets.get(partition));

  readonly handle = async (batch: IncomingBatch): Promise<void> => {
    await this.before(batch);
    this.records.push(...batch.records);
    const { clusterId, partition, partitionStart, mark } = batch;
    const next = String(BigInt(batch.records.at(-1)?.offset ?? '-1') + 1n);
    this.offsets.set(partition, { clusterId, partition, partitionStart, next, ...(mark !== undefined && { mark }) });
  };

  readonly onGap = (gap: {
    readonly partition: number;
    readonly reason: string;
    readonly from: string;
  }): Promise<void> => {
    this.gaps.push(gap);
    return Promise.resolve();
  };

  texts(partition?: number): readonly string[] {
    return this.records
      .filter((record) => partition === undefined || record.partition === partition)
      .map(({ value }) => (value ? Buffer.from(value).toString() : '<none>'));
  }
}

export const text = (value: string): Uint8Array => Buffer.from(value);
export const numbered = (count: number, prefix: string): readonly { key: string; value: Uint8Array }[] =>
  Array.from({ length: count }, (_, index) => ({ key: `stream-${index % 7}`, value: text(`${prefix}-${index}`) }));

/** The first time each value was seen, in order: repeats are allowed, another order is not. */
export const firstSeen = (values: readonly string[]): readonly string[] => [...new Set(values)];
export const byKey = (records: readonly IncomingRecord[], key: string): readonly string[] =>
  firstSeen(
    records
      .filter((r) => r.key && Buffer.from(r.key).toString() === key)
      .map((r) => Buffer.from(r.value ?? '').toString()),
  );

/** World and sender, as the parts of the contract suite find them once they are open. */
export interface OpenMailboxes {
  world: MailboxWorld;
  sender: MailboxSender;
  readonly newGroup: (topic: string) => string;
  /** Stopped after the test. */
  readonly running: ContractConsumer[];
}

/** A consumer at work that keeps what it takes in the ledger. */
export async function read(
  { world, newGroup, running }: OpenMailboxes,
  { topic, ledger, group = newGroup(topic) }: { topic: string; ledger: Ledger; group?: string },
): Promise<ContractConsumer> {
  const { findOffset, handle, onGap } = ledger;
  const consumer = world.openConsumer({ topic, group, findOffset, handle, onGap });
  running.push(consumer);
  await consumer.start();
  return consumer;
}
