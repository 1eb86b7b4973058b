/**
 * In whose hand a dossier is after a given event of a given branch (design 4). Custody is a fold along the links of that
 * branch and of nothing else: what stands beside it, and what came when, has no say. The moves themselves are the kernel's.
 */
import { handAfter, type Hand, type Hash } from '#libs/kernel';
import { authorOf, findEvent, type EventNode, type StreamGraph } from './branches-graph.ts';

/** The hand after `event`; `before` is undefined at place 1. */
export const handAfterEvent = (before: Hand | undefined, event: EventNode): Hand =>
  handAfter(before, event.name, authorOf(event), event.to);

/** The hand after the event `hash` in its branch; undefined when the event is not recorded. */
export function findHandAt(graph: StreamGraph, hash: Hash): Hand | undefined {
  return branchUpTo(graph, hash).reduce<Hand | undefined>(handAfterEvent, undefined);
}

/** The branch that ends with `hash`, place 1 first. Links lead to lower places only, so this ends. */
export function branchUpTo(graph: StreamGraph, hash: Hash): readonly EventNode[] {
  const branch: EventNode[] = [];
  for (let node = findEvent(graph, hash); node; node = node.prevhash && findEvent(graph, node.prevhash))
    branch.push(node);
  return branch.reverse();
}
