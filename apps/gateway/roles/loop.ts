/**
 * A piece of work done again and again: at every ring, at least every `everyMs`, until told to stop. An error is reported
 * and tried again after a pause that grows; it never ends the loop and never passes unseen. `stop` waits for the turn
 * under way.
 */
import { DomainError } from '#libs/kernel';
import type { NodeServices } from '#libs/use-cases';

export interface LoopWork {
  readonly name: string;
  readonly everyMs: number;
  /** Also woken when something was appended here, or by the bell. */
  readonly wakes?: boolean;
  run(): Promise<void>;
}
export interface Loop {
  readonly name: string;
  /** What went wrong at the last turn; undefined: it went well. */
  trouble(): string | undefined;
  stop(): Promise<void>;
}

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 15_000;

export function startLoop(services: NodeServices, work: LoopWork): Loop {
  let stopping = false;
  let wake: () => void = () => undefined;
  let trouble: string | undefined;
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
      await work.run();
      trouble = undefined;
      await idle();
      return 0;
    } catch (error) {
      trouble = error instanceof DomainError ? error.code : error instanceof Error ? error.name : 'UNKNOWN';
      if (!stopping)
        services.report({
          code: 'LOOP_FAILED',
          details: { loop: work.name, failures: failures + 1, error },
        });
      if (!stopping) await pause(Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS));
      return failures + 1;
    }
  };
  const running = (async () => {
    for (let failures = 0; !stopping;) failures = await turn(failures);
  })();
  return {
    name: work.name,
    trouble: () => trouble,
    async stop() {
      stopping = true;
      wake();
      services.bell.ring();
      await running;
    },
  };
}
