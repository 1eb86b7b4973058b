/**
 * What a judgement beside the main branch has worked out is what the next one in the same batch begins with. Kept by the
 * identity of the list of events, which nobody changes in place, so nothing can be out of date; gone with the list.
 */
import type { Hash, SealedMessage } from '#libs/kernel';
import { branchesOf, type Branches } from './branches.ts';
import { toEventNode, type EventNode } from './branches-graph.ts';

type Events = readonly EventNode[];

const kept = new WeakMap<Events, Branches>();
/** The list that one more event made of a list; one at most, taken by whoever goes on from it. */
const grown = new WeakMap<Events, { readonly by: Hash; readonly events: Events }>();

/** Like {@link branchesOf}. */
export function branchesKept(events: Events): Branches {
  const known = kept.get(events);
  if (known) return known;
  const branches = branchesOf(events);
  kept.set(events, branches);
  return branches;
}

/** The branches with one more event, remembered for {@link eventsWith}. */
export function branchesWith(events: Events, event: EventNode): Branches {
  const longer = [...events, event];
  grown.set(events, { by: event.hash, events: longer });
  return branchesKept(longer);
}

/** The list with one more event: the one just judged, if that was this event. Lists are not chained, or all would be held. */
export function eventsWith(events: Events, sealed: SealedMessage): Events {
  const known = grown.get(events);
  grown.delete(events);
  return known?.by === sealed.hash ? known.events : [...events, toEventNode(sealed)];
}
