/**
 * Commands that began here and were sent to another node: that node answers them or passes them on, and whatever this node
 * decided meanwhile could contradict an answer that is on its way. So they wait, until the outcome is here or the command
 * comes back (wire format 2.1).
 *
 * Lines and receipts bring the first copy and the outcome. They cannot bring what was lost on the way back to a node that
 * has the command recorded already: so an originator that hears nothing sends it again, with growing pauses, to the node it
 * first sent to, which answers from memory or leads the copy on along the way the first one took.
 */
import { RetryBudget } from '#libs/exchange';
import { DomainError, instantToMs, type Hash } from '#libs/kernel';
import { GrowingPauses } from '../growing-pauses.ts';
import type { NodeServices } from '../node-services.ts';
import type { StopSwitches } from '../stop-loops/stop-switches.ts';
import { sendCommandAgain } from '../send-openings/send-command-again.ts';
import type { RecordedCommand } from './recorded-command.ts';

/** Longer than lines and receipts take to mend themselves (10 s, twice); a command may rightly wait for days. */
const PAUSES = { firstMs: 30_000, longestMs: 3_600_000 };
/** Commands in all. */
const REPEATS = { most: 100, perSecond: 20 };

export class AnswersAwaited {
  private readonly services: NodeServices;
  private readonly stops: Pick<StopSwitches, 'isStopped'>;
  private readonly pauses = new GrowingPauses(PAUSES);
  private readonly budget = new RetryBudget(REPEATS);

  constructor(services: NodeServices, stops: Pick<StopSwitches, 'isStopped'>) {
    this.services = services;
    this.stops = stops;
  }

  /** True: this node does not decide it now. */
  async isAwaited({ sealed, stored }: RecordedCommand): Promise<boolean> {
    if (stored.arrival.kind !== 'local' || stored.arrival.hops !== undefined) return false;
    const { services } = this;
    const to = await services.store.findFirstReceiver(sealed.hash);
    if (to === undefined) return false;
    if (this.mayRepeat(sealed.hash, instantToMs(services.wallClock.now())))
      await sendCommandAgain(services, sealed, { to, hops: 0 }).catch((error: unknown) => {
        // Sent again after the next pause.
        const code = error instanceof DomainError ? error.code : 'UNEXPECTED';
        services.report({ code: 'COMMAND_NOT_REPEATED', details: { hash: sealed.hash, to, why: code } });
      });
    return true;
  }

  /** Stopped, or out of budget, it stays due: its pause begins with its turn. */
  private mayRepeat(command: Hash, nowMs: number): boolean {
    if (!this.pauses.isDue(command, nowMs) || this.stops.isStopped({ loop: 'repeat-commands' })) return false;
    return this.budget.take(nowMs) && this.pauses.findDue(command, nowMs) !== undefined;
  }

  forget({ sealed }: RecordedCommand): void {
    this.pauses.forget(sealed.hash);
  }
}
