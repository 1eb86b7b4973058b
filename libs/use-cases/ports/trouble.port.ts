/**
 * What an operator asks of a node about messages in trouble, and the memory of what operators have in hand. Reads change
 * nothing; notes are in force once the ledger holds the event they name, so that the one commit of the append decides.
 */
import type { RedriveProgress, RedriveTry, TroubleKind } from '#libs/exchange';
import type { AgencyCode, Hash, Instant, NodeId, Subject, Uuid } from '#libs/kernel';
import type { HeldMessage, QuarantineRow } from './inbox-types.port.ts';

export interface TroubleSum {
  readonly reason: string;
  readonly count: number;
  readonly bytes: number;
  readonly oldest: Instant;
  /** So many were counted, and there are more. */
  readonly more?: true;
}
/** One message in trouble. Times are real. */
export interface TroubleRow {
  /** Of the row within its kind; a page goes on after it. */
  readonly key: string;
  readonly reason: string;
  readonly since: Instant;
  readonly bytes: number;
  readonly subject?: Subject;
  readonly source?: string;
  readonly hash?: Hash;
  /** Number in quarantine, or on the line to the peer. */
  readonly number?: number;
  readonly line?: number;
  readonly stage?: string;
  /** Who is to receive it, or to answer it. */
  readonly peer?: NodeId;
  readonly waitsFor?: Hash;
  readonly until?: Instant;
}
export interface TroublePage {
  readonly after?: string;
  readonly limit: number;
  readonly reason?: string;
  readonly subject?: Subject;
}
export type StoredTroubleKind = 'held' | 'quarantined' | 'undeliverable' | 'limbo';

/** Where a parked dossier stands: since when, and the bytes that wait behind. */
export interface Standstill {
  readonly since: Instant;
  readonly bytes: number;
}

export interface TroubleReads {
  /** `olderThanMs`: what was owed or asked since then is no trouble yet (`undeliverable` and `limbo`). */
  sumTrouble(kind: StoredTroubleKind, olderThanMs: number): Promise<readonly TroubleSum[]>;
  /** Throws `CURSOR_INVALID`. */
  listTrouble(kind: StoredTroubleKind, page: TroublePage, olderThanMs: number): Promise<readonly TroubleRow[]>;
  /** In no order; those that are held no longer are left out. */
  findHeld(hashes: readonly Hash[]): Promise<readonly HeldMessage[]>;
  /** Of the events at which folds stand. */
  findStandstills(events: readonly Hash[]): Promise<ReadonlyMap<Hash, Standstill>>;
}

export interface RedriveSelection {
  /** Absent: `quarantined`. */
  readonly kind?: Exclude<TroubleKind, 'quarantined'>;
  /** Of what is owed to it, or asked of it. */
  readonly peer?: NodeId;
  readonly stage?: string;
  /** Of what is not quarantined: the reason. */
  readonly code?: string;
  readonly source?: string;
  readonly subject?: string;
  /** In trouble before this. */
  readonly before?: Instant;
}
export interface QuarantineSum {
  readonly messages: number;
  readonly bytes: number;
  /** Greatest number in quarantine selected; 0: none, or of another kind. */
  readonly upTo: number;
}
export interface RedriveAsked {
  readonly job: Uuid;
  readonly agency: AgencyCode;
  readonly by: string;
  readonly reason: string;
  readonly correlationId: Uuid;
  readonly selection: RedriveSelection;
  readonly sum: QuarantineSum;
  readonly batch: number;
  readonly perMinute: number;
}
export interface RedriveJob extends RedriveAsked {
  readonly started: Hash;
  readonly startedAt: Instant;
  readonly finishedAt?: Instant;
  /** In the order of the ledger. */
  readonly acts: readonly OperatorAct[];
  readonly progress: RedriveProgress;
}
/** A process alone works on the job until `until`, or until another lease has a higher fence. */
export interface RedriveLease {
  readonly job: Uuid;
  readonly fence: number;
  /** Numbers up to this one have been tried. */
  readonly doneTo: number;
  /** Of a kind that has no numbers: its key, where the page after it begins. */
  readonly doneKey?: string;
}
/** How a lease is given back. */
export interface RedriveSettled {
  readonly doneTo: number;
  readonly doneKey?: string;
  readonly pauseMs: number;
  readonly finished: boolean;
}
export interface OperatorAct {
  readonly about: string;
  readonly act: string;
  readonly reason: string;
  readonly by: string;
  readonly at: Instant;
}
export type NotedAct = Omit<OperatorAct, 'at'>;
export interface TriedBefore extends RedriveTry {
  readonly triedAt: Instant;
}

export interface RedriveStore {
  /** Of quarantine; so {@link readSelected}. */
  sumSelected(selection: RedriveSelection): Promise<QuarantineSum>;
  /** In quarantine still, in order of number. */
  readSelected(
    selection: RedriveSelection,
    after: number,
    upTo: number,
    limit: number,
  ): Promise<readonly QuarantineRow[]>;
  /** In force once the ledger holds `started`; a job in force is left as it is. */
  noteJob(asked: RedriveAsked, started: Hash): Promise<void>;
  findJob(job: Uuid): Promise<RedriveJob | undefined>;
  /** Latest first; `after`: the job that the page before ended with. */
  listJobs(page: { readonly after?: Uuid; readonly limit: number }): Promise<readonly RedriveJob[]>;
  /** Not finished and due. Whether they run is for {@link RedriveJob.acts} to say. */
  listDueJobs(limit: number): Promise<readonly RedriveJob[]>;
  leaseJob(job: Uuid, owner: string, ttlMs: number): Promise<RedriveLease | undefined>;
  /** Before the messages leave: a try counts once the ledger holds `act`, one without `act` at once. */
  noteTries(lease: RedriveLease, tries: readonly Omit<RedriveTry, 'job'>[], act?: Hash): Promise<void>;
  /** Gives the lease back. `false`: it has passed on, and nothing was changed. */
  settleLease(lease: RedriveLease, settled: RedriveSettled): Promise<boolean>;
  holdsLease(lease: RedriveLease): Promise<boolean>;
  /** In order of number; `after`: a number. */
  listTries(job: Uuid, page: { readonly after: number; readonly limit: number }): Promise<readonly TriedBefore[]>;
  /** Of one quarantined message, by all jobs, oldest first. */
  findTries(quarantine: number): Promise<readonly TriedBefore[]>;
}

export interface OperatorActs {
  noteAct(act: NotedAct, event: Hash): Promise<void>;
  /** Those in force, in the order of the ledger; `about`: exactly, or what begins with it and a slash. */
  readActs(about: string): Promise<readonly OperatorAct[]>;
}

export interface TroubleStore extends TroubleReads, RedriveStore, OperatorActs {
  close(): Promise<void>;
}
