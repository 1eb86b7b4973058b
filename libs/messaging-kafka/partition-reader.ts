/**
 * One partition while this consumer has it. States: opening (its place is being looked up) → reading ⇄ resting (after a
 * rejected batch) → closed (the group gave it away, or the session ended). It is fetched only while nothing holds it.
 *
 * The records given to the caller always begin exactly where the caller's offset points: what kafkajs fetches is held
 * against the expected offset, and a difference (the client jumped, retention ran ahead, the topic was made anew) leads
 * back to opening. Only when the same hole is met again after its range was found whole is it taken for what it is:
 * offsets that hold no record for a reader (compaction, control records).
 *
 * Where the caller's offset has a mark, reading begins one record before it: that record is held against the mark and not
 * handed out. Another one there means that the topic was made anew and filled past the offset.
 */
import type { EachBatchPayload, KafkaMessage } from 'kafkajs';
import type { IncomingBatch, IncomingRecord } from '#libs/use-cases';
import type { PartitionRange } from './admin.ts';
import { Backoff } from './backoff.ts';
import type { MailboxConsumerOptions } from './consumer-options.ts';
import { BrokerFailure } from './failure.ts';
import { choosePosition, type Position } from './position.ts';
import { markOf } from './record-mark.ts';

type Hold = 'opening' | 'resting' | 'caller';

/** What the reader needs of the session around it. */
export interface ReaderContext {
  readonly options: MailboxConsumerOptions;
  look(): Promise<{ readonly clusterId: string; readonly ranges: readonly PartitionRange[] }>;
  seek(partition: number, offset: string): void;
  setFetching(partition: number, fetching: boolean): void;
}

