import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Backoff } from './backoff.ts';
import { chunksOf } from './sender.ts';

describe('chunksOf', () => {
  const record = (bytes: number) => ({ key: 'k', value: new Uint8Array(bytes) });

  it('keeps order and loses nothing, and no chunk of more than one record is too large', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3_000)), (sizes) => {
        const records = sizes.map(record);
        const chunks = chunksOf(records, 5_000);
        expect(chunks.flat()).toEqual(records);
        return chunks.every(
          (chunk) => chunk.length === 1 || chunk.reduce((sum, { value }) => sum + value.length, 0) <= 5_000,
        );
      }),
    );
  });

  it('fills a chunk before it begins the next', () => {
    expect(chunksOf([record(1_000), record(1_000), record(1_000)], 2_600).map((chunk) => chunk.length)).toEqual([2, 1]);
  });
});

describe('Backoff', () => {
  it('doubles to its most, and begins anew', () => {
    const backoff = new Backoff({ firstMs: 100, mostMs: 1_000 });
    const pauses = Array.from({ length: 40 }, () => backoff.next());
    [100, 200, 400, 800, 1_000].forEach((most, index) => {
      expect(pauses[index]).toBeLessThanOrEqual(most);
      expect(pauses[index]).toBeGreaterThanOrEqual(most * 0.8);
    });
    expect(Math.max(...pauses)).toBeLessThanOrEqual(1_000);
    backoff.reset();
    expect(backoff.next()).toBeLessThanOrEqual(100);
  });
});
