/** G1, G3, G4, G5, G12 in simulated worlds: hundreds of seeds, kept failures, and faults planted to try the simulation itself. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import type { Fault } from './fault-plan.ts';
import { simulate, type SimulationWanted } from './simulate.ts';

jest.setTimeout(600_000);

const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at);
const found = async (wanted: SimulationWanted) => ({ ...wanted, violations: (await simulate(wanted)).violations });
const nothing = (wanted: SimulationWanted) => ({ ...wanted, violations: [] });

describe('a simulated world', () => {
  it('is the same for the same seed', async () => {
    const [first, second] = [await simulate({ seed: 'same', nodes: 5 }), await simulate({ seed: 'same', nodes: 5 })];
    expect(first.events).toBeGreaterThan(50);
    expect(first.acknowledged).toBeGreaterThan(20);
    expect(second).toEqual(first);
  });

  it.each([
    { nodes: 3, seeds: range(1, 120) },
    { nodes: 5, seeds: range(1, 80) },
    { nodes: 9, seeds: range(1, 20) },
  ])('keeps every promise at $nodes nodes', async ({ nodes, seeds }) => {
    for (const seed of seeds) {
      const wanted = { seed: String(seed), nodes };
      expect(await found(wanted)).toEqual(nothing(wanted));
    }
  });
});

const CASES = join(import.meta.dirname, 'cases');
interface Kept extends SimulationWanted {
  readonly plan: readonly Fault[];
  readonly found: unknown;
}
const cases = readdirSync(CASES).filter((file) => file.endsWith('.json'));

describe('what once failed', () => {
  it.each(cases)('holds: %s', async (file) => {
    const { found: _, ...wanted } = JSON.parse(readFileSync(join(CASES, file), 'utf8')) as Kept;
    expect(await found(wanted)).toEqual(nothing(wanted));
  });
});
