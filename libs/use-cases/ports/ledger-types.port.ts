/** What the ledger keeps and takes in (see `event-store.port.ts`). */
import type { AgencyCode, Hand, Hash, Instant, MessageClass, NodeId, SealedMessage, Subject } from '#libs/kernel';

/** What an insert did to the main branch of its stream (wire format 6, branches). Commands, outcomes, directory: `extends`. */
export type Effect = 'extends' | 'aside' | 'switches';
export type Arrival =
  /** `hops`: header `lt-hops` of a command that was passed on, of an own one that has come back; kept as long as it waits (`findUnanswered`). */
  | { readonly kind: 'local'; readonly hops?: number }
  | { readonly kind: 'mailbox'; readonly partition: number; readonly offset: string; readonly hops?: number };

/** A command passed on: to this node, with this `lt-hops`. */
export interface CommandWay {
  readonly to: NodeId;
  readonly hops: number;
}

export interface StoredMessage {
  readonly logIndex: number;
  readonly appendedAt: Instant;
  readonly arrival: Arrival;
  readonly effect: Effect;
  readonly softwareVersion: string;
  readonly class: MessageClass;
  readonly hash: Hash;
  /** Wire bytes, signature included, as they came or were signed. */
  readonly bytes: Uint8Array;
}

/** The row that is kept per stream, changed under the ledger's lock. */
export interface StreamHead {
  readonly subject: Subject;
  /** Number of events recorded in the stream, superseded ones too; the optimistic lock. 0: no such stream. */
  readonly revision: number;
  /** Last event of the main branch. */
  readonly hash: Hash;
  readonly streamseq: number;
  readonly recordedtime: Instant;
  /** Only for dossier streams. */
  readonly hand?: Hand;
  /** True when some place of the stream has more than one event. */
  readonly branched: boolean;
  readonly fork: boolean;
  /** Hashes not on the main branch. */
  readonly superseded: readonly Hash[];
  /** Nodes that hold, or have been sent, the stream up to this head. */
  readonly receivers: readonly NodeId[];
  /** Agencies with a part in the dossier so far: receiving, custodians, asked (design 4, replicas). */
  readonly parties: readonly AgencyCode[];
}

/** What is to be sent to whom, in this order; `message` is in the ledger or in the same unit. */
export interface Delivery {
  readonly receiver: NodeId;
  readonly message: Hash;
  /** Openings the receiver is to get before the message; absent: none. Every one sent becomes a row of the register. */
  readonly openings?: readonly OpeningDue[];
  /** Header `lt-hops` to send with a command that is passed on. */
  readonly hops?: number;
}
export interface OpeningDue {
  readonly event: Hash;
  /** `all`, or the pointers that this receiver may see. */
  readonly pointers: 'all' | readonly string[];
  readonly purpose: string;
}

export interface StreamChange {
  readonly subject: Subject;
  /** Revision the unit was decided on; another one is a `conflict`. */
  readonly expectedRevision: number;
  readonly head: Omit<StreamHead, 'subject' | 'revision'>;
}

/** A unit is appended whole or not at all. */
export interface AppendUnit {
  readonly messages: readonly { readonly sealed: SealedMessage; readonly effect: Effect }[];
  readonly streams: readonly StreamChange[];
  readonly deliveries: readonly Delivery[];
  /** `Idempotency-Key` of the API: known per (client, agency, key) for 7 days, with an HMAC of the body. */
  readonly idempotency?: {
    readonly client: string;
    readonly agency: string;
    readonly key: string;
    readonly bodyHmac: string;
    /** JSON text, given back on a repeat. Holds no personal datum. */
    readonly answer: string;
  };
}

export type AppendVerdict =
  | { readonly kind: 'appended'; readonly logIndexes: readonly number[] }
  /** The same messages (by hash) or the same idempotency key and body are there already. */
  | { readonly kind: 'repeat'; readonly logIndexes: readonly number[]; readonly answer?: string }
  | { readonly kind: 'conflict'; readonly subject: Subject; readonly revision: number }
  /** Same (source, id), other hash. */
  | { readonly kind: 'id-reused' }
  /** Same idempotency key, other body. */
  | { readonly kind: 'key-reused' };

/** One event as the border needs it: enough to judge entitlement and weigh branches without parsing bytes. */
export interface EventNode {
  readonly hash: Hash;
  readonly prevhash?: Hash;
  readonly streamseq: number;
  readonly source: string;
  readonly id: string;
  /** Name in the type, e.g. `forwarded`. */
  readonly name: string;
  readonly recordedtime: Instant;
  readonly to?: AgencyCode;
  readonly directoryVersion?: Instant;
}
export interface StreamGraph {
  readonly head?: StreamHead;
  readonly events: readonly EventNode[];
}
