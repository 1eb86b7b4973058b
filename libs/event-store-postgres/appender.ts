/**
 * Group commit in the process (design 5). Units queue while calls are under way; a free call takes what has gathered.
 *
 * - Two units that share a stream, an id or an idempotency key never go in one call nor in two at once, and keep their
 *   order: `lt.append` may treat its units as a set.
 * - The queue is bounded: over it `OVERLOADED`, retryable, before anything is done.
 * - A call whose connection broke is sent again as it was: what was committed comes back as a repeat.
 * - A call that raises is halved until the culprit is alone, and only its caller hears of it.
 *
 * Proved by `appender.spec.ts` and `event-store.int.spec.ts`.
 */
import { DomainError } from '#libs/kernel';
import type { AppendUnit, AppendVerdict } from '#libs/use-cases';
import { isRetryable } from './errors.ts';
import { RETRY, retried, type RetryPolicy } from './retry.ts';

/** Verdicts in the order of the units. Sent again after an error that passes. */
export type SendUnits = (units: readonly AppendUnit[]) => Promise<readonly AppendVerdict[]>;

export interface AppenderLimits {
  readonly queued: number;
  /** Of their messages. */
  readonly queuedBytes: number;
  readonly unitsPerCall: number;
  readonly bytesPerCall: number;
  /** While the database works on one call, the process prepares the next. */
  readonly callsAtOnce: number;
  readonly retry: RetryPolicy;
}
export const LIMITS: AppenderLimits = {
  queued: 2_000,
  queuedBytes: 64 * 1024 * 1024,
  unitsPerCall: 256,
  bytesPerCall: 4 * 1024 * 1024,
  callsAtOnce: 2,
  retry: RETRY,
};

interface Queued {
  readonly unit: AppendUnit;
  readonly claims: readonly string[];
  readonly bytes: number;
  readonly resolve: (verdict: AppendVerdict) => void;
  readonly reject: (error: unknown) => void;
}

const claimsOf = ({ messages, streams, idempotency: key }: AppendUnit): readonly string[] => [
  ...streams.map(({ subject }) => `stream ${subject}`),
  ...messages.map(({ sealed: { message } }) => `id ${message.source} ${message.id}`),
  ...(key ? [`key ${JSON.stringify([key.client, key.agency, key.key])}`] : []),
];

export class Appender {
  #queue: Queued[] = [];
  #queuedBytes = 0;
  readonly #claimed = new Set<string>();
  readonly #calls = new Set<Promise<void>>();
  #scheduled = false;
  #closed = false;
  readonly #send: SendUnits;
  readonly #limits: AppenderLimits;

  constructor(send: SendUnits, limits: AppenderLimits = LIMITS) {
    this.#send = send;
    this.#limits = limits;
  }

  append(unit: AppendUnit): Promise<AppendVerdict> {
    if (this.#closed) return Promise.reject(new DomainError('STORE_CLOSED', 'the event store is closed'));
    const bytes = unit.messages.reduce((sum, { sealed }) => sum + sealed.bytes.length, 0);
    if (this.#hasNoRoomFor(bytes)) {
      const details = { retryable: true, delayMs: 1_000, queued: this.#queue.length };
      return Promise.reject(new DomainError('OVERLOADED', 'too many units wait for the ledger', details));
    }
    return new Promise((resolve, reject) => {
      this.#queuedBytes += bytes;
      this.#queue.push({ unit, claims: claimsOf(unit), bytes, resolve, reject });
      this.#schedule();
    });
  }

  /** An empty queue has room for a unit of any size. */
  #hasNoRoomFor(bytes: number): boolean {
    const { queued, queuedBytes } = this.#limits;
    if (this.#queue.length === 0) return false;
    return this.#queue.length >= queued || this.#queuedBytes + bytes > queuedBytes;
  }

  /** Resolves when everything accepted has its verdict. */
  async close(): Promise<void> {
    this.#closed = true;
    while (this.#queue.length > 0 || this.#calls.size > 0) {
      this.#fill();
      await Promise.race(this.#calls);
    }
  }

  /** After the callbacks of this turn: callers whose verdicts came together ask for their next appends together. */
  #schedule(): void {
    if (this.#scheduled || this.#calls.size >= this.#limits.callsAtOnce) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#fill();
    });
  }

  #fill(): void {
    if (this.#calls.size >= this.#limits.callsAtOnce) return;
    const batch = this.#take();
    if (batch.length === 0) return;
    const call = this.#commit(batch).finally(() => {
      this.#calls.delete(call);
      for (const { claims } of batch) for (const claim of claims) this.#claimed.delete(claim);
      if (this.#queue.length > 0) this.#schedule();
    });
    this.#calls.add(call);
    if (this.#queue.length > 0) this.#schedule();
  }

  /** Takes, in order, what shares nothing with calls under way nor with what was passed over. */
  #take(): Queued[] {
    const seen = new Set(this.#claimed);
    const batch: Queued[] = [];
    const passed: Queued[] = [];
    let [bytes, at] = [0, 0];
    for (; at < this.#queue.length && !this.#isFull(batch, passed); at += 1) {
      const queued = this.#queue[at] as Queued;
      if (batch.length > 0 && bytes + queued.bytes > this.#limits.bytesPerCall) break;
      const free = !queued.claims.some((claim) => seen.has(claim));
      for (const claim of queued.claims) seen.add(claim);
      (free ? batch : passed).push(queued);
      if (free) bytes += queued.bytes;
    }
    this.#queue = [...passed, ...this.#queue.slice(at)];
    this.#queuedBytes -= bytes;
    for (const { claims } of batch) for (const claim of claims) this.#claimed.add(claim);
    return batch;
  }

  /** Nor does it look further than four calls ahead for what may pass a crowded stream. */
  #isFull(batch: readonly Queued[], passed: readonly Queued[]): boolean {
    return batch.length >= this.#limits.unitsPerCall || passed.length >= 4 * this.#limits.unitsPerCall;
  }

  async #commit(batch: readonly Queued[]): Promise<void> {
    try {
      const verdicts = await retried(() => this.#send(batch.map(({ unit }) => unit)), this.#limits.retry);
      batch.forEach(({ resolve }, at) => resolve(verdicts[at] as AppendVerdict));
    } catch (error) {
      if (batch.length === 1 || isRetryable(error)) return batch.forEach(({ reject }) => reject(error));
      const half = batch.length >> 1;
      await this.#commit(batch.slice(0, half));
      await this.#commit(batch.slice(half));
    }
  }
}
