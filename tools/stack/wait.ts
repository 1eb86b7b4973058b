import { setTimeout as pause } from 'node:timers/promises';

/** Asks until `condition` gives something truthy, and gives it back; `undefined` when `deadlineMs` has passed. */
export async function waitUntil<T>(
  condition: () => Promise<T | undefined> | T | undefined,
  { deadlineMs, everyMs = 50 }: { readonly deadlineMs: number; readonly everyMs?: number },
): Promise<T | undefined> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const result = await condition();
    if (result || performance.now() >= end) return result;
    await pause(everyMs);
  }
}
