import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pauseBefore, RetryBudget } from './retry-pace.ts';

const PAUSES = { firstMs: 1000, longestMs: 60_000 };

describe('pauses', () => {
  it('begin as they are told, double up to the longest, and are a quarter shorter at most', () => {
    expect(pauseBefore('whatever', 0, PAUSES)).toBe(1000);
    fc.assert(
      fc.property(fc.string(), fc.nat({ max: 2000 }), (name, times) => {
        const whole = Math.min(1000 * 2 ** times, 60_000);
        const pause = pauseBefore(name, times, PAUSES);
        expect(pause).toBeLessThanOrEqual(whole);
        expect(pause).toBeGreaterThanOrEqual(Math.max(1000, whole * 0.75 - 1));
      }),
    );
  });

  it('of those that failed together are spread, and the same in every run', () => {
    const names = Array.from({ length: 200 }, (_, at) => `gialam-communes/peer-${at}`);
    const pauses = names.map((name) => pauseBefore(name, 3, PAUSES));
    expect(new Set(pauses).size).toBeGreaterThan(150);
    const quarters = [0, 1, 2, 3].map((at) => pauses.filter((ms) => Math.floor((ms - 6000) / 501) === at).length);
    for (const many of quarters) expect(many).toBeGreaterThan(25);
    expect(names.map((name) => pauseBefore(name, 3, PAUSES))).toEqual(pauses);
  });
});

describe('a budget', () => {
  it('gives what it holds at once, then as much as comes with time, and never saves beyond that', () => {
    const budget = new RetryBudget({ most: 3, perSecond: 2 });
    const at = (ms: number, tries: number) =>
      Array.from({ length: tries }, () => budget.take(ms)).filter(Boolean).length;
    expect([at(0, 5), at(400, 5), at(500, 5), at(1500, 5), at(3_600_000, 9)]).toEqual([3, 0, 1, 2, 3]);
  });

  it('bounds what a loop tries however often it asks, and is not fooled by a clock set back', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -500, max: 500 }), { maxLength: 300 }), (steps) => {
        const budget = new RetryBudget({ most: 5, perSecond: 1 });
        let now = 0;
        let forward = 0;
        let taken = 0;
        for (const step of steps) {
          now += step;
          forward += Math.max(step, 0);
          if (budget.take(now)) taken += 1;
        }
        expect(taken).toBeLessThanOrEqual(5 + forward / 1000 + 1e-9);
      }),
    );
  });
});
