/** G5, G12 in worlds where yesterday's database is put back, again and again, with and without the mark. */
import { describe, expect, it, jest } from '@jest/globals';
import { simulate } from './simulate.ts';

jest.setTimeout(600_000);

describe('a simulated world with old databases put back', () => {
  it.each([
    { nodes: 3, seeds: 10 },
    { nodes: 5, seeds: 5 },
  ])('keeps every promise at $nodes nodes', async ({ nodes, seeds }) => {
    for (let seed = 1; seed <= seeds; seed++) {
      const { violations } = await simulate({ seed: `restore ${seed}`, nodes, restores: 3 });
      expect({ seed, violations }).toEqual({ seed, violations: [] });
    }
  });
});
