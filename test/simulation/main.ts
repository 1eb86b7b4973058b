/**
 * Simulated worlds, one seed after the other:
 *
 *   npm run simulate -- --seeds 1000 --nodes 40 [--from 1] [--restores 3] [--workers 2] [--until-found]
 *
 * Says what was tried and found; several worlds run at once, one in each worker. A seed that fails is run again with ever less going wrong, and what is left is written to
 * `test/simulation/cases/`, where `what-once-failed.spec.ts` runs it from then on. With `--until-found` the first seed that fails ends
 * it, and nothing is kept. Exit code 1 when anything was found.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { FAULT_KINDS } from './fault-plan.ts';
import { FEWEST_NODES, MOST_NODES } from './layout.ts';
import { shrink } from './shrink.ts';
import type { SimulationResult, SimulationWanted } from './simulate.ts';
import { simulateAll } from './workers.ts';

const CASES = join(import.meta.dirname, 'cases');
const HOUR_MS = 3_600_000;

interface Options {
  readonly seeds: number;
  readonly nodes: number;
  readonly from: number;
  /** Old databases put back in each world. */
  readonly restores: number;
  /** Processes. */
  readonly workers: number;
  readonly untilFound: boolean;
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string' },
      nodes: { type: 'string' },
      from: { type: 'string' },
      restores: { type: 'string' },
      workers: { type: 'string' },
      'until-found': { type: 'boolean' },
    },
  });
  const number = (
    name: 'seeds' | 'nodes' | 'from' | 'restores' | 'workers',
    otherwise: number,
    [least, most]: readonly [number, number],
  ): number => {
    const value = Number(values[name] ?? otherwise);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new RangeError(`--${name} is a whole number from ${least} to ${most}`);
  };
  return {
    seeds: number('seeds', 100, [1, 1_000_000]),
    nodes: number('nodes', 5, [FEWEST_NODES, MOST_NODES]),
    from: number('from', 1, [0, 1_000_000_000]),
    restores: number('restores', 0, [0, 20]),
    workers: number('workers', availableParallelism(), [1, 256]),
    untilFound: values['until-found'] === true,
  };
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const complain = (text: string): void => void process.stderr.write(`${text}\n`);

class Tally {
  readonly faults = new Map<string, number>(FAULT_KINDS.map((kind) => [kind, 0]));
  seeds = 0;
  events = 0;
  asked = 0;
  virtualMs = 0;

  add({ faults, network, events, asked, virtualMs }: SimulationResult): void {
    this.seeds += 1;
    this.events += events;
    this.asked += asked;
    this.virtualMs += virtualMs;
    for (const [kind, count] of [...Object.entries(faults), ...recordsOf(network)])
      this.faults.set(kind, (this.faults.get(kind) ?? 0) + count);
  }
}
const recordsOf = (network: SimulationResult['network']): [string, number][] =>
  Object.entries(network).map(([what, count]) => [`records ${what}`, count]);

async function report(found: SimulationResult): Promise<void> {
  const { seed, nodes } = found;
  say(`\nseed ${seed}: ${found.violations[0]?.invariant}: ${found.violations[0]?.detail}`);
  const least = await shrink(found, { seed, nodes, dossiers: found.dossiers });
  const kept = { seed, nodes, dossiers: least.dossiers, plan: least.plan, found: least.violations[0] };
  mkdirSync(CASES, { recursive: true });
  const file = join(CASES, `${nodes}-nodes-seed-${seed}.json`);
  writeFileSync(file, `${JSON.stringify(kept, null, 2)}\n`);
  say(`  needs ${least.plan.map(({ kind }) => kind).join(', ') || 'no fault'}; kept in ${file}`);
}

function print(tally: Tally, failed: number): void {
  say(
    `\n${tally.seeds} seeds, ${tally.asked} commands, ${tally.events} events on all ledgers, ${(tally.virtualMs / HOUR_MS).toFixed(1)} virtual hours`,
  );
  for (const [kind, count] of tally.faults) say(`  ${kind.padEnd(18)} ${String(count).padStart(9)}`);
  say(failed === 0 ? 'Every invariant held.' : `${failed} of ${tally.seeds} seeds broke an invariant.`);
}

function* wantedBy({ seeds, nodes, from, restores }: Options): Generator<SimulationWanted> {
  for (let seed = from; seed < from + seeds; seed += 1) yield { seed: String(seed), nodes, restores };
}

/** How far it is, and when it will be done at this pace; a line each where nobody looks on. */
function progress({ seeds }: Options, tally: Tally, failed: number): void {
  const left = (((performance.now() - begunAt) / tally.seeds) * (seeds - tally.seeds)) / 60_000;
  const text = `${tally.seeds} of ${seeds} seeds, ${failed} failed, ${left.toFixed(1)} min left`;
  if (process.stdout.isTTY) process.stdout.write(`\r${text}  `);
  else if (tally.seeds % LINE_EVERY === 0) complain(text);
}
const begunAt = performance.now();
const LINE_EVERY = 50;

async function main(options: Options): Promise<number> {
  const tally = new Tally();
  const failed: SimulationResult[] = [];
  for await (const result of simulateAll(wantedBy(options), options.workers)) {
    tally.add(result);
    if (result.violations.length > 0) failed.push(result);
    if (options.untilFound && failed.length > 0) break;
    progress(options, tally, failed.length);
  }
  if (!options.untilFound) for (const result of failed) await report(result);
  print(tally, failed.length);
  return failed.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main(readOptions());
} catch (error) {
  if (!(error instanceof RangeError || (error instanceof TypeError && 'code' in error))) throw error;
  complain(
    `${error.message}\nUsage: npm run simulate -- [--seeds 100] [--nodes 5] [--from 1] [--restores 0] [--workers 2] [--until-found]`,
  );
  process.exitCode = 2;
}
