/**
 * A token bucket for each name, as the generic cell rate algorithm keeps it: one number a name, the moment at which its bucket
 * is full again. A full bucket is as good as none, so what is kept is bounded by what was asked lately, and by `KEPT`.
 * Proved by token-buckets.spec.ts.
 */
export interface Pace {
  /** In the long run; 0: no limit. */
  readonly perSecond: number;
  /** The bucket holds so many seconds' worth. */
  readonly burstSeconds: number;
}
export interface Allowance {
  /** Tokens left in the bucket. */
  readonly left: number;
  /** Until the next token there is; 0 while some are left. */
  readonly waitMs: number;
  /** Until the bucket is full again. */
  readonly fullInMs: number;
}

/** Beyond it the names asked for longest ago are forgotten: their buckets are full again too early, never too late. */
const KEPT = 20_000;

export class TokenBuckets {
  readonly #fullAt = new Map<string, number>();
  readonly #now: () => number;
  readonly #tokenMs: number;
  readonly #holdsMs: number;
  /** Tokens that a full bucket holds. */
  readonly quota: number;

  /** @param now milliseconds of a clock that only runs forward */
  constructor({ perSecond, burstSeconds }: Pace, now: () => number) {
    this.#now = now;
    this.#tokenMs = 1000 / perSecond;
    this.quota = Math.max(1, Math.floor(perSecond * burstSeconds));
    this.#holdsMs = this.quota * this.#tokenMs;
  }

  look(name: string): Allowance {
    const now = this.#now();
    return this.#allowance(Math.max(this.#fullAt.get(name) ?? 0, now), now);
  }

  /** Takes a token that `look` has seen. */
  take(name: string): Allowance {
    const now = this.#now();
    const fullAt = Math.max(this.#fullAt.get(name) ?? 0, now) + this.#tokenMs;
    // Names stand in the order in which they were last asked for.
    this.#fullAt.delete(name);
    this.#fullAt.set(name, fullAt);
    if (this.#fullAt.size > KEPT) this.#forget(now);
    return this.#allowance(fullAt, now);
  }

  get size(): number {
    return this.#fullAt.size;
  }

  #allowance(fullAt: number, now: number): Allowance {
    const owedMs = fullAt - now;
    // A hair more, so that sums of parts of a millisecond do not cost a token.
    const left = Math.max(0, Math.floor((this.#holdsMs - owedMs) / this.#tokenMs + 1e-6));
    const waitMs = left > 0 ? 0 : owedMs + this.#tokenMs - this.#holdsMs;
    return { left, waitMs, fullInMs: owedMs };
  }

  #forget(now: number): void {
    for (const [name, fullAt] of this.#fullAt) {
      if (fullAt > now && this.#fullAt.size <= KEPT) return;
      this.#fullAt.delete(name);
    }
  }
}
