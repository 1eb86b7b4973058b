/**
 * What this process has done lately at somebody's word, and does not at every word: leading a command on
 * (`answer-peers/lead-on.ts`), sending again what a receipt asks for (`answer-peers/receipt-arrived.ts`).
 */
import { GrowingPauses } from './growing-pauses.ts';

/** Shorter than an originator's first pause (`AnswersAwaited`); as long as what is missing waits to be sent again unasked. */
const PAUSE_MS = 10_000;

export class OnceInAWhile {
  private readonly pauses = new GrowingPauses({ firstMs: PAUSE_MS, longestMs: PAUSE_MS });

  /** True: not within the last while, and noted now. */
  note(what: string, nowMs: number): boolean {
    const isFirst = !this.pauses.has(what);
    return this.pauses.findDue(what, nowMs) !== undefined || isFirst;
  }
}
