import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isUuid7 } from '#libs/kernel';
import { allot, Chance } from './chance.ts';

const draws = (chance: Chance, count = 20): readonly number[] => Array.from({ length: count }, () => chance.fraction());

describe('chance', () => {
  it('is a function of its path', () => {
    expect(draws(new Chance('a').of('b'))).toEqual(draws(new Chance('a/b')));
    expect(draws(new Chance('a'))).not.toEqual(draws(new Chance('b')));
    expect(new Chance('gia-lam').fraction()).toBe(0.480410183361645);
  });

  it('of one purpose does not depend on draws for another', () => {
    const chance = new Chance('a');
    draws(chance.of('other'), 7);
    expect(draws(chance.of('mine'))).toEqual(draws(new Chance('a').of('mine')));
  });

  it('stays within its bounds', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: -5, max: 5 }), fc.nat(9), (path, least, span) => {
        const chance = new Chance(path);
        const drawn = Array.from({ length: 40 }, () => chance.between(least, least + span));
        expect(Math.min(...drawn) >= least && Math.max(...drawn) <= least + span).toBe(true);
      }),
    );
  });

  it('picks by weight, and never what weighs nothing', () => {
    const chance = new Chance('weights');
    const picked = Array.from({ length: 4000 }, () =>
      chance.weighted([
        ['never', 0],
        ['one', 1],
        ['three', 3],
      ]),
    );
    expect(picked).not.toContain('never');
    expect(picked.filter((item) => item === 'three').length / picked.length).toBeCloseTo(0.75, 1);
    expect(() => chance.weighted([])).toThrow(/nothing to pick from/);
  });

  it('makes UUIDs of version 7 in the order of their times', () => {
    const chance = new Chance('ids');
    const ids = Array.from({ length: 50 }, (_, index) => chance.uuid7(1_686_700_000_000 + index));
    expect(ids.every(isUuid7)).toBe(true);
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('allot', () => {
  it('meets every share as nearly as whole items allow', () => {
    const shares = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(shares, fc.nat(500), (weights, count) => {
        const entries = weights.map((weight, index) => [index, weight] as const);
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        const allotted = allot(entries, count);
        expect(allotted).toHaveLength(count);
        for (const [item, weight] of entries) {
          const those = allotted.filter((one) => one === item).length;
          expect(Math.abs(those - (weight / total) * count)).toBeLessThan(1);
        }
      }),
    );
  });
});
