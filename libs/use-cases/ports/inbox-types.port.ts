/** What a mailbox batch asks of the ledger, what is held and quarantined (see `event-store.port.ts`). */
import type { Hash, Instant, Subject } from '#libs/kernel';
import type { AppendUnit, Arrival } from './ledger-types.port.ts';

export type HoldReason = 'GAP' | 'TOO_EARLY' | 'DIRECTORY_BEHIND';
export interface HeldMessage {
  readonly hash: Hash;
  readonly reason: HoldReason;
  readonly subject: Subject;
  /** Claimed source, for the bounds. */
  readonly source: string;
  /** `GAP`: the hash waited for. */
  readonly waitsFor?: Hash;
  /** `TOO_EARLY`: when it may be judged; `DIRECTORY_BEHIND`: the directory version wanted. */
  readonly until?: Instant;
  readonly heldSince: Instant;
  readonly arrival: Arrival;
  readonly recordKey: string;
  readonly bytes: Uint8Array;
}
export interface QuarantinedMessage {
  readonly stage: string;
  readonly code: string;
  readonly arrival: Arrival;
  readonly recordKey: string;
  /** What could be read; hash absent where the bytes are no message. */
  readonly hash?: Hash;
  readonly source?: string;
  readonly subject?: string;
  readonly type?: string;
  readonly bytes: Uint8Array;
}
export interface QuarantineRow extends QuarantinedMessage {
  readonly id: number;
  readonly quarantinedAt: Instant;
  readonly releasedAt?: Instant;
}

/** One batch of a mailbox partition, or a judgement of held or quarantined messages (then without `offset`). */
export interface IngestBatch {
  readonly units: readonly AppendUnit[];
  /** How each recorded message arrived, by hash. Not named: local. */
  readonly arrivals: ReadonlyMap<Hash, Arrival>;
  readonly held: readonly HeldMessage[];
  readonly quarantined: readonly QuarantinedMessage[];
  /** Held messages that are held no longer (recorded, quarantined or dropped). */
  readonly unheld: readonly Hash[];
  /** Quarantine rows that leave with this batch, each once: one that has left with another is a conflict. */
  readonly released: readonly number[];
  /** So many of a source's held messages go, the youngest first, to make room for `held`. */
  readonly evicted?: ReadonlyMap<string, number>;
  /** Commands recorded before that came with so many hops: asked anew, unless an outcome answers them here. */
  readonly reopened?: readonly { readonly hash: Hash; readonly hops: number }[];
  /** Moved in the same transaction. */
  readonly offset?: MailboxOffset;
}
export interface MailboxOffset {
  readonly clusterId: string;
  readonly partition: number;
  /** First offset the broker held when the partition was first read. */
  readonly partitionStart: string;
  /** Next offset to read. */
  readonly next: string;
  /** Of the record before `next` (`IncomingBatch`); absent: read by an older program. */
  readonly mark?: string;
  /** In a batch: moves the offset only if it stands here, else leaves it to whoever moved it. Absent: moves it anyhow. */
  readonly from?: string;
}
/** One unit, or one row of quarantine, in conflict leaves the whole batch undone; the caller judges again on fresh state. */
export type IngestVerdict =
  | { readonly kind: 'recorded'; readonly logIndexes: readonly number[] }
  | { readonly kind: 'conflict'; readonly subject: Subject };
