import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TokenBuckets } from './token-buckets.ts';

function bucketsAt(perSecond: number, burstSeconds: number) {
  const clock = { now: 0 };
  const buckets = new TokenBuckets({ perSecond, burstSeconds }, () => clock.now);
  const ask = (name: string): boolean => {
    if (buckets.look(name).left === 0) return false;
    buckets.take(name);
    return true;
  };
  return { clock, buckets, ask };
}

describe('token buckets', () => {
  it('let a burst through, then the pace, and say when the next token is there', () => {
    const { clock, buckets, ask } = bucketsAt(2, 5);
    expect(Array.from({ length: 12 }, () => ask('a')).filter(Boolean)).toHaveLength(10);
    expect(buckets.look('a')).toMatchObject({ left: 0, waitMs: 500, fullInMs: 5000 });
    clock.now = 499;
    expect(ask('a')).toBe(false);
    clock.now = 500;
    expect(ask('a')).toBe(true);
    expect(ask('a')).toBe(false);
    clock.now = 1_000_000;
    expect(buckets.look('a')).toEqual({ left: 10, waitMs: 0, fullInMs: 0 });
  });

  it('are nobody else’s', () => {
    const { ask } = bucketsAt(1, 1);
    expect([ask('a'), ask('a'), ask('b')]).toEqual([true, false, true]);
  });

  it('never let more through than the burst and the pace, nor less of one who asks all the time', () => {
    const arbitrary = fc.record({
      perSecond: fc.integer({ min: 1, max: 1000 }),
      burst: fc.integer({ min: 1, max: 10 }),
      gaps: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 50, maxLength: 400 }),
    });
    fc.assert(
      fc.property(arbitrary, ({ perSecond, burst, gaps }) => {
        const { clock, ask } = bucketsAt(perSecond, burst);
        let passed = 0;
        for (const gap of gaps) {
          clock.now += gap;
          if (ask('a')) passed += 1;
        }
        const allowed = perSecond * burst + (clock.now / 1000) * perSecond;
        expect(passed).toBeLessThanOrEqual(allowed + 1e-3);
        expect(passed).toBeGreaterThanOrEqual(Math.min(gaps.length, perSecond * burst));
      }),
    );
  });

  it('keep a bounded number of names, whoever is thought up', () => {
    const { clock, buckets } = bucketsAt(1, 60);
    for (let n = 0; n < 30_000; n += 1) {
      clock.now += 1;
      buckets.take(`name-${n}`);
    }
    expect(buckets.size).toBeLessThanOrEqual(20_000);
    expect(buckets.look('name-29999').left).toBe(59);
  });
});
