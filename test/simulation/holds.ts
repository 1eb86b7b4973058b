/** One world after the other: what broke a promise, with all that is needed to run it again. */
import { expect } from '@jest/globals';
import { simulate, type SimulationWanted } from './simulate.ts';

export async function holds(wanted: SimulationWanted): Promise<void> {
  const { violations } = await simulate(wanted);
  expect({ ...wanted, violations }).toEqual({ ...wanted, violations: [] });
}

/** Seeds `from` to `to`. */
export async function allHold(nodes: number, from: number, to: number): Promise<void> {
  for (let seed = from; seed <= to; seed += 1) await holds({ seed: String(seed), nodes });
}
