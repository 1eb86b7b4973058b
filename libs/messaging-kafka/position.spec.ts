import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { choosePosition } from './position.ts';

const range = (low: number, high: number) => ({ partition: 0, low: String(low), high: String(high) });
const stored = (next: number, partitionStart = 0, clusterId = 'c') => ({
  clusterId,
  partition: 0,
  partitionStart: String(partitionStart),
  next: String(next),
});

describe('choosePosition', () => {
  it('begins an unread partition at its earliest record, without a gap', () => {
    expect(choosePosition(undefined, 'c', range(7, 9))).toEqual({ next: '7' });
  });

  it('goes on where the caller stands, at the very ends of the range too, and when retention has moved on behind it', () => {
    for (const next of [3, 5, 9])
      expect(choosePosition(stored(next), 'c', range(3, 9))).toEqual({ next: String(next) });
  });

  it.each([
    ['CLUSTER_CHANGED', stored(5, 0, 'other')],
    ['BEYOND_END', stored(10)],
    ['EXPIRED', stored(2)],
    ['START_WENT_BACK', stored(5, 4)],
  ])('takes the earliest and says %s', (gap, offset) => {
    expect(choosePosition(offset, 'c', range(3, 9))).toEqual({ next: '3', gap });
  });

  it('compares offsets as numbers beyond 2^53, not as text', () => {
    const big = (text: string) => ({ clusterId: 'c', partition: 0, partitionStart: '9', next: text });
    const wide = { partition: 0, low: '9', high: '9223372036854775807' };
    expect(choosePosition(big('9007199254740993'), 'c', wide)).toEqual({ next: '9007199254740993' });
    expect(choosePosition(big('10'), 'c', wide)).toEqual({ next: '10' });
  });

  it('never leaves the range, and never moves without a gap', () => {
    const offset = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });
    fc.assert(
      fc.property(offset, offset, offset, offset, (a, b, next, start) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        const given = { clusterId: 'c', partition: 0, partitionStart: String(start), next: String(next) };
        const place = choosePosition(given, 'c', { partition: 0, low: String(low), high: String(high) });
        const at = BigInt(place.next);
        return at >= low && at <= high && (place.gap !== undefined || at === next);
      }),
    );
  });
});
