/**
 * Two brakes. {@link Pace} holds an act back until its work time has come; one that is late goes at once. {@link Gate} lets
 * only so many requests under way, first come first served, so that a day that is behind does not fall over the nodes.
 * Both proved by `pace.spec.ts`.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { workClock, type WorkClock } from '#libs/config';
import { instantToMs, type Instant } from '#libs/kernel';

/** Node's timers end at 2^31 ms; a longer wait is several. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export class Pace {
  private readonly clock: { now(): Instant };
  private readonly rate: number;
  private readonly signal: AbortSignal;

  constructor(setting: WorkClock | undefined, signal: AbortSignal, wallNow: () => number = Date.now) {
    this.clock = workClock(setting, wallNow);
    this.rate = setting?.rate ?? 1;
    this.signal = signal;
  }

  now(): Instant {
    return this.clock.now();
  }

  /** Resolves when the work clock shows `moment` or later: never early, or the nodes would say `TIME_IN_FUTURE`. */
  async until(moment: Instant): Promise<void> {
    for (;;) {
      this.signal.throwIfAborted();
      const left = (instantToMs(moment) - instantToMs(this.now())) / this.rate;
      if (left <= 0) return;
      await this.rest(Math.ceil(left));
    }
  }

  /** Real milliseconds. Throws when the day is ended. */
  async rest(ms: number): Promise<void> {
    await pause(Math.min(ms, LONGEST_TIMER_MS), undefined, { signal: this.signal });
  }
}

export class Gate {
  private free: number;
  private readonly waiting: (() => void)[] = [];

  constructor(places: number) {
    this.free = places;
  }

  async through<T>(act: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((enter) => this.waiting.push(enter));
    try {
      return await act();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.free += 1;
    }
  }
}
