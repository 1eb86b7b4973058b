import { msToInstant, type Instant } from '#libs/kernel';
import type { Clock } from '#libs/use-cases';

/** The clock of the machine, in UTC with milliseconds. */
export const systemClock: Clock = { now: () => new Date().toISOString() as Instant };

/**
 * Real time that never runs backwards, for whatever waits: a clock of the machine that is set back by hours must not make
 * pauses and reminders last for hours. It follows the machine forwards, and goes on by itself when the machine goes back.
 * `wallMs` is the machine's, in milliseconds since 1970; `elapsedMs` that of a clock that nobody sets.
 */
export function steadyClock(wallMs: () => number = Date.now, elapsedMs = (): number => performance.now()): Clock {
  let [shown, at] = [wallMs(), elapsedMs()];
  return {
    now: () => {
      const elapsed = elapsedMs();
      shown = Math.max(wallMs(), shown + elapsed - at);
      at = elapsed;
      return msToInstant(Math.floor(shown));
    },
  };
}
