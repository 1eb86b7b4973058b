import { supersededActs, type AnsweringEvent, type SupersededAct, type SupersededEvent } from '#libs/dossier';
import { isHash, splitType, type Hash, type SealedMessage } from '#libs/kernel';
import { authorOf, toEventNode, type EventNode } from './branches-graph.ts';
import { branchesOf, type Branches } from './branches.ts';

/**
 * The superseded acts of a dossier with their answers, from all events held of it. The sides of a fork are contested, not
 * superseded: which of them is to be answered shows when the fork has ended.
 */
export function supersededIn(
  events: readonly SealedMessage[],
  branches: Branches = branchesOf(events.map(toEventNode)),
): readonly SupersededAct[] {
  if (branches.superseded.length === 0) return [];
  const byHash = new Map(events.map((event) => [event.hash, event]));
  const find = (hash: Hash): readonly SealedMessage[] => [byHash.get(hash) ?? []].flat();
  return supersededActs(
    branches.superseded.flatMap(find).map((event) => asSuperseded(toEventNode(event))),
    branches.main.flatMap(({ hash }) => find(hash)).map(asAnswering),
  );
}

const asSuperseded = (node: EventNode): SupersededEvent => ({
  hash: node.hash,
  place: node.streamseq,
  agency: authorOf(node),
  type: node.name,
});

/** Read from the bytes, whether or not this program understands the event. */
function asAnswering({ hash, message }: SealedMessage): AnsweringEvent {
  const { verdict, supersededEvents } = message.data;
  const refuses = splitType(message.type)?.name === 'corrected' && verdict === 'refused' ? supersededEvents : [];
  return {
    hash,
    ...(message.causationhash === undefined ? {} : { cause: message.causationhash as Hash }),
    refuses: Array.isArray(refuses) ? refuses.filter(isHash) : [],
  };
}
