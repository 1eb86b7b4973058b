/**
 * A mend of kafkajs 2.2.4, which is frozen: a queue of requests that no broker has throttled sets a timer to "throttled
 * until the year 1970, minus now", a negative time, and Node 24 prints a warning for it. The method is replaced by one
 * that waits as long and never less than nothing, so that every other warning is still shown. Proved by
 * `throttle-timer.spec.ts`.
 */
import { createRequire } from 'node:module';

/** What `src/network/requestQueue` of kafkajs has of this matter. */
export interface RequestQueue {
  /** Milliseconds since 1970; -1: never throttled. */
  throttledUntil: number;
  readonly pending: readonly unknown[];
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  checkPendingRequests(): void;
  scheduleCheckPendingRequests(): void;
}
type RequestQueueClass = { readonly prototype: RequestQueue };

/** As in kafkajs: how soon it looks again when requests wait and nobody throttles. */
const LOOK_AGAIN_MS = 10;
/** What Node makes of a negative time. */
const SOON_MS = 1;

export function mendThrottleTimer(): void {
  const queue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as RequestQueueClass;
  queue.prototype.scheduleCheckPendingRequests = schedule;
}

function schedule(this: RequestQueue): void {
  if (this.throttleCheckTimeoutId) return;
  const throttledMs = this.throttledUntil - Date.now();
  const unthrottledMs = this.pending.length > 0 ? LOOK_AGAIN_MS : SOON_MS;
  this.throttleCheckTimeoutId = setTimeout(
    () => {
      this.throttleCheckTimeoutId = null;
      this.checkPendingRequests();
    },
    throttledMs > 0 ? throttledMs : unthrottledMs,
  );
}
