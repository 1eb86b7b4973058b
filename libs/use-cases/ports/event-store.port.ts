/**
 * The ledger of a node (design 5): one append-only table of messages in commit order, the heads of the streams, the
 * outbox per receiver, the inbox, and what is held or quarantined. Everything that one call changes, it changes in one
 * transaction under one row lock, so `logIndex` is dense and in commit order.
 *
 * Promises, each tried by the contract suite in `libs/testing`: a unit is appended whole or not at all; a reader that
 * follows `logIndex` misses nothing; the same unit sent again after a lost connection is a `repeat`, never a second event.
 */
import type { QuarantineTaken } from '#libs/exchange';
import type { AgencyCode, Hash, Instant, NodeId, Subject } from '#libs/kernel';
import type { HeldMessage, IngestBatch, IngestVerdict, MailboxOffset, QuarantineRow } from './inbox-types.port.ts';
import type {
  AppendUnit,
  AppendVerdict,
  CommandWay,
  StoredMessage,
  StreamGraph,
  StreamHead,
} from './ledger-types.port.ts';
import type { LifeStore } from './life.port.ts';
import type { DeliveryStatus, InboundStatus, OutboxItem, OutboxLease } from './line-types.port.ts';

/** Few of all events, each looked for from the start of the log: what was erased, and custody that came unasked. */
export type RareName = 'personal-data-erased' | 'rehomed' | 'custody-declined';

export interface EventStore extends LifeStore {
  /** Group commit: units queue during the current round trip and go in one call. Rejects only on a technical error. */
  append(unit: AppendUnit): Promise<AppendVerdict>;
  record(batch: IngestBatch): Promise<IngestVerdict>;

  findHead(subject: Subject): Promise<StreamHead | undefined>;
  loadGraphs(subjects: readonly Subject[]): Promise<ReadonlyMap<Subject, StreamGraph>>;
  /** All events of a stream in log order, superseded ones too, or those of the main branch by place. */
  readStream(subject: Subject, which: 'all' | 'main'): Promise<readonly StoredMessage[]>;
  findByHash(hashes: readonly Hash[]): Promise<ReadonlyMap<Hash, StoredMessage>>;
  /** Hash recorded for a (source, id), if any. Keys are `source LF id`. */
  findIds(pairs: readonly { readonly source: string; readonly id: string }[]): Promise<ReadonlyMap<string, Hash>>;
  /** Messages whose `causationhash` is this hash. */
  findCaused(cause: Hash): Promise<readonly StoredMessage[]>;
  /** Commands recorded about this stream that no outcome answers yet and that were not passed on, in log order, with their hops. */
  findUnanswered(subject: Subject): Promise<readonly StoredMessage[]>;
  /**
   * The command is another node's to answer now: it waits here no longer, until it comes back a longer way (`reopened`). One
   * that began here waits on for its outcome, as when it was first sent. Without `way` it is put aside for good.
   */
  markPassedOn(command: Hash, way?: CommandWay): Promise<void>;
  /** Where commands were passed on to last. */
  findWays(commands: readonly Hash[]): Promise<ReadonlyMap<Hash, CommandWay>>;
  /** Streams that have an unanswered command, at most `limit`: looked at again when time passes or openings come. */
  listUnanswered(limit: number): Promise<readonly Subject[]>;
  /** Dossiers whose open `forwarded` names one of these agencies. */
  listInTransitTo(agencies: readonly AgencyCode[], limit: number): Promise<readonly StreamHead[]>;
  /** In log order from `after` (exclusive; −1 from the start). Never has a hole, never shows an uncommitted row. */
  readLog(after: number, limit: number): Promise<readonly StoredMessage[]>;
  /** Events of these rare names, superseded ones too, in log order from `after` (exclusive). */
  readNamed(name: RareName, after: number, limit: number): Promise<readonly StoredMessage[]>;
  /** Commands of these sources, in log order from `after` (exclusive). Rare: it reads all that they have said. */
  readCommandsOf(sources: readonly string[], after: number, limit: number): Promise<readonly StoredMessage[]>;
  /** Directory messages taken, in log order. */
  readDirectory(): Promise<readonly StoredMessage[]>;
  /** Number of messages recorded and the hash of the last one. */
  logSize(): Promise<{ readonly size: number; readonly lastHash?: Hash }>;
  /** Answer kept for an idempotency key, before anything is decided. */
  findIdempotent(
    client: string,
    agency: string,
    key: string,
  ): Promise<{ bodyHmac: string; answer: string } | undefined>;
  /** Next of a counter that is unique per (agency, name), e.g. the dossier codes of a day; starts at 1, survives restarts. */
  nextNumber(agency: AgencyCode, name: string): Promise<number>;

