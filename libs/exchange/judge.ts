/**
 * Stages 5 to 7 of what a receiver does (wire format 6), for a message that has passed the stages it is judged by alone.
 *
 * Promises: the verdict on an event follows from the bytes, the events it leads back to and the directory, never from what
 * else arrived or when; what fails holds nothing back; an event that extends the main branch is judged by the head alone.
 * Proved by `judge.spec.ts` (the sequences of the wire vectors, every quarantine path) and `judge-order.spec.ts`.
 */
import type { Directory } from '#libs/directory';
import type { Hash, Instant, SealedMessage } from '#libs/kernel';
import { findEntitlementFault, type PlaceBefore } from './entitlement.ts';
import type { Branches } from './branches.ts';
import { headAfter, headOfBranches } from './branches-head.ts';
import { branchesKept, branchesWith } from './branches-kept.ts';
import {
  findEvent,
  kindOf,
  toEventNode,
  type Effect,
  type EventNode,
  type HeadFields,
  type StreamGraph,
} from './branches-graph.ts';
import { findHandAt } from './custody.ts';

/** What the ledger knows beside the stream: recorded hashes by `source LF id`, and which of the hashes asked for are recorded. */
export interface Known {
  readonly ids: ReadonlyMap<string, Hash>;
  /** Hashes known to be recorded in any stream; tells a gap from a link into another stream. May be left out. */
  readonly hashes?: ReadonlySet<Hash>;
}
export const idKey = ({ message }: SealedMessage): string => `${message.source}\n${message.id}`;

export type HoldReason = 'GAP' | 'DIRECTORY_BEHIND' | 'TOO_EARLY';
export type Judgement =
  | { readonly kind: 'duplicate' }
  | {
      readonly kind: 'quarantined';
      readonly stage: 'known' | 'entitled';
      readonly code: 'ID_REUSED' | 'LINK' | 'NOT_ENTITLED';
    }
  | Held
  | Recorded;
export interface Held {
  readonly kind: 'held';
  readonly reason: HoldReason;
  /** `GAP`: the hash waited for. */
  readonly waitsFor?: Hash;
  /** `TOO_EARLY`: when it may be judged; `DIRECTORY_BEHIND`: the directory version wanted. */
  readonly until?: Instant;
}
export interface Recorded {
  readonly kind: 'recorded';
  readonly effect: Effect;
  /** Of an event: the revision judged on, and the head it makes. Commands and outcomes have no stream of their own. */
  readonly stream?: { readonly expectedRevision: number; readonly head: HeadFields };
  /** The stream is forked now; the dossier is parked `FORK`. */
  readonly fork: boolean;
  /** This event made the fork, or put one more side to it. */
  readonly forked: boolean;
  /** Superseded now and not before this event, by place and hash: put before the custodian. */
  readonly superseded: readonly Hash[];
  /** Sides of the fork, if there is one. */
  readonly contested: readonly Hash[];
  /** What `forked` gives to tell of: every side when the fork is new at its spot, else the further side alone. */
  readonly told: readonly Hash[];
}

export interface Ground {
  readonly graph: StreamGraph;
  readonly directory: Directory;
  readonly known: Known;
  /** From stage 3: the message is too far ahead of this node's clock, and may be judged from then on. */
  readonly tooEarly?: Instant;
}

/** An event. The graph is that of its stream; of a stream not known here, the empty one. */
export function judgeOnGraph(sealed: SealedMessage, ground: Ground): Judgement {
  return judgeKnown(sealed, ground) ?? judgeEvent(sealed, ground);
}

/** A command or an outcome: stages 1 to 5 are all it passes here. */
export function judgeWithoutStream(sealed: SealedMessage, ground: Omit<Ground, 'graph' | 'directory'>): Judgement {
  return judgeKnown(sealed, ground) ?? { ...PLAIN, effect: 'extends' };
}

const PLAIN = { kind: 'recorded', fork: false, forked: false, superseded: [], contested: [], told: [] } as const;

/** Stage 5; the clock of stage 3 is asked in between, since what is recorded is a duplicate at any hour. */
function judgeKnown(
  sealed: SealedMessage,
  { known, tooEarly }: Omit<Ground, 'graph' | 'directory'>,
): Judgement | undefined {
  const recorded = known.ids.get(idKey(sealed));
  if (recorded === sealed.hash) return { kind: 'duplicate' };
  if (tooEarly !== undefined) return { kind: 'held', reason: 'TOO_EARLY', until: tooEarly };
  if (recorded !== undefined) return { kind: 'quarantined', stage: 'known', code: 'ID_REUSED' };
  return undefined;
}

