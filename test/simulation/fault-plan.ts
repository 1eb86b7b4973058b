/** What goes wrong in a simulated world, and when: a plan drawn from the seed, of which any part can be left out. */
import type { AgencyCode } from '#libs/kernel';
import type { Dice } from './dice.ts';
import { isPlain, layoutOf } from './layout.ts';

export const FAULT_KINDS = [
  'crash',
  'crash-over-act',
  'away',
  'cut',
  'broker-away',
  'storm',
  'last-storm',
  'wipe',
  'expire',
  'skew',
  'two-processes',
  'suspension',
  'succession',
  'restore',
  'restore-all',
  'joins-late',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export interface Fault {
  /** Its own chance: what it does does not depend on the others. */
  readonly id: number;
  readonly kind: FaultKind;
  /** After the start. */
  readonly atMs: number;
  readonly forMs: number;
  /** Taken modulo the number of nodes. */
  readonly node: number;
}

/** How often a kind is drawn. */
const DRAWN: readonly FaultKind[] = [
  ...Array<FaultKind>(5).fill('crash'),
  ...Array<FaultKind>(3).fill('crash-over-act'),
  'away',
  'cut',
  'cut',
  'broker-away',
  'storm',
  'storm',
  'wipe',
  'expire',
  'skew',
  'two-processes',
  'suspension',
  'suspension',
  'succession',
];
const LONGEST_MS = 90_000;

/** The last thing is a storm: what it loses nothing later will bring by chance. */
export function planFaults(dice: Dice, { count, withinMs }: { count: number; withinMs: number }): readonly Fault[] {
  const drawn = Array.from({ length: count }, (_, id) => ({
    id,
    kind: dice.oneOf(DRAWN),
    atMs: dice.between(5_000, withinMs),
    forMs: dice.between(1_000, LONGEST_MS),
    node: dice.between(0, 1_000),
  }));
  const last: Fault = { id: count, kind: 'last-storm', atMs: withinMs - 30_000, forMs: 60_000, node: 0 };
  return [...drawn, last].toSorted((a, b) => a.atMs - b.atMs);
}

/** Yesterday's database put back, a few times in a world: drawn apart, so that worlds without stay as they were. */
export function planRestores(dice: Dice, { count, withinMs }: { count: number; withinMs: number }): readonly Fault[] {
  return Array.from({ length: count }, (_, at) => ({
    id: 1_000 + at,
    kind: dice.part(at).isLess(0.4) ? ('restore-all' as const) : ('restore' as const),
    atMs: dice.between(60_000, withinMs),
    forMs: dice.between(5_000, 120_000),
    node: dice.between(0, 1_000),
  }));
}

/** Communes that the directory does not know at first; drawn apart, too. */
export function planJoins(dice: Dice, { most, withinMs }: { most: number; withinMs: number }): readonly Fault[] {
  return Array.from({ length: dice.between(0, most) }, (_, at) => ({
    id: 2_000 + at,
    kind: 'joins-late' as const,
    atMs: dice.between(20_000, withinMs),
    forMs: 0,
    node: dice.between(0, 1_000),
  }));
}

export const lateAgencies = (plan: readonly Fault[], nodes: number): readonly AgencyCode[] =>
  plan.filter(({ kind }) => kind === 'joins-late').map((fault) => lateAgency(fault, nodes));

export function lateAgency({ node }: Fault, nodes: number): AgencyCode {
  const communes = layoutOf(nodes)
    .flatMap(({ agencies }) => agencies)
    .filter(isPlain);
  return communes[node % communes.length] as AgencyCode;
}
