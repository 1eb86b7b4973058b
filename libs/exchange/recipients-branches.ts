/**
 * What a holder sends unasked when branches meet. Three promises of design 4 hang on it: of a fork both nodes are told;
 * nothing acknowledged is dropped, so superseded events come before the custodian that has to answer them; and a dossier is
 * in one hand, so an agency that took it over in a branch that lost hears of it. The author of
 * the branch that won cannot do either, since it does not hold the other one.
 */
import { findLastKnown } from '#libs/directory';
import type { AgencyCode, Hand, Hash, Instant, NodeId, SealedMessage } from '#libs/kernel';
import { authorOf, type EventNode, type HeadFields, type StreamGraph } from './branches-graph.ts';
import type { Recorded } from './judge.ts';
import type { Delivery, SendingNode } from './recipients-deliveries.ts';
import { recipients } from './recipients.ts';

/**
 * Deliveries after `event` was recorded from the mailbox: a fork it made goes whole to every recipient, once; one more
 * side of it goes alone, since the others have gone; own events that it superseded go to every recipient, to the
 * custodian with all their openings; and what won goes to those who were concerned by what lost. `graph` has the event in it.
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
  const told = others.flatMap((receiver) =>
    due.map((message) => ({
      receiver,
      message,
      ...(receiver === custodianNode && own.includes(message) ? openingsOf(message) : {}),
    })),
  );
  return [...told, ...newsForLosers({ event, graph, head, own, effect: recorded.effect }, { ...sending, at })];
}

/**
 * Deliveries of an own event that came back by the mailbox after a restore, and extends the main branch: the line on which it
 * was owed ended with the state that is lost, and who had not got it by then would not know that anything is missing. What
 * opens it they ask for.
 */
export function deliveriesOfReturned(
  event: SealedMessage,
  { effect, stream }: Recorded,
  sending: SendingNode,
): readonly Delivery[] {
  const at = event.message.recordedtime as Instant;
  if (effect !== 'extends' || nodeOf(authorOf(event.message), { ...sending, at }) !== sending.ownNode) return [];
  const receivers = stream?.head.receivers ?? [];
  return receivers
    .filter((receiver) => receiver !== sending.ownNode)
    .map((receiver) => ({ receiver, message: event.hash }));
}

interface Met {
  readonly event: SealedMessage;
  readonly graph: StreamGraph;
  readonly head: HeadFields;
  /** Events of this node that it superseded. */
  readonly own: readonly Hash[];
  readonly effect: Recorded['effect'];
}
interface Asking extends SendingNode {
  readonly at: Instant;
}

/**
 * Whoever wrote in the branch that lost, or was named by it, may believe that the dossier is in its hand: it is no recipient
 * of the branch that won, and nobody else owes it the news. So the author of what was superseded sends it what won; and
 * when somebody goes on in a lost branch, the custodian sends it to them, or who was custodian last.
 */
function newsForLosers({ event, graph, head, own, effect }: Met, asking: Asking): readonly Delivery[] {
  const isSpeaker = head.hand !== undefined && nodeOf(lastCustodian(head.hand), asking) === asking.ownNode;
  if (own.length === 0 && !(effect === 'aside' && isSpeaker)) return [];
  const superseded = new Set(head.superseded);
  const lost = graph.events.filter(({ hash }) => superseded.has(hash));
  const losing = own.length > 0 ? lost : lost.filter(({ hash }) => hash === event.hash);
  const agencies = losing.flatMap((one) => [authorOf(one), ...(one.to === undefined ? [] : [one.to])]);
  const losers = new Set(agencies.map((agency) => nodeOf(agency, asking)));
  losers.delete(asking.ownNode);
  losers.delete(undefined);
  const won = mainFrom(Math.min(...lost.map(({ streamseq }) => streamseq)), graph, head);
  return [...losers].flatMap((receiver) => won.map((message) => ({ receiver: receiver as NodeId, message })));
}

/** Who surely holds all of the main branch, also while nobody is custodian. */
function lastCustodian(hand: Hand): AgencyCode {
  switch (hand.kind) {
    case 'held':
      return hand.custodian;
    case 'transit':
      return hand.from;
    case 'released':
      return hand.by;
  }
}

/** The main branch from a place on, in order. */
function mainFrom(place: number, { events }: StreamGraph, head: HeadFields): readonly Hash[] {
  const byHash = new Map(events.map((event) => [event.hash, event]));
  const main: Hash[] = [];
  for (let at = byHash.get(head.hash); at && at.streamseq >= place; at = at.prevhash && byHash.get(at.prevhash))
    main.unshift(at.hash);
  return main;
}

const nodeOf = (agency: AgencyCode, { directory, at }: Asking): NodeId | undefined =>
  findLastKnown(directory, agency, at)?.node;

const openingsOf = (event: Hash): Pick<Delivery, 'openings'> => ({
  openings: [{ event, pointers: 'all', purpose: 'superseded' }],
});

function isOwn(graph: StreamGraph, hash: Hash, asking: Asking): boolean {
  const event: EventNode | undefined = graph.events.find((node) => node.hash === hash);
  return event !== undefined && nodeOf(authorOf(event), asking) === asking.ownNode;
}
