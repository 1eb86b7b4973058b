/**
 * Which history a stream has (wire format 6, *Branches*). Where several entitled events name the same event before them
 * (or all are place 1), the heaviest branch is followed and the lighter ones are superseded; equal weights are a **fork**.
 *
 * Promises: the answer is a function of the *set* of events held, so nodes that hold the same follow the same history,
 * whatever came first; no event is lost, each is on the main branch, superseded or contested. At a fork the main branch
 * ends with the event before the forked place: the dossier is parked there, and every side is kept.
 * Proved by `branches.spec.ts` (any order gives the same) and by the sequences of the wire vectors in `judge.spec.ts`.
 */
import type { Hash, Instant } from '#libs/kernel';
import { NO_EVENT, type EventNode } from './branches-graph.ts';
import { compareWeights, treeOf, weigh, withAllThatFollows, type Tree, type Weight } from './branches-weight.ts';

export interface ForkPlace {
  /** The place that more than one equally heavy branch claims. */
  readonly streamseq: number;
  /** The event before it; absent at place 1. */
  readonly after?: Hash;
  /** The events at it whose branches weigh the same. */
  readonly sides: readonly Hash[];
  /** Earliest `recordedtime` among them. */
  readonly since: Instant;
}
export interface Branches {
  /** The history followed, place 1 first. */
  readonly main: readonly EventNode[];
  /** Events of lighter branches, by place and hash; also of branches that lose inside a side of a fork. */
  readonly superseded: readonly Hash[];
  /** Events of the sides of a fork, as long as it lasts. */
  readonly contested: readonly Hash[];
  /** Some place has more than one event. */
  readonly branched: boolean;
  readonly fork: boolean;
  readonly forkAt?: ForkPlace;
}

export function branchesOf(events: readonly EventNode[]): Branches {
  const tree = treeOf(events);
  const branched = [NO_EVENT, ...tree.inOrder.map(({ hash }) => hash)].some((hash) => tree.childrenOf(hash).length > 1);
  if (!branched) return { main: tree.inOrder, superseded: [], contested: [], branched, fork: false };
  return follow(tree, weigh(tree));
}

function follow(tree: Tree, weights: ReadonlyMap<Hash, Weight>): Branches {
  const superseded: EventNode[] = [];
  const trunk = walk(tree, weights, { from: NO_EVENT, superseded });
  const contested: EventNode[] = [];
  const open = [...trunk.sides];
  for (let side = open.shift(); side; side = open.shift()) {
    const limb = walk(tree, weights, { from: side.hash, superseded });
    contested.push(side);
    for (const event of limb.path) contested.push(event);
    for (const inner of limb.sides) open.push(inner);
  }
  return {
    main: trunk.path,
    superseded: hashesInOrder(superseded),
    contested: hashesInOrder(contested),
    branched: true,
    fork: trunk.sides.length > 0,
    ...(trunk.sides.length > 0 ? { forkAt: forkPlace(trunk) } : {}),
  };
}

interface Walked {
  readonly path: readonly EventNode[];
  /** Empty, or the sides of the fork at which the path ends. */
  readonly sides: readonly EventNode[];
}

/** Follows the heavier branch from place to place until the stream ends or forks; what loses goes to `superseded`. */
function walk(
  tree: Tree,
  weights: ReadonlyMap<Hash, Weight>,
  { from, superseded }: { readonly from: Hash; readonly superseded: EventNode[] },
): Walked {
  const path: EventNode[] = [];
  for (let children = tree.childrenOf(from); children.length > 0;) {
    const { heaviest, lighter } = compare(children, weights);
    for (const loser of lighter) for (const event of withAllThatFollows(tree, loser)) superseded.push(event);
    const [next, ...others] = heaviest as [EventNode, ...EventNode[]];
    if (others.length > 0) return { path, sides: heaviest };
    path.push(next);
    children = tree.childrenOf(next.hash);
  }
  return { path, sides: [] };
}

interface Compared {
  /** One, or the sides of a fork. */
  readonly heaviest: readonly EventNode[];
  readonly lighter: readonly EventNode[];
}
function compare(children: readonly EventNode[], weights: ReadonlyMap<Hash, Weight>): Compared {
  if (children.length === 1) return { heaviest: children, lighter: [] };
  const weightOf = (child: EventNode): Weight => weights.get(child.hash) as Weight;
  const best = children.map(weightOf).reduce((a, b) => (compareWeights(a, b) < 0 ? b : a));
  const isHeaviest = (child: EventNode): boolean => compareWeights(weightOf(child), best) === 0;
  return { heaviest: children.filter(isHeaviest), lighter: children.filter((child) => !isHeaviest(child)) };
}

function forkPlace({ path, sides }: Walked): ForkPlace {
  const before = path.at(-1);
  return {
    streamseq: (before?.streamseq ?? 0) + 1,
    ...(before ? { after: before.hash } : {}),
    sides: hashesInOrder(sides),
    since: sides.map(({ recordedtime }) => recordedtime).reduce((a, b) => (b < a ? b : a)),
  };
}

const hashesInOrder = (events: readonly EventNode[]): readonly Hash[] =>
  events.toSorted((a, b) => a.streamseq - b.streamseq || (a.hash < b.hash ? -1 : 1)).map(({ hash }) => hash);
