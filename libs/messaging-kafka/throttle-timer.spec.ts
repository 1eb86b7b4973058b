import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { createRequire } from 'node:module';
import { makeClient } from './connection.ts';
import type { RequestQueue } from './throttle-timer.ts';

type Made = new (options: object) => RequestQueue;
const require = createRequire(import.meta.url);

function queueOfAClient(): RequestQueue {
  makeClient({ brokers: ['127.0.0.1:1'], clientId: 'spec' });
  const Queue = require('kafkajs/src/network/requestQueue') as Made;
  const queue = new Queue({ maxInFlightRequests: null, requestTimeout: 1, enforceRequestTimeout: false });
  queues.push(queue);
  return queue;
}

const queues: RequestQueue[] = [];
afterEach(() => {
  jest.restoreAllMocks();
  for (const { throttleCheckTimeoutId } of queues.splice(0)) clearTimeout(throttleCheckTimeoutId ?? undefined);
});

describe('the timer of a queue of requests', () => {
  it.each([
    ['nobody throttles and nothing waits', -1, [], 1],
    ['nobody throttles and a request waits', -1, [{}], 10],
    ['a throttle is over', Date.now() - 5_000, [], 1],
  ])('is never set to a negative time: %s', (_, throttledUntil, pending, wanted) => {
    const queue = Object.assign(queueOfAClient(), { throttledUntil, pending });
    const timer = jest.spyOn(globalThis, 'setTimeout');
    queue.scheduleCheckPendingRequests();
    expect(timer.mock.calls.map(([, ms]) => ms)).toEqual([wanted]);
  });

  it('waits for the end of a throttle, set once', () => {
    const queue = Object.assign(queueOfAClient(), { throttledUntil: Date.now() + 60_000 });
    const timer = jest.spyOn(globalThis, 'setTimeout');
    queue.scheduleCheckPendingRequests();
    queue.scheduleCheckPendingRequests();
    expect(timer).toHaveBeenCalledTimes(1);
    expect(timer.mock.calls[0]?.[1]).toBeGreaterThan(50_000);
  });
});