export class PartitionReader {
  readonly partition: number;
  readonly #context: ReaderContext;
  readonly #holds = new Set<Hold>();
  readonly #backoff: Backoff;
  #expected: bigint | undefined;
  /** Of the record that is to be met first, and is known to the caller. */
  #before: string | undefined;
  #differs = false;
  #clusterId = '';
  #low = '0';
  /** First record behind a hole, as met before the range was looked at again. */
  #holeBefore: bigint | undefined;
  #timer: NodeJS.Timeout | undefined;
  #busy: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(partition: number, context: ReaderContext) {
    this.partition = partition;
    this.#context = context;
    const { retryFirstMs = 250, retryMostMs = 30_000 } = context.options.tuning ?? {};
    this.#backoff = new Backoff({ firstMs: retryFirstMs, mostMs: retryMostMs });
  }

  /** Resolves when the batch in hand is done. */
  get idle(): Promise<unknown> {
    return this.#busy;
  }

  /** Not after `close`: the partition's next reader would be stopped by it. */
  hold(reason: Hold): void {
    if (this.#closed) return;
    this.#holds.add(reason);
    this.#context.setFetching(this.partition, false);
  }

  release(reason: Hold): void {
    this.#holds.delete(reason);
    if (this.#holds.size === 0 && !this.#closed) this.#context.setFetching(this.partition, true);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  /** Looks up the place and begins to read there; tries again until it can, or the partition is given away. */
  async open(): Promise<void> {
    this.#expected = undefined;
    this.hold('opening');
    await this.#busy;
    try {
      await this.#findPlace();
    } catch (error) {
      this.#report(error);
      this.#later(() => void this.open());
      return;
    }
    this.release('opening');
  }

  async #findPlace(): Promise<void> {
    const { options } = this.#context;
    const stored = await options.findOffset(this.partition);
    const { clusterId, ranges } = await this.#context.look();
    const range = ranges.find(({ partition }) => partition === this.partition);
    if (!range) throw new Error(`the broker names no partition ${this.partition} of ${options.topic}`);
    const found = choosePosition(stored, clusterId, range);
    const { next, gap, before }: Position = this.#differs
      ? { next: range.low, gap: found.gap ?? 'RECORD_DIFFERS' }
      : found;
    if (stored && gap) {
      const { topic } = options;
      await options.onGap({ topic, partition: this.partition, reason: gap, stored, clusterId, from: next });
    }
    if (this.#closed) return;
    this.#clusterId = clusterId;
    this.#low = range.low;
    this.#differs = false;
    this.#before = before;
    this.#expected = before === undefined ? BigInt(next) : BigInt(next) - 1n;
    this.#context.seek(this.partition, String(this.#expected));
    options.onOpen?.({ partition: this.partition, clusterId, low: range.low, high: range.high, next });
  }

  /** What kafkajs fetched. Resolves its offset only when the caller has taken all of it. */
  async take(payload: EachBatchPayload): Promise<void> {
    const first = payload.batch.messages[0];
    if (this.#closed || this.#holds.size > 0 || this.#expected === undefined || !first) return;
    if (!this.#begins(BigInt(first.offset))) {
      void this.open();
      return;
    }
    const fresh = this.#unread(payload.batch.messages);
    if (fresh === undefined) {
      this.#differs = true;
      void this.open();
      return;
    }
    const delivery = this.#deliver(payload, fresh);
    this.#busy = delivery.catch(() => undefined);
    await delivery;
  }

  #begins(first: bigint): boolean {
    if (first === this.#expected || first === this.#holeBefore) return true;
    this.#holeBefore = this.#expected !== undefined && first > this.#expected ? first : undefined;
    return false;
  }

  /** Without the record that is known; undefined when another one stands in its place. Behind a hole nothing can be known. */
  #unread(messages: readonly KafkaMessage[]): readonly KafkaMessage[] | undefined {
    const [first, ...after] = messages;
    if (this.#before === undefined || !first || BigInt(first.offset) !== this.#expected) return messages;
    return markOf(first) === this.#before ? after : undefined;
  }

  async #deliver(payload: EachBatchPayload, fresh: readonly KafkaMessage[]): Promise<void> {
    const { batch } = payload;
    let lost: Error | undefined;
    // A long batch must not look like a dead consumer; kafkajs sends no more heartbeats than its interval asks for.
    const beat = setInterval(() => void payload.heartbeat().catch((error: Error) => (lost ??= error)), 1_000);
    try {
      if (fresh.length > 0) await this.#context.options.handle(this.#toIncoming(batch, fresh));
    } catch (error) {
      this.#report(error);
      this.hold('resting');
      this.#later(() => this.release('resting'));
      return;
    } finally {
      clearInterval(beat);
    }
    const last = batch.messages.at(-1)?.offset ?? batch.lastOffset();
    payload.resolveOffset(last);
    this.#expected = BigInt(batch.lastOffset()) + 1n;
    this.#before = undefined;
    this.#holeBefore = undefined;
    this.#backoff.reset();
    // The group changed meanwhile: kafkajs must hear of it, and joins again.
    if (lost) throw lost;
  }

  #toIncoming({ highWatermark }: EachBatchPayload['batch'], messages: readonly KafkaMessage[]): IncomingBatch {
    const last = messages.at(-1);
    return {
      topic: this.#context.options.topic,
      clusterId: this.#clusterId,
      partition: this.partition,
      partitionStart: this.#low,
      highWatermark,
      ...(last && { mark: markOf(last) }),
      records: messages.map((message) => toRecord(this.partition, message)),
    };
  }

  #report(error: unknown): void {
    if (this.#closed) return;
    const { options } = this.#context;
    if (error instanceof BrokerFailure) options.onTrouble?.({ kind: 'broker', failure: error });
    else options.onTrouble?.({ kind: 'caller', partition: this.partition, error });
  }

  #later(work: () => void): void {
    if (this.#closed) return;
    this.#timer = setTimeout(work, this.#backoff.next());
  }
}

/**
 * Of a header given more than once the first with a value counts; without a value it is empty. Where its name is that of a
 * member of every object, kafkajs puts that member before the value.
 */
function toRecord(partition: number, { offset, key, value, headers }: KafkaMessage): IncomingRecord {
  const texts = Object.entries(headers ?? {}).map(([name, given]) => {
    const values: readonly unknown[] = Array.isArray(given) ? given : [given];
    return [name, values.find((value) => Buffer.isBuffer(value))?.toString() ?? ''] as const;
  });
  return { partition, offset, key: key ?? null, value: value ?? null, headers: Object.fromEntries(texts) };
}