function judgeEvent(sealed: SealedMessage, ground: Ground): Judgement {
  const before = placeBefore(sealed, ground.graph);
  if (before === 'unknown') return judgeGap(sealed, ground.known);
  const fault = findEntitlementFault(sealed, before, ground.directory);
  if (fault === 'DIRECTORY_BEHIND') {
    return { kind: 'held', reason: fault, until: sealed.message.data['directoryVersion'] as Instant };
  }
  if (fault) return { kind: 'quarantined', stage: 'entitled', code: fault };
  return extendsHead(sealed, ground.graph) ? recordOnHead(sealed, ground) : recordInTree(sealed, ground);
}

/** An event that names one of another stream waits for nothing that could ever come. */
function judgeGap({ message }: SealedMessage, known: Known): Judgement {
  const prevhash = message.prevhash as Hash;
  if (known.hashes?.has(prevhash)) return { kind: 'quarantined', stage: 'entitled', code: 'LINK' };
  return { kind: 'held', reason: 'GAP', waitsFor: prevhash };
}

function placeBefore({ message }: SealedMessage, graph: StreamGraph): PlaceBefore | 'unknown' | undefined {
  if (message.prevhash === undefined) return undefined;
  const { head } = graph;
  const isDossier = kindOf(message.subject) === 'dossier';
  if (isDossier && head?.hand && head.hash === message.prevhash) {
    return { streamseq: head.streamseq, recordedtime: head.recordedtime, hand: head.hand };
  }
  const event = findEvent(graph, message.prevhash as Hash);
  if (!event) return 'unknown';
  const hand = isDossier ? findHandAt(graph, event.hash) : undefined;
  const { streamseq, recordedtime, source } = event;
  return { streamseq, recordedtime, source, ...(hand ? { hand } : {}) };
}

/**
 * The straight line: it comes after the last event of the main branch. Superseded branches beside it change nothing: all that
 * it adds weight to is followed already, and a `rehomed` that it makes count as none stands in a branch that has lost.
 */
function extendsHead({ message }: SealedMessage, { head, events }: StreamGraph): boolean {
  if (!head) return events.length === 0;
  return !head.fork && head.hash === message.prevhash;
}

function recordOnHead(sealed: SealedMessage, { graph, directory }: Ground): Recorded {
  const head = headAfter(graph.head, sealed, directory);
  return { ...PLAIN, effect: 'extends', stream: { expectedRevision: graph.head?.revision ?? 0, head } };
}

function recordInTree(sealed: SealedMessage, { graph, directory }: Ground): Recorded {
  const event = toEventNode(sealed);
  const before = branchesKept(graph.events);
  const after = branchesWith(graph.events, event);
  const effect = effectOf(before, after, event);
  const known = new Set(before.superseded);
  return {
    kind: 'recorded',
    effect,
    stream: {
      expectedRevision: graph.head?.revision ?? 0,
      head: headOfBranches(after, sealed, { head: graph.head, effect, directory }),
    },
    fork: after.fork,
    ...forkMembers(before, after, event),
    superseded: after.superseded.filter((hash) => !known.has(hash)),
  };
}

function effectOf(before: Branches, after: Branches, event: EventNode): Effect {
  const shared = before.main.every(({ hash }, at) => after.main[at]?.hash === hash);
  if (!shared) return 'switches';
  if (after.main.length === before.main.length) return 'aside';
  return after.main.length === before.main.length + 1 && after.main.at(-1)?.hash === event.hash
    ? 'extends'
    : 'switches';
}

function forkMembers(
  before: Branches,
  after: Branches,
  event: EventNode,
): Pick<Recorded, 'forked' | 'contested' | 'told'> {
  const { contested, forkAt } = after;
  if (!forkAt) return { forked: false, contested, told: [] };
  const sameSpot = before.forkAt?.streamseq === forkAt.streamseq && before.forkAt.after === forkAt.after;
  if (!sameSpot) return { forked: true, contested, told: contested };
  if (!forkAt.sides.includes(event.hash)) return { forked: false, contested, told: [] };
  const known = new Set(before.contested);
  return { forked: true, contested, told: contested.filter((hash) => !known.has(hash)) };
}
