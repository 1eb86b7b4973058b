/** G5, G12 in worlds where yesterday's database is put back, again and again, with and without the mark, with and without the vault. */
import { describe, expect, it, jest } from '@jest/globals';
import { simulate } from './simulate.ts';

jest.setTimeout(600_000);

describe('a simulated world with old databases put back', () => {
  it.each([
    // 28 and 32: openings that went with a vault, and that an adapter alone still had.
    { nodes: 3, seeds: [1, 2, 3, 4, 5, 6, 7, 8, 28, 32] },
    // 27: put back twice, and answers to the first recovery stood in the mailbox for the second.
    // 132: put back to before it declined a dossier, in which it had no part any more.
    { nodes: 5, seeds: [1, 2, 3, 4, 5, 27, 132] },
  ])('keeps every promise at $nodes nodes', async ({ nodes, seeds }) => {
    for (const seed of seeds) {
      const { violations } = await simulate({ seed: `restore ${seed}`, nodes, restores: 3 });
      expect({ seed, violations }).toEqual({ seed, violations: [] });
    }
  });
});