  findOffset(partition: number): Promise<MailboxOffset | undefined>;
  findHeldWaitingFor(hashes: readonly Hash[]): Promise<readonly HeldMessage[]>;
  /** Held messages whose time, directory version or predecessor has come (one that two batches overtook); in order of arrival. */
  findHeldDue(now: Instant, directoryVersion: Instant, limit: number): Promise<readonly HeldMessage[]>;
  /** Gaps, also those held ten minutes later and more, by a clock that has been set back since; goes round from call to call, so that those of one source hide nobody's. */
  findGapsOlderThan(heldBefore: Instant, limit: number): Promise<readonly HeldMessage[]>;
  countHeld(): Promise<{ total: number; bySource: ReadonlyMap<string, number> }>;
  isHeld(hashes: readonly Hash[]): Promise<ReadonlySet<Hash>>;
  listQuarantine(filter: { code?: string; after?: number; limit: number }): Promise<readonly QuarantineRow[]>;
  findQuarantineByCodes(codes: readonly string[], limit: number, after?: number): Promise<readonly QuarantineRow[]>;
  countQuarantine(): Promise<{ total: number; bySource: ReadonlyMap<string, number> }>;
  /** Of what has not left it: in all, and of these sources ('': none could be read). */
  quarantineTaken(sources: readonly string[]): Promise<QuarantineTaken>;

  /** Takes the lease of a receiver with something to send, if no other process has it. */
  leaseOutbox(owner: string, ttlMs: number): Promise<OutboxLease | undefined>;
  readOutbox(lease: OutboxLease, limit: number): Promise<readonly OutboxItem[]>;
  /** After the broker acknowledged; `false` when the lease has passed to another process. */
  markSent(lease: OutboxLease, line: number, upTo: number): Promise<boolean>;
  releaseOutbox(lease: OutboxLease): Promise<void>;
  /** Numbers of the line with their hashes, for a manifest or a resend. */
  readLine(receiver: NodeId, line: number, first: number, limit: number): Promise<readonly OutboxItem[]>;
  /** The whole stream (or from a place on) goes to the receiver again, as resent numbers keep their number. */
  requestResend(receiver: NodeId, numbers: readonly number[], line: number): Promise<void>;
  /** The events of a stream from a place on (to another one), superseded ones too, go to the receiver (again); those never numbered for it get numbers. */
  requestStreamResend(receiver: NodeId, subject: Subject, from: number, to?: number): Promise<void>;
  /** Whether the message has a number on a line to this receiver. */
  wasSentTo(receiver: NodeId, message: Hash): Promise<boolean>;
  /** To whom a command that began here was first sent; not those it was passed on to later. */
  findFirstReceiver(command: Hash): Promise<NodeId | undefined>;
  /** Hides what it gives for 60 s; then, unless marked or confirmed by a receipt, it is due again. */
  takeResends(receiver: NodeId, limit: number): Promise<readonly OutboxItem[]>;
  /** After the broker acknowledged. Left out, the next receipt that covers the numbers does it. */
  markResent(receiver: NodeId, numbers: readonly number[], line: number): Promise<void>;
  applyReceipt(peer: NodeId, receipt: Omit<InboundStatus, 'peer' | 'highest'> & { logSize: number }): Promise<void>;
  applyManifest(peer: NodeId, line: number, first: number, hashes: readonly Hash[], highest: number): Promise<void>;
  /** Inbound lines that changed since the last receipt sent, with their state. */
  receiptsDue(): Promise<readonly InboundStatus[]>;
  markReceiptSent(peer: NodeId, line: number, contiguousUpTo: number): Promise<void>;
  deliveries(): Promise<readonly DeliveryStatus[]>;
  inbound(): Promise<readonly InboundStatus[]>;

  /** Position of a follower (fold, automation) of the log; −1 at first. */
  findPosition(follower: string): Promise<number>;
  savePosition(follower: string, logIndex: number): Promise<void>;

  saveCheckpoint(checkpoint: { size: number; rootHash: string; note: string }): Promise<void>;
  /** The one of the greatest size. */
  findCheckpoint(): Promise<{ size: number; rootHash: string; note: string } | undefined>;
  /** By size, from `after` (exclusive). */
  readCheckpoints(
    after: number,
    limit: number,
  ): Promise<readonly { readonly size: number; readonly rootHash: string; readonly note: string }[]>;

  /** Resolves when something was appended in this process, or after `ms`. */
  appended(ms: number): Promise<void>;
  close(): Promise<void>;
}
