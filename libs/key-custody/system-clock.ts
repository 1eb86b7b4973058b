import type { Instant } from '#libs/kernel';
import type { Clock } from '#libs/use-cases';

/** The clock of the machine, in UTC with milliseconds. */
export const systemClock: Clock = { now: () => new Date().toISOString() as Instant };
