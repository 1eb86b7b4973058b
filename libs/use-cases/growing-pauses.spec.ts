import { describe, expect, it } from '@jest/globals';
import { GrowingPauses } from './growing-pauses.ts';

describe('what does not come', () => {
  it('is due after the first pause, then after ever longer ones up to the longest', () => {
    const pauses = new GrowingPauses({ firstMs: 10, longestMs: 40 });
    const due = Array.from({ length: 400 }, (_, ms) => ms).filter((ms) => pauses.findDue('a', ms) !== undefined);
    const gaps = due.map((ms, at) => ms - (due[at - 1] ?? 0));
    expect(gaps.slice(0, 2)).toEqual([10, 10]);
    expect(gaps[2]).toBeGreaterThanOrEqual(15);
    expect(gaps[2]).toBeLessThanOrEqual(20);
    for (const gap of gaps.slice(3)) {
      expect(gap).toBeGreaterThanOrEqual(30);
      expect(gap).toBeLessThanOrEqual(40);
    }
    expect(gaps.length).toBeGreaterThan(8);
  });

  it('begins anew once it is forgotten, and each alone', () => {
    const pauses = new GrowingPauses({ firstMs: 10, longestMs: 40 });
    expect([pauses.findDue('a', 0), pauses.findDue('b', 5)]).toEqual([undefined, undefined]);
    expect([pauses.findDue('a', 10), pauses.findDue('b', 10)]).toEqual([0, undefined]);
    pauses.forget('a');
    expect([pauses.has('a'), pauses.has('b')]).toEqual([false, true]);
    expect(pauses.findDue('a', 100)).toBeUndefined();
  });

  it('is put off ever longer while it fails, and waits so long', () => {
    const pauses = new GrowingPauses({ firstMs: 10, longestMs: 40 });
    expect(pauses.waits('a', 0)).toBe(false);
    pauses.putOff('a', 0);
    expect([pauses.waits('a', 9), pauses.waits('a', 10)]).toEqual([true, false]);
    pauses.putOff('a', 10);
    expect([pauses.waits('a', 24), pauses.waits('a', 30)]).toEqual([true, false]);
    expect(pauses.isDue('b', 0)).toBe(false);
    expect([pauses.isDue('b', 9), pauses.isDue('b', 10), pauses.isDue('b', 10)]).toEqual([false, true, true]);
  });

  it('keeps a bounded number', () => {
    const pauses = new GrowingPauses({ firstMs: 10, longestMs: 40 });
    for (let count = 0; count <= 20_000; count += 1) pauses.findDue(String(count), 0);
    expect([pauses.has('0'), pauses.has('1')]).toEqual([false, true]);
  });
});
