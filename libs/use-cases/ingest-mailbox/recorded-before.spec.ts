import { describe, expect, it } from '@jest/globals';
import { hopsOf } from './recorded-before.ts';

describe('header lt-hops', () => {
  it.each<[string | undefined, number]>([
    [undefined, 0],
    ['0', 0],
    ['8', 8],
    ['', 99],
    ['-1', 99],
    ['1e1', 99],
    ['３', 99],
    ['0x1', 99],
    [' 1', 99],
    ['9'.repeat(500_000), 99],
  ])('%.10s', (header, hops) => {
    expect(hopsOf({ headers: header === undefined ? {} : { 'lt-hops': header } })).toBe(hops);
  });
});
