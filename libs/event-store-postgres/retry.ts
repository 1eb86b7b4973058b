import { setTimeout as wait } from 'node:timers/promises';
import { classifyError, isRetryable } from './errors.ts';

export interface RetryPolicy {
  /** From the first failure on; then the last error goes to the caller. */
  readonly giveUpAfterMs: number;
  readonly longestDelayMs: number;
}
export const RETRY: RetryPolicy = { giveUpAfterMs: 10_000, longestDelayMs: 1_000 };

/**
 * Does `work` again while its error is one that passes, waiting as long as the error says and twice as long each time.
 * Only for work that may be done twice. A full disk is left to the caller: nothing is won by asking again at once.
 */
export async function retried<T>(
  work: () => Promise<T>,
  { giveUpAfterMs, longestDelayMs }: RetryPolicy = RETRY,
): Promise<T> {
  let deadline: number | undefined;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work();
    } catch (thrown) {
      const error = classifyError(thrown);
      const delay = Math.min(Number(error.details['delayMs']) * 2 ** attempt, longestDelayMs);
      deadline ??= performance.now() + giveUpAfterMs;
      const over = performance.now() + delay > deadline;
      if (!isRetryable(error) || error.code === 'STORE_FULL' || over) throw error;
      await wait(delay * (0.5 + Math.random() / 2));
    }
  }
}
