/** When each command was led on last by this process (`answer-peers/lead-on.ts`). */
import type { Hash } from '#libs/kernel';
import { GrowingPauses } from './growing-pauses.ts';

/** Shorter than an originator's first pause (`AnswersAwaited`). */
const PAUSE_MS = 10_000;

export class CopiesLedOn {
  private readonly pauses = new GrowingPauses({ firstMs: PAUSE_MS, longestMs: PAUSE_MS });

  /** True: not within the last while, and noted now. */
  note(command: Hash, nowMs: number): boolean {
    const isFirst = !this.pauses.has(command);
    return this.pauses.findDue(command, nowMs) !== undefined || isFirst;
  }
}
