/**
 * A stream as the border sees it: every event recorded in it, on the main branch or beside it, by its links. The types are
 * those of the event store's port, stated again because a pure room cannot import the application layer
 * (`judge.spec.ts` keeps the two assignable).
 */
import {
  isAgencyCode,
  isInstant,
  splitSource,
  splitSubject,
  splitType,
  type AgencyCode,
  type Hand,
  type Hash,
  type Instant,
  type NodeId,
  type SealedMessage,
  type Subject,
} from '#libs/kernel';

/** What inserting an event does to the main branch: one event more at its end, nothing, or another history. */
export type Effect = 'extends' | 'aside' | 'switches';

export interface EventNode {
  readonly hash: Hash;
  readonly prevhash?: Hash;
  readonly streamseq: number;
  readonly source: string;
  readonly id: string;
  /** Name in the type, e.g. `forwarded`. */
  readonly name: string;
  readonly recordedtime: Instant;
  /** Of `forwarded` and `rehomed` in a dossier. */
  readonly to?: AgencyCode;
  /** Of `rehomed` in a dossier. */
  readonly directoryVersion?: Instant;
}

/** The head without what names the row: what a recorded event makes of it. */
export interface HeadFields {
  /** Last event of the main branch; {@link NO_EVENT} when place 1 is forked, so that no event is on it. */
  readonly hash: Hash;
  /** 0 when place 1 is forked. */
  readonly streamseq: number;
  /** Of that event; when place 1 is forked the earliest of its sides. */
  readonly recordedtime: Instant;
  /** Only in a dossier with an event on its main branch. */
  readonly hand?: Hand;
  readonly branched: boolean;
  readonly fork: boolean;
  /** Recorded and not on the main branch: superseded, or contested by a fork. */
  readonly superseded: readonly Hash[];
  readonly receivers: readonly NodeId[];
  /** Receiving agency first, then custodians, those asked and adapters asked, in the order met. */
  readonly parties: readonly AgencyCode[];
}
export interface StreamHead extends HeadFields {
  readonly subject: Subject;
  readonly revision: number;
}
export interface StreamGraph {
  readonly head?: StreamHead;
  readonly events: readonly EventNode[];
}

export const NO_EVENT = '' as Hash;
export const EMPTY_GRAPH: StreamGraph = { events: [] };

/** Kind of the stream: `dossier`, `portal` … */
export const kindOf = (subject: string): string => splitSubject(subject).kind;

/** `data.to` of `forwarded` and `rehomed`, when it is an agency code. */
export function namedAgency(sealed: SealedMessage): AgencyCode | undefined {
  const to = sealed.message.data['to'];
  return typeof to === 'string' && isAgencyCode(to) ? to : undefined;
}
/** `data.directoryVersion` of `rehomed`, when it is a time. */
export function namedVersion(sealed: SealedMessage): Instant | undefined {
  const version = sealed.message.data['directoryVersion'];
  return typeof version === 'string' && isInstant(version) ? version : undefined;
}

const NAMES_AGENCY = new Set(['forwarded', 'rehomed']);

/** What the graph keeps of a recorded event. The message has passed the envelope stage. */
export function toEventNode(sealed: SealedMessage): EventNode {
  const { message, hash } = sealed;
  const name = splitType(message.type)?.name ?? '';
  const inDossier = kindOf(message.subject) === 'dossier';
  const to = inDossier && NAMES_AGENCY.has(name) ? namedAgency(sealed) : undefined;
  const version = inDossier && name === 'rehomed' ? namedVersion(sealed) : undefined;
  return {
    hash,
    ...(message.prevhash === undefined ? {} : { prevhash: message.prevhash as Hash }),
    streamseq: Number(message.streamseq),
    source: message.source,
    id: message.id,
    name,
    recordedtime: message.recordedtime as Instant,
    ...(to === undefined ? {} : { to }),
    ...(version === undefined ? {} : { directoryVersion: version }),
  };
}

/** The agency that states an event of a dossier. */
export const authorOf = (node: Pick<EventNode, 'source'>): AgencyCode =>
  (splitSource(node.source)?.name ?? '') as AgencyCode;

/** A batch of far-ahead events asks the same graph again and again: looked up by hash, built once per list of events. */
const byHash = new WeakMap<readonly EventNode[], ReadonlyMap<Hash, EventNode>>();

export function findEvent(graph: StreamGraph, hash: Hash): EventNode | undefined {
  let index = byHash.get(graph.events);
  if (!index) {
    index = new Map(graph.events.map((node) => [node.hash, node]));
    byHash.set(graph.events, index);
  }
  return index.get(hash);
}
