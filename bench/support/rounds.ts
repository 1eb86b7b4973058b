/**
 * Contenders beside a floor: rounds are interleaved, so that what else the machine does meets all alike; the first round
 * warms up; medians are given with the lowest and the highest. On a shared machine compare ratios of one run, not runs.
 */
import { appendFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import type { CpuTime, ReadCpu } from './cpu.ts';
import { median } from './stats.ts';

/** Work of one caller, made anew for each round. */
export type Caller = () => Promise<void>;
export interface Contender {
  readonly name: string;
  /** The callers of a round, all at once, so that what they need can be made before the clock starts. */
  callers(count: number): readonly Caller[];
}
export interface Plan {
  readonly bench: string;
  /** The first contender is the floor. */
  readonly contenders: readonly Contender[];
  readonly callers: readonly number[];
  readonly rounds: number;
  readonly seconds: number;
  readonly cpu: ReadCpu;
}
interface Round {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Of the processor, for one piece of work. */
  readonly ownUs: number;
  readonly serverUs: number;
}
export interface Figure {
  readonly bench: string;
  readonly name: string;
  readonly callers: number;
  readonly perSecond: number;
  readonly lowest: number;
  readonly highest: number;
  readonly timesFloor: number;
  readonly p50Ms: number;
  readonly p50TimesFloor: number;
  readonly p99Ms: number;
  readonly ownCpuUs: number;
  readonly serverCpuUs: number;
}

/** Each caller works one thing after the other until time is up. */
async function runRound(callers: readonly Caller[], seconds: number, cpu: ReadCpu): Promise<Round> {
  const latencies: number[] = [];
  const before = cpu();
  const start = performance.now();
  const end = start + seconds * 1_000;
  await Promise.all(
    callers.map(async (work) => {
      for (;;) {
        const began = performance.now();
        if (began > end) return;
        await work();
        latencies.push(performance.now() - began);
      }
    }),
  );
  const perSecond = (latencies.length * 1_000) / (performance.now() - start);
  const after = cpu();
  const spent = (of: keyof CpuTime): number => (after[of] - before[of]) / latencies.length;
  latencies.sort((a, b) => a - b);
  const at = (share: number): number => latencies[Math.floor(latencies.length * share)] ?? 0;
  return { perSecond, p50: at(0.5), p99: at(0.99), ownUs: spent('ownUs'), serverUs: spent('serverUs') };
}

export async function runRounds(plan: Plan): Promise<readonly Figure[]> {
  const results = new Map<string, Round[]>();
  for (let round = 0; round <= plan.rounds; round += 1) {
    for (const callers of plan.callers) {
      for (const contender of plan.contenders) {
        const seconds = round === 0 ? plan.seconds / 2 : plan.seconds;
        const result = await runRound(contender.callers(callers), seconds, plan.cpu);
        const key = `${contender.name} ${callers}`;
        if (round > 0) results.set(key, [...(results.get(key) ?? []), result]);
      }
    }
  }
  return plan.callers.flatMap((callers) => figuresAt(plan, callers, (name) => results.get(`${name} ${callers}`) ?? []));
}

function figuresAt(plan: Plan, callers: number, roundsOf: (name: string) => readonly Round[]): readonly Figure[] {
  const floor = roundsOf(plan.contenders[0]?.name ?? '');
  const floorRate = median(floor.map(({ perSecond }) => perSecond));
  const floorP50 = median(floor.map(({ p50 }) => p50));
  return plan.contenders.map(({ name }) => {
    const rounds = roundsOf(name);
    const rates = rounds.map(({ perSecond }) => perSecond);
    const p50Ms = median(rounds.map(({ p50 }) => p50));
    return {
      bench: plan.bench,
      name,
      callers,
      perSecond: Math.round(median(rates)),
      lowest: Math.round(Math.min(...rates)),
      highest: Math.round(Math.max(...rates)),
      timesFloor: rounded(median(rates) / floorRate),
      p50Ms: rounded(p50Ms),
      p50TimesFloor: rounded(p50Ms / floorP50),
      p99Ms: rounded(median(rounds.map(({ p99 }) => p99))),
      ownCpuUs: Math.round(median(rounds.map(({ ownUs }) => ownUs))),
      serverCpuUs: Math.round(median(rounds.map(({ serverUs }) => serverUs))),
    };
  });
}

const rounded = (value: number): number => Math.round(value * 1_000) / 1_000;

export const machine = (): string =>
  `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}, Node ${process.version}`;

/** A table on the screen; with `BENCH_JSON`, a line of JSON for each figure at the end of that file. */
export function report(figures: readonly Figure[], notes: readonly string[] = []): void {
  for (const line of [machine(), ...notes]) console.log(line);
  console.log(
    'callers                 per second  (lowest–highest)  × floor   p50 ms  × floor   p99 ms   CPU µs: own server',
  );
  for (const figure of figures) console.log(lineOf(figure));
  const file = process.env['BENCH_JSON'];
  if (file === undefined) return;
  for (const figure of figures) appendFileSync(file, `${JSON.stringify({ machine: machine(), notes, ...figure })}\n`);
}

function lineOf({ callers, name, ...figure }: Figure): string {
  return [
    String(callers).padStart(7),
    name.padEnd(16),
    String(figure.perSecond).padStart(9),
    `(${figure.lowest}–${figure.highest})`.padStart(17),
    figure.timesFloor.toFixed(2).padStart(8),
    figure.p50Ms.toFixed(2).padStart(8),
    figure.p50TimesFloor.toFixed(2).padStart(8),
    figure.p99Ms.toFixed(2).padStart(8),
    String(figure.ownCpuUs).padStart(12),
    String(figure.serverCpuUs).padStart(6),
  ].join(' ');
}
