/** One simulated world from its seed to its end, and what was found. The same seed, nodes and plan give the same run. */
import { createHash } from 'node:crypto';
import { Dice } from './dice.ts';
import { lateAgencies, planFaults, planJoins, planRestores, type Fault, type FaultKind } from './fault-plan.ts';
import { heal, injectFaults } from './faults.ts';
import { Observer } from './invariants.ts';
import { People } from './people.ts';
import type { Violation } from './seen.ts';
import { World } from './world.ts';

export interface SimulationWanted {
  readonly seed: string;
  readonly nodes: number;
  readonly dossiers?: number;
  /** How often an old database is put back; absent: never. */
  readonly restores?: number;
  /** Absent: drawn from the seed. */
  readonly plan?: readonly Fault[];
}
export interface SimulationResult {
  readonly seed: string;
  readonly nodes: number;
  readonly dossiers: number;
  readonly plan: readonly Fault[];
  readonly violations: readonly Violation[];
  readonly faults: Readonly<Partial<Record<FaultKind, number>>>;
  readonly network: Readonly<Record<string, number>>;
  readonly asked: number;
  readonly acknowledged: number;
  readonly events: number;
  readonly virtualMs: number;
  /** Of everything every ledger holds: two runs of one seed give the same. */
  readonly digest: string;
}

/** Faults and new acts happen in this time… */
const TROUBLE_MS = 8 * 60_000;
/** …then everything has this long to arrive. Longer than the longest pause that a retry has grown to in the trouble. */
const PEACE_MS = 45 * 60_000;
const LOOK_MS = 60_000;
/** Beyond, more happens at once: most nodes know nothing of most dossiers, and a choice that falls on one of them is none. */
const FEW_NODES = 9;

export async function simulate({
  seed,
  nodes,
  dossiers = Math.max(6, Math.ceil(nodes / 3)),
  restores = 0,
  plan: given,
}: SimulationWanted): Promise<SimulationResult> {
  const plan = given ?? [
    ...planFaults(new Dice(`${seed}/plan`), { count: Math.max(14, nodes), withinMs: TROUBLE_MS }),
    ...planJoins(new Dice(`${seed}/joins`), { most: Math.ceil(nodes / 10), withinMs: TROUBLE_MS / 2 }),
    ...planRestores(new Dice(`${seed}/restores`), { count: restores, withinMs: TROUBLE_MS - 150_000 }),
  ];
  const world = await World.open(seed, nodes, lateAgencies(plan, nodes));
  const people = new People(world, { dossiers, pauseMs: 6_000 * Math.min(1, FEW_NODES / nodes) });
  const observer = new Observer(world, people);
  const violations: Violation[] = [];
  const check = async (): Promise<void> => {
    if (violations.length === 0) violations.push(...(await observer.step()));
  };
  people.start();
  injectFaults(world, people, plan);
  await world.time.runUntil(world.time.startMs + TROUBLE_MS, check);
  people.areHome = true;
  await heal(world);
  const until = world.time.nowMs + PEACE_MS;
  let left: readonly Violation[];
  // What waits behind a long pause is still on its way when all is quiet: looked at again until the peace is over.
  do {
    await settle({ world, people, until }, check, violations);
    left = violations.length === 0 ? await observer.end() : [];
  } while (left.length > 0 && world.time.nowMs < until);
  violations.push(...left);
  return resultOf({ world, people, observer, plan, violations, seed, nodes, dossiers });
}

/** Until all is quiet, or the peace is over. */
async function settle(
  { world, people, until }: { readonly world: World; readonly people: People; readonly until: number },
  check: () => Promise<void>,
  violations: readonly Violation[],
): Promise<void> {
  let before = '';
  while (world.time.nowMs < until && violations.length === 0) {
    await world.time.runUntil(world.time.nowMs + LOOK_MS, check);
    // What a cut or a storm begun late put up again.
    await heal(world);
    const now = await restOf(world, people);
    if (now !== undefined && now === before) return;
    before = now ?? '';
  }
}

/** What would still change; undefined: something is known to be under way. */
async function restOf(world: World, people: People): Promise<string | undefined> {
  if (!world.network.isQuiet || people.waiting.length > 0) return undefined;
  const parts: string[] = [];
  for (const node of world.nodes) {
    const store = node.ledger.open();
    if (node.processes.some(({ services }) => !services.life.signs)) return undefined;
    const deliveries = await store.deliveries();
    if (deliveries.some(({ highest, contiguousUpTo }) => highest !== contiguousUpTo)) return undefined;
    parts.push(String((await store.logSize()).size));
  }
  return parts.join();
}

interface Ended {
  readonly world: World;
  readonly people: People;
  readonly observer: Observer;
  readonly plan: readonly Fault[];
  readonly violations: readonly Violation[];
  readonly seed: string;
  readonly nodes: number;
  readonly dossiers: number;
}
async function resultOf({
  world,
  people,
  observer,
  plan,
  violations,
  seed,
  nodes,
  dossiers,
}: Ended): Promise<SimulationResult> {
  const hash = createHash('sha256');
  let events = 0;
  for (const { store } of observer.observed) {
    const log = await store.readLog(-1, Number.MAX_SAFE_INTEGER);
    events += log.filter(({ class: of }) => of === 'event').length;
    for (const stored of log) if (stored.class !== 'directory') hash.update(stored.hash);
  }
  const faults: Partial<Record<FaultKind, number>> = {};
  for (const { kind } of plan) faults[kind] = (faults[kind] ?? 0) + 1;
  return {
    seed,
    nodes,
    dossiers,
    plan,
    violations,
    faults,
    network: world.network.happened,
    asked: people.asked.length,
    acknowledged: people.asked.filter(({ acknowledged }) => acknowledged !== undefined).length,
    events,
    virtualMs: world.time.nowMs - world.time.startMs,
    digest: hash.digest('base64url'),
  };
}
