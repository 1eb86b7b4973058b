/**
 * When to ask again for what does not come: after a first pause, then after ever longer ones, spread by the name of what is
 * asked for. In memory, and bounded.
 */
import { pauseBefore, type Pauses } from '#libs/exchange';

interface Paused {
  /** Real milliseconds. */
  readonly nextMs: number;
  readonly times: number;
}
/** Those that have waited longest leave first; their first pause begins anew. */
const KEPT = 20_000;

export class GrowingPauses {
  private readonly pauses: Pauses;
  private readonly paused = new Map<string, Paused>();

  constructor(pauses: Pauses) {
    this.pauses = pauses;
  }

  has(key: string): boolean {
    return this.paused.has(key);
  }

  forget(key: string): void {
    this.paused.delete(key);
  }

  /** Whether {@link findDue} would say so; begins nothing but the first pause. */
  isDue(key: string, nowMs: number): boolean {
    const paused = this.paused.get(key);
    if (!paused) this.keep(key, { nextMs: nowMs + this.pauses.firstMs, times: 0 });
    return paused !== undefined && nowMs >= paused.nextMs;
  }

  /** Waits now: it was put off, and its time has not come. */
  waits(key: string, nowMs: number): boolean {
    return nowMs < (this.paused.get(key)?.nextMs ?? -Infinity);
  }

  /** After a failure: the first pause, or a longer one than the last. */
  putOff(key: string, nowMs: number): void {
    const times = this.paused.get(key)?.times ?? 0;
    this.keep(key, { nextMs: nowMs + pauseBefore(key, times, this.pauses), times: times + 1 });
  }

  /** How often it was due before, if it is due now; the first call begins the first pause. */
  findDue(key: string, nowMs: number): number | undefined {
    const paused = this.paused.get(key);
    if (!paused) this.keep(key, { nextMs: nowMs + this.pauses.firstMs, times: 0 });
    if (!paused || nowMs < paused.nextMs) return undefined;
    const { times } = paused;
    this.keep(key, { nextMs: nowMs + pauseBefore(key, times, this.pauses), times: times + 1 });
    return times;
  }

  private keep(key: string, paused: Paused): void {
    this.paused.delete(key);
    this.paused.set(key, paused);
    if (this.paused.size <= KEPT) return;
    const oldest = this.paused.keys().next();
    if (!oldest.done) this.paused.delete(oldest.value);
  }
}
