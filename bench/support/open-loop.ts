/**
 * Load that does not wait for answers: pieces of work come when their time has come, whatever became of those before, and
 * what is measured counts from that intended moment (no coordinated omission). Times between them are drawn (Poisson) from a
 * seed, as is the choice of agencies (Zipf: few have most of the work).
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Chance } from '../../apps/load/chance.ts';

export interface OpenLoad {
  readonly perSecond: number;
  readonly seconds: number;
  readonly chance: Chance;
}

/** Resolves when all work has ended. `work` is given the intended moment (`performance.now()`); it is to record what it meets. */
export async function openLoad(
  { perSecond, seconds, chance }: OpenLoad,
  work: (intended: number) => Promise<void>,
): Promise<void> {
  const begun = performance.now();
  const under: Promise<void>[] = [];
  for (let at = begun; ;) {
    at += (-Math.log(1 - chance.fraction()) * 1_000) / perSecond;
    if (at > begun + seconds * 1_000) break;
    const left = at - performance.now();
    if (left > 0) await pause(left);
    const one = work(at);
    // Told to whoever awaits them all, below.
    one.catch(() => undefined);
    under.push(one);
  }
  await Promise.all(under);
}

/** Draws one of them, the first most often, the n-th 1/n as often. */
export function zipf<T>(items: readonly T[], chance: Chance): () => T {
  const weighted = items.map((item, at) => [item, 1 / (at + 1)] as const);
  return () => chance.weighted(weighted);
}
