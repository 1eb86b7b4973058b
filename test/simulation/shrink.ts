import { simulate, type SimulationResult, type SimulationWanted } from './simulate.ts';

/** Leaves out what the failure does not need: faults, one after the other, then dossiers. The same first invariant must fail. */
export async function shrink(failed: SimulationResult, wanted: SimulationWanted): Promise<SimulationResult> {
  const invariant = failed.violations[0]?.invariant;
  const fails = async (smaller: SimulationWanted): Promise<SimulationResult | undefined> => {
    const result = await simulate(smaller);
    return result.violations[0]?.invariant === invariant ? result : undefined;
  };
  let best = failed;
  let current: SimulationWanted = { ...wanted, plan: failed.plan };
  for (let at = 0; at < best.plan.length;) {
    const without = { ...current, plan: best.plan.filter((_, index) => index !== at) };
    const result = await fails(without);
    if (result) [best, current] = [result, without];
    else at += 1;
  }
  for (let dossiers = (current.dossiers ?? best.dossiers) - 1; dossiers > 0; dossiers -= 1) {
    const fewer = { ...current, dossiers };
    const result = await fails(fewer);
    if (!result) break;
    [best, current] = [result, fewer];
  }
  return best;
}
