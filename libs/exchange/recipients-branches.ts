/**
 * What a holder sends unasked when branches meet. Two promises of design 4 hang on it: of a fork both nodes are told, and
 * nothing acknowledged is dropped, so superseded events come before the custodian that has to answer them. The author of
 * the branch that won cannot do either, since it does not hold the other one.
 */
import { findLastKnown, type Directory } from '#libs/directory';
import type { Hash, Instant, NodeId, SealedMessage } from '#libs/kernel';
import { authorOf, type EventNode, type StreamGraph } from './branches-graph.ts';
import type { Recorded } from './judge.ts';
import type { Delivery, SendingNode } from './recipients-deliveries.ts';
import { recipients } from './recipients.ts';

/**
 * Deliveries after `event` was recorded from the mailbox: a fork it made goes whole to every recipient, once; one more
 * side of it goes alone, since the others have gone; own events that it superseded go to every recipient, to the
 * custodian with all their openings. `graph` has the event in it.
 */
export function deliveriesOfBranches(
  event: SealedMessage,
  { graph, recorded }: { readonly graph: StreamGraph; readonly recorded: Recorded },
  sending: SendingNode,
): readonly Delivery[] {
  const head = recorded.stream?.head;
  if (!head) return [];
  const at = event.message.recordedtime as Instant;
  const own = recorded.superseded.filter((hash) => isOwn(graph, hash, { ...sending, at }));
  const due = [...recorded.told, ...own];
  const custodian = head.hand?.kind === 'held' ? head.hand.custodian : undefined;
  const custodianNode = custodian && findLastKnown(sending.directory, custodian, at)?.node;
  const others = [...recipients(head.parties, head.hand, sending.directory, at).keys()].filter(
    (node) => node !== sending.ownNode,
  );
  return others.flatMap((receiver) =>
    due.map((message) => ({
      receiver,
      message,
      ...(receiver === custodianNode && own.includes(message) ? openingsOf(message) : {}),
    })),
  );
}

const openingsOf = (event: Hash): Pick<Delivery, 'openings'> => ({
  openings: [{ event, pointers: 'all', purpose: 'superseded' }],
});

function isOwn(
  graph: StreamGraph,
  hash: Hash,
  { ownNode, directory, at }: { ownNode: NodeId; directory: Directory; at: Instant },
): boolean {
  const event: EventNode | undefined = graph.events.find((node) => node.hash === hash);
  return event !== undefined && findLastKnown(directory, authorOf(event), at)?.node === ownNode;
}
