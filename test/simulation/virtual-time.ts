/** One clock and one queue of things to do for a whole simulated world: nothing happens but in the order of virtual time. */
import { msToInstant, type Instant } from '#libs/kernel';
import type { Clock } from '#libs/use-cases';

interface Due {
  readonly atMs: number;
  readonly turn: number;
  readonly run: () => void | Promise<void>;
}

export class VirtualTime {
  nowMs: number;
  readonly startMs: number;
  private turn = 0;
  private readonly heap: Due[] = [];

  constructor(startMs: number) {
    this.startMs = startMs;
    this.nowMs = startMs;
  }

  /** A clock that is `skewMs()` ahead. */
  clock(skewMs: () => number = () => 0): Clock {
    return { now: (): Instant => msToInstant(this.nowMs + skewMs()) };
  }

  after(ms: number, run: Due['run']): void {
    this.turn += 1;
    this.heap.push({ atMs: this.nowMs + Math.max(0, Math.floor(ms)), turn: this.turn, run });
    this.rise(this.heap.length - 1);
  }

  /** Runs what is due until then, one after the other; `check` after each. */
  async runUntil(untilMs: number, check: () => void | Promise<void>): Promise<void> {
    for (;;) {
      const next = this.heap[0];
      if (!next || next.atMs > untilMs) break;
      this.takeFirst();
      this.nowMs = next.atMs;
      await next.run();
      await check();
    }
    this.nowMs = Math.max(this.nowMs, untilMs);
  }

  private isBefore(a: number, b: number): boolean {
    const [one, two] = [this.heap[a] as Due, this.heap[b] as Due];
    return one.atMs < two.atMs || (one.atMs === two.atMs && one.turn < two.turn);
  }

  private swap(a: number, b: number): void {
    [this.heap[a], this.heap[b]] = [this.heap[b] as Due, this.heap[a] as Due];
  }

  private rise(from: number): void {
    for (let at = from, up = (at - 1) >> 1; at > 0 && this.isBefore(at, up); at = up, up = (at - 1) >> 1)
      this.swap(at, up);
  }

  private takeFirst(): void {
    const last = this.heap.pop() as Due;
    if (this.heap.length === 0) return;
    this.heap[0] = last;
    for (let at = 0; ;) {
      const children = [2 * at + 1, 2 * at + 2].filter((child) => child < this.heap.length);
      const least = children.reduce((best, child) => (this.isBefore(child, best) ? child : best), at);
      if (least === at) return;
      this.swap(at, least);
      at = least;
    }
  }
}
