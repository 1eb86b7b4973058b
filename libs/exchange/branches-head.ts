/**
 * The head of a stream after an event: what the ledger keeps per stream so that the next event can be judged without the
 * others. `receivers` are the nodes that hold, or have been sent, the whole stream up to the head.
 */
import type { Directory } from '#libs/directory';
import type { Hand, Hash, Instant, NodeId, SealedMessage } from '#libs/kernel';
import type { Branches } from './branches.ts';
import { kindOf, NO_EVENT, toEventNode, type Effect, type HeadFields } from './branches-graph.ts';
import { handAfterEvent } from './custody.ts';
import { partiesAfter, recipients } from './recipients.ts';

/** What a head says of replicas and custody; of a stream without events: nothing. */
export type ReplicaState = Pick<HeadFields, 'receivers' | 'parties' | 'hand'>;
const NO_REPLICAS: ReplicaState = { receivers: [], parties: [] };

/**
 * Everybody an event goes to: the recipients by the hand before it as well as by the hand after it, so that whoever an open
 * `forwarded` named hears that the dossier went elsewhere.
 */
export function receiversOf(event: SealedMessage, before: ReplicaState, directory: Directory): readonly NodeId[] {
  if (kindOf(event.message.subject) !== 'dossier') return [];
  const parties = partiesAfter(before.parties, event, directory);
  const at = event.message.recordedtime as Instant;
  const after = handAfterEvent(before.hand, toEventNode(event));
  const hands = before.hand && before.hand !== after ? [before.hand, after] : [after];
  return [...new Set(hands.flatMap((hand) => [...recipients(parties, hand, directory, at).keys()]))];
}

/** The head after an event that extends the main branch; `head` is undefined before place 1. */
export function headAfter(head: HeadFields | undefined, event: SealedMessage, directory: Directory): HeadFields {
  const node = toEventNode(event);
  const replicas = head ?? NO_REPLICAS;
  return {
    hash: node.hash,
    streamseq: node.streamseq,
    recordedtime: node.recordedtime,
    ...handMember(event, handAfterEvent(replicas.hand, node)),
    branched: head?.branched ?? false,
    fork: false,
    superseded: head?.superseded ?? [],
    receivers: receiversOf(event, replicas, directory),
    parties: partiesAfter(replicas.parties, event, directory),
  };
}

/**
 * The head that a set of events has. After a switch nobody is taken to hold what is followed now: the next event takes the
 * whole stream, every branch of it, to all recipients. What stands aside changes no head but the list of what is aside.
 */
export function headOfBranches(
  branches: Branches,
  event: SealedMessage,
  { head, effect, directory }: { head: HeadFields | undefined; effect: Effect; directory: Directory },
): HeadFields {
  const last = branches.main.at(-1);
  const replicas = head ?? NO_REPLICAS;
  return {
    hash: last?.hash ?? NO_EVENT,
    streamseq: last?.streamseq ?? 0,
    recordedtime: last?.recordedtime ?? branches.forkAt?.since ?? (event.message.recordedtime as Instant),
    ...handMember(event, branches.main.reduce<Hand | undefined>(handAfterEvent, undefined)),
    branched: branches.branched,
    fork: branches.fork,
    superseded: offMain(branches),
    receivers: receiversBy(effect, event, replicas, directory),
    parties: partiesAfter(replicas.parties, event, directory),
  };
}

function receiversBy(
  effect: Effect,
  event: SealedMessage,
  replicas: ReplicaState,
  directory: Directory,
): readonly NodeId[] {
  switch (effect) {
    case 'extends':
      return receiversOf(event, replicas, directory);
    case 'aside':
      return replicas.receivers;
    case 'switches':
      return [];
  }
}

const offMain = ({ superseded, contested }: Branches): readonly Hash[] => [...superseded, ...contested];

const handMember = ({ message }: SealedMessage, hand: Hand | undefined): { readonly hand?: Hand } =>
  hand && kindOf(message.subject) === 'dossier' ? { hand } : {};
