/**
 * What the author of an event puts into its outbox (design 4, *Replicas*): who becomes a recipient late is first sent the
 * stream it lacks and the openings its new duty may see (also when it held the committed events before, as a superior
 * does), then the event that names it. The author sends unasked; what a receiver still lacks it asks for.
 *
 * Proved by `recipients.spec.ts`.
 */
import type { Directory } from '#libs/directory';
import type { Hash, NodeId, SealedMessage } from '#libs/kernel';
import { headAfter, receiversOf, type ReplicaState } from './branches-head.ts';
import { kindOf, type HeadFields } from './branches-graph.ts';
import {
  committedPointers,
  openingDuties,
  openingsDue,
  portalDuty,
  type OpeningDue,
  type OpeningDuty,
  type StreamPart,
} from './recipients-openings.ts';

/** To be sent in this order; `openings` go before the message. */
export interface Delivery {
  readonly receiver: NodeId;
  readonly message: Hash;
  readonly openings?: readonly OpeningDue[];
}

/** A stream as its author knows it before an event. */
export interface DossierStream {
  readonly head?: HeadFields;
  /** Every event recorded in it, in log order, superseded ones too; may be left empty when {@link needsEarlier} says so. */
  readonly events: readonly StreamPart[];
}
export interface SendingNode {
  readonly ownNode: NodeId;
  readonly directory: Directory;
}

interface Plan {
  readonly receivers: readonly NodeId[];
  /** Receivers that lack the stream so far. */
  readonly added: ReadonlySet<NodeId>;
  readonly duties: readonly OpeningDuty[];
}

function planFor(head: HeadFields | undefined, event: SealedMessage, { ownNode, directory }: SendingNode): Plan {
  const before: ReplicaState = head ?? { receivers: [], parties: [] };
  const receivers = receiversOf(event, before, directory).filter((node) => node !== ownNode);
  const added = new Set(receivers.filter((node) => !before.receivers.includes(node)));
  const duties =
    kindOf(event.message.subject) === 'dossier'
      ? [...openingDuties(event, before.hand, directory), ...portalDuty(event, added, directory)]
      : [];
  return { receivers, added, duties: duties.filter(({ node }) => receivers.includes(node)) };
}

/** Whether {@link deliveriesFor} has to be given the events so far: for the common event it need not. */
export function needsEarlier(head: HeadFields | undefined, event: SealedMessage, sending: SendingNode): boolean {
  if (head === undefined) return false;
  const { added, duties } = planFor(head, event, sending);
  return added.size > 0 || duties.some(({ reach }) => reach === 'stream');
}

/** Deliveries of one event to everybody but the own node. */
export function deliveriesFor(stream: DossierStream, event: SealedMessage, sending: SendingNode): readonly Delivery[] {
  const { receivers, added, duties } = planFor(stream.head, event, sending);
  const itself = partOf(event);
  return receivers.flatMap((receiver) => {
    const earlier = added.has(receiver) ? stream.events.map(({ hash }) => ({ receiver, message: hash })) : [];
    const openings = duties
      .filter(({ node }) => node === receiver)
      .flatMap((duty) => openingsDue(duty.reach === 'stream' ? [...stream.events, itself] : [itself], duty));
    const due = strongest(openings);
    return [...earlier, { receiver, message: event.hash, ...(due.length > 0 ? { openings: due } : {}) }];
  });
}

/** The stream after an event that extends it, for a unit of several events. */
export const streamAfter = (stream: DossierStream, event: SealedMessage, directory: Directory): DossierStream => ({
  head: headAfter(stream.head, event, directory),
  events: [...stream.events, partOf(event)],
});

export const partOf = (event: SealedMessage): StreamPart => ({ hash: event.hash, pointers: committedPointers(event) });

/** One entry per event: a node with two duties sees what either of them sees. */
export function strongest(openings: readonly OpeningDue[]): readonly OpeningDue[] {
  const byEvent = new Map<Hash, OpeningDue>();
  for (const due of openings) {
    const known = byEvent.get(due.event);
    byEvent.set(due.event, known ? united(known, due) : due);
  }
  return [...byEvent.values()];
}

function united(a: OpeningDue, b: OpeningDue): OpeningDue {
  if (a.pointers === 'all') return a;
  if (b.pointers === 'all') return b;
  return { ...a, pointers: [...new Set([...a.pointers, ...b.pointers])] };
}
