/**
 * Worlds in several processes: each takes the next seed when it is done with one. A world is the same in whatever process it
 * runs and whatever ran there before, so what a worker finds anybody finds again. Results come in the order of their ends.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { simulate, type SimulationResult, type SimulationWanted } from './simulate.ts';

const WORLDS = join(import.meta.dirname, 'worker.ts');

/** In this process, when one is enough. Who has seen enough breaks off: the workers end. */
export async function* simulateAll(
  wanted: Iterable<SimulationWanted>,
  workers: number,
): AsyncGenerator<SimulationResult> {
  if (workers === 1) for (const one of wanted) yield await simulate(one);
  else yield* inProcesses(wanted[Symbol.iterator](), workers);
}

async function* inProcesses(wanted: Iterator<SimulationWanted>, workers: number): AsyncGenerator<SimulationResult> {
  const busy = new Map<ChildProcess, Promise<readonly [ChildProcess, SimulationResult]>>();
  const all: ChildProcess[] = [];
  const give = (worker: ChildProcess): void => {
    const next = wanted.next();
    if (next.done) busy.delete(worker);
    else busy.set(worker, answerOf(worker, next.value));
  };
  try {
    for (let at = 0; at < workers; at += 1) {
      const worker = fork(WORLDS);
      all.push(worker);
      give(worker);
    }
    while (busy.size > 0) {
      const [worker, result] = await Promise.race(busy.values());
      give(worker);
      yield result;
    }
  } finally {
    for (const worker of all) worker.kill();
  }
}

async function answerOf(
  worker: ChildProcess,
  wanted: SimulationWanted,
): Promise<readonly [ChildProcess, SimulationResult]> {
  const ended = new AbortController();
  const { signal } = ended;
  const died = once(worker, 'exit', { signal }).then(() => {
    throw new Error(`a worker ended over seed ${wanted.seed}`);
  });
  died.catch(() => undefined);
  worker.send(wanted);
  try {
    const [result] = (await Promise.race([once(worker, 'message', { signal }), died])) as [SimulationResult];
    return [worker, result];
  } finally {
    ended.abort();
  }
}
