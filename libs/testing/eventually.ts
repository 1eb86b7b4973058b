import { setTimeout as pause } from 'node:timers/promises';

/** Waits for a condition instead of sleeping: asks every 25 ms, throws what it last met when the deadline has passed. */
export async function eventually<T>(what: () => T | Promise<T>, { withinMs = 20_000 } = {}): Promise<T> {
  const end = performance.now() + withinMs;
  for (;;) {
    try {
      return await what();
    } catch (error) {
      if (performance.now() > end) throw error;
    }
    await pause(25);
  }
}
