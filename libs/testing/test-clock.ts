import { instantToMs, msToInstant, type Instant } from '#libs/kernel';
import type { Clock } from '#libs/use-cases';

/** Stands still until a test moves it. */
export class TestClock implements Clock {
  private ms: number;

  constructor(at: Instant) {
    this.ms = instantToMs(at);
  }

  now(): Instant {
    return msToInstant(this.ms);
  }

  advance(ms: number): Instant {
    this.ms += ms;
    return this.now();
  }

  set(at: Instant): void {
    this.ms = instantToMs(at);
  }
}
