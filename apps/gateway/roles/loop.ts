/**
 * A piece of work done again and again: at every ring, at least every `everyMs`, until told to stop. An error is reported
 * and tried again after a pause that grows; it never ends the loop and never passes unseen. `stop` waits for the turn
 * under way.
 */
import { instantToMs } from '#libs/kernel';
import type { Tracing } from '#libs/observability';
import type { LifeGuard, NodeServices } from '#libs/use-cases';
import { automation } from '../tracing/work.ts';

export interface LoopWork {
  readonly name: string;
  readonly everyMs: number;
  /** Also woken when something was appended here, or by the bell. */
  readonly wakes?: boolean;
  /** Left out of a turn while the node may not do so (design 5, *Life*). */
  readonly needs?: 'signs' | 'takesIn';
  run(): Promise<void>;
}
export interface LoopHealth {
  readonly name: string;
  /** The last turn went wrong. */
  readonly failing: boolean;
  /** Real time, in milliseconds, at which a turn last ended well; of the start, before one has. */
  readonly goodAt: number;
}
/** `tracing`: what a turn appends is told under the loop's name. */
export interface LoopServices extends Pick<NodeServices, 'store' | 'bell' | 'report' | 'wallClock' | 'life'> {
  readonly tracing?: Tracing | undefined;
  /** Told of every turn that failed. */
  readonly failed?: (loop: string) => void;
}
export interface Loop {
  readonly name: string;
  health(): LoopHealth;
  stop(): Promise<void>;
}

const wallNow = ({ wallClock }: LoopServices): number => instantToMs(wallClock.now());

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 15_000;

const mayRun = (life: LifeGuard, { needs }: LoopWork): boolean => needs === undefined || life[needs];

export function startLoop(services: LoopServices, work: LoopWork): Loop {
  let stopping = false;
  let wake: () => void = () => undefined;
  let [failing, goodAt] = [false, wallNow(services)];
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const idle = async (): Promise<void> => {
    if (stopping) return;
    await (work.wakes
      ? Promise.race([pause(work.everyMs), services.store.appended(work.everyMs), services.bell.wait(work.everyMs)])
      : pause(work.everyMs));
    wake();
  };
  const turn = async (failures: number): Promise<number> => {
    try {
      if (mayRun(services.life, work)) await automation(services.tracing, work.name, () => work.run());
      [failing, goodAt] = [false, wallNow(services)];
      await idle();
      return 0;
    } catch (error) {
      failing = true;
      services.failed?.(work.name);
      const details = { loop: work.name, failures: failures + 1, error };
      if (!stopping) services.report({ code: 'LOOP_FAILED', details });
      if (!stopping) await pause(Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS));
      return failures + 1;
    }
  };
  const running = (async () => {
    for (let failures = 0; !stopping;) failures = await turn(failures);
  })();
  return {
    name: work.name,
    health: () => ({ name: work.name, failing, goodAt }),
    async stop() {
      stopping = true;
      wake();
      services.bell.ring();
      await running;
    },
  };
}
