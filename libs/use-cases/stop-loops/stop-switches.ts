/**
 * The stop switches as this process knows them (libs/exchange/stop-switches.ts says what they are): read from the ledger's
 * database before the first loop starts and every second from then on. While the database is away what was known last holds.
 */
import { stoppedLoops, type LoopName, type StoppedLoop } from '#libs/exchange';
import type { OperatorActs } from '../ports/index.ts';

export class StopSwitches {
  private readonly acts: Pick<OperatorActs, 'readActs'>;
  private known: readonly StoppedLoop[] = [];

  constructor(acts: Pick<OperatorActs, 'readActs'>) {
    this.acts = acts;
  }

  async refresh(): Promise<void> {
    this.known = stoppedLoops(await this.acts.readActs('loop'));
  }

  isStopped({ loop, peer }: LoopName): boolean {
    return this.known.some((stopped) => stopped.loop === loop && stopped.peer === peer);
  }

  list(): readonly StoppedLoop[] {
    return this.known;
  }
}

/** For who has no operators: nothing is ever stopped. */
export const NOTHING_STOPPED: Pick<StopSwitches, 'isStopped'> = { isStopped: () => false };
