/**
 * Remembers how far work time has run, so that the next start goes on after it, also when this one is killed: at most
 * `EVERY_MS` of real time are not on disk, and a reader adds them (`reachedBy`).
 */
import { workClock, type WorkClock } from '#libs/config';
import { instantToMs, laterOf, msToInstant, type Instant } from '#libs/kernel';
import type { DataFolder } from './data-folder.ts';

const EVERY_MS = 2_000;

export class WorkClockKeeper {
  private readonly folder: DataFolder;
  private clock: WorkClock | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(folder: DataFolder) {
    this.folder = folder;
  }

  begin(clock: WorkClock): void {
    this.clock = clock;
    this.note();
    clearInterval(this.timer);
    this.timer = setInterval(() => this.note(), EVERY_MS);
    this.timer.unref();
  }

  end(): void {
    if (this.timer === undefined) return;
    clearInterval(this.timer);
    this.timer = undefined;
    this.note();
  }

  private note(): void {
    if (!this.clock) return;
    this.folder.saveClock({ clock: this.clock, reached: workClock(this.clock, Date.now).now() });
  }
}

/**
 * Work time that nothing in the stack's state is later than; undefined before the first start. `stillRan`: nodes of that
 * start were running until now.
 */
export function reachedBy(folder: DataFolder, stillRan = false): Instant | undefined {
  const found = folder.findClock();
  if (!found) return undefined;
  const { clock, reached } = found;
  const noted = msToInstant(instantToMs(reached) + Math.ceil(2 * EVERY_MS * clock.rate));
  return stillRan ? laterOf(noted, workClock(clock, Date.now).now()) : noted;
}
