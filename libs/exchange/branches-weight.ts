/**
 * The weight of a branch (wire format 6, *Branches*):
 *
 * > (1) the latest `directoryVersion` that a `rehomed` in it names, none being least (a `rehomed` beside which, in a sibling
 * > branch, another agency than the one in whose hand the place was had accepted custody at an earlier `recordedtime`
 * > counts as none), then (2) whether it holds an event by another agency than the author of its first one.
 *
 * A branch is an event with **all** that follows it, superseded parts included. Whether a `rehomed` counts is settled at its
 * own place, among its own siblings: at a lasting fork both branches had moved on, and a `rehomed` at the end of one of
 * them must still be able to end it (design 4).
 */
import { agencyInHand, type AgencyCode, type Hand, type Hash, type Instant } from '#libs/kernel';
import { authorOf, NO_EVENT, type EventNode } from './branches-graph.ts';
import { handAfterEvent } from './custody.ts';

/** Later than every instant. */
const NEVER = '~' as Instant;

export interface Weight {
  /** Latest directory version of a `rehomed` that counts; undefined is least. */
  readonly version?: Instant;
  /** It holds an event by another agency than the author of its first one. */
  readonly joined: boolean;
}

/** Negative when `a` is lighter, 0 when equal. Instants compare as strings. */
export function compareWeights(a: Weight, b: Weight): number {
  const versionA = a.version ?? '';
  const versionB = b.version ?? '';
  if (versionA !== versionB) return versionA < versionB ? -1 : 1;
  return Number(a.joined) - Number(b.joined);
}

export interface Tree {
  /** Reachable events, every one after the event it names. */
  readonly inOrder: readonly EventNode[];
  /** The events that name this one before them; under {@link NO_EVENT} those at place 1. */
  childrenOf(hash: Hash): readonly EventNode[];
}

/** Events that do not lead back to place 1 are left out; the same event given twice is one. */
export function treeOf(events: readonly EventNode[]): Tree {
  const children = new Map<Hash, EventNode[]>();
  const seen = new Set<Hash>();
  for (const event of events) {
    if (seen.has(event.hash)) continue;
    seen.add(event.hash);
    const before = event.prevhash ?? NO_EVENT;
    const siblings = children.get(before);
    if (siblings) siblings.push(event);
    else children.set(before, [event]);
  }
  const inOrder = [...(children.get(NO_EVENT) ?? [])];
  for (let at = 0; at < inOrder.length; at++) {
    for (const child of children.get((inOrder[at] as EventNode).hash) ?? []) inOrder.push(child);
  }
  return { inOrder, childrenOf: (hash) => children.get(hash) ?? [] };
}

/** The event and all that follows it. */
export function withAllThatFollows(tree: Tree, first: EventNode): readonly EventNode[] {
  const branch = [first];
  for (let at = 0; at < branch.length; at++) {
    for (const child of tree.childrenOf((branch[at] as EventNode).hash)) branch.push(child);
  }
  return branch;
}

/** Weight of the branch that each event begins. */
export function weigh(tree: Tree): ReadonlyMap<Hash, Weight> {
  const discounted = discountedRehomed(tree);
  const weights = new Map<Hash, Weight>();
  for (const event of tree.inOrder.toReversed()) {
    const own = event.name === 'rehomed' && !discounted.has(event.hash) ? event.directoryVersion : undefined;
    const following = tree.childrenOf(event.hash);
    const versions = [own, ...following.map((child) => weights.get(child.hash)?.version)];
    const version = versions.reduce((a, b) => ((b ?? '') > (a ?? '') ? b : a));
    const joined = following.some((child) => child.source !== event.source || weights.get(child.hash)?.joined === true);
    weights.set(event.hash, version === undefined ? { joined } : { joined, version });
  }
  return weights;
}

/** `rehomed` events that count as none: nobody overturns a dossier that had moved on. */
function discountedRehomed(tree: Tree): ReadonlySet<Hash> {
  const discounted = new Set<Hash>();
  const acceptances = earliestAcceptances(tree);
  const hands = new Map<Hash, Hand>();
  for (const event of tree.inOrder) {
    const hand = handAfterEvent(event.prevhash && hands.get(event.prevhash), event);
    hands.set(event.hash, hand);
    const siblings = tree.childrenOf(event.hash);
    if (siblings.length > 1 && siblings.some((sibling) => sibling.name === 'rehomed')) {
      for (const hash of movedOnBefore(siblings, acceptances, agencyInHand(hand))) discounted.add(hash);
    }
  }
  return discounted;
}

function movedOnBefore(
  siblings: readonly EventNode[],
  acceptances: ReadonlyMap<Hash, readonly Acceptance[]>,
  inHand: AgencyCode,
): readonly Hash[] {
  const accepted = siblings
    .map((sibling) => ({ sibling, at: byAnother(acceptances.get(sibling.hash), inHand) ?? NEVER }))
    .toSorted((a, b) => (a.at < b.at ? -1 : 1));
  return siblings
    .filter((event) => event.name === 'rehomed')
    .filter((event) => (accepted.find(({ sibling }) => sibling !== event)?.at ?? NEVER) < event.recordedtime)
    .map((event) => event.hash);
}

interface Acceptance {
  readonly by: AgencyCode;
  readonly at: Instant;
}

const byAnother = (earliest: readonly Acceptance[] | undefined, inHand: AgencyCode): Instant | undefined =>
  earliest?.find(({ by }) => by !== inHand)?.at;

/**
 * For the branch that each event begins, the earliest `custody-accepted` of two agencies, earliest first: whichever agency
 * the place before it was in the hand of, the earliest of another one is among them. One pass from the ends of the tree.
 */
function earliestAcceptances(tree: Tree): ReadonlyMap<Hash, readonly Acceptance[]> {
  const found = new Map<Hash, readonly Acceptance[]>();
  for (const event of tree.inOrder.toReversed()) {
    const following = tree.childrenOf(event.hash).flatMap((child) => found.get(child.hash) ?? []);
    const own = event.name === 'custody-accepted' ? [{ by: authorOf(event), at: event.recordedtime }] : [];
    found.set(event.hash, twoEarliest([...own, ...following]));
  }
  return found;
}

function twoEarliest(acceptances: readonly Acceptance[]): readonly Acceptance[] {
  if (acceptances.length < 2) return acceptances;
  const inOrder = acceptances.toSorted((a, b) => (a.at < b.at ? -1 : 1));
  const [first] = inOrder as [Acceptance, ...Acceptance[]];
  const second = inOrder.find(({ by }) => by !== first.by);
  return second ? [first, second] : [first];
}
