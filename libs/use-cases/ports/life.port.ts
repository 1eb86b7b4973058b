/**
 * What a node knows about its own life (design 5, *Life*): which database it works on, how far its log has gone, and which
 * life it is in. The mark stands outside the database, so that a database put back to an earlier state is told apart.
 */
import type { AgencyCode, Hash, Instant, NodeId, Subject } from '#libs/kernel';

export interface DatabaseIdentity {
  /** Of the cluster, given when it was made. */
  readonly system: string;
  /** Of the database in it: one that is made anew has another, whatever its name. */
  readonly database: string;
  /** Counts recoveries of the cluster to an earlier moment, and promotions. */
  readonly timeline: number;
}
export interface LifeMark extends DatabaseIdentity {
  readonly life: number;
  readonly size: number;
  /** Of the last entry; absent: the log was empty. */
  readonly lastHash?: Hash;
  /** What others hold says that this database was put back: no mark knew. Stands until the next life. */
  readonly disproved?: string;
}
/** Keeps the mark where no restore of the database reaches it. */
export interface MarkKeeper {
  /** Undefined: there is none, or it cannot be read. */
  find(): LifeMark | undefined;
  /** Durable when it returns. */
  keep(mark: LifeMark): void;
}
export interface LifeFacts {
  readonly identity: DatabaseIdentity;
  /** Of the lines that are begun now. */
  readonly life: number;
  readonly size: number;
  readonly lastHash?: Hash;
  /** Hash at the index asked for; absent: the log does not reach so far. */
  readonly hashAt?: Hash;
  /** A later life was begun and is not level yet. */
  readonly recovering: boolean;
}
/** A life after the first one. */
export interface LaterLife {
  readonly life: number;
  /** Size of the log with which it began: what was left of the lives before. */
  readonly kept: number;
  /** The last checkpoint known of the lives before, a signed note; absent: none was. */
  readonly noteBefore?: string;
  readonly begunAt: Instant;
  readonly recoveredAt?: Instant;
}
export interface RecoveryPeer {
  readonly peer: NodeId;
  /** Streams it has told of. */
  readonly streams: number;
  /** Told of all. */
  readonly done: boolean;
  /** Asked no longer ago than the caller's pause. */
  readonly askedLately: boolean;
  /** Where the next page begins. */
  readonly after?: Subject;
}
/** An event that a peer holds and this node does not yet. */
export interface RecoveryWanted {
  readonly hash: Hash;
  readonly subject: Subject;
  readonly peer: NodeId;
  readonly streamseq: number;
}

export interface LifeStore {
  /** `at`: an index of the log whose hash is asked for. */
  lifeFacts(at?: number): Promise<LifeFacts>;
  /** In order; the first life has no row. */
  laterLives(): Promise<readonly LaterLife[]>;
  /**
   * Begins a life: from now on messages get numbers on its lines. Every counter of codes moves past a gap. Again with the
   * same number: nothing. @throws DomainError `LIFE_OVER` for a number below
   */
  beginLife(life: number, noteBefore?: string): Promise<void>;
  /** The life that was begun last is level. */
  endRecovery(): Promise<void>;
  /** A counter goes to at least this value, never back. */
  raiseCounter(agency: AgencyCode, name: string, atLeast: number): Promise<void>;

  recoveryPeers(pauseMs: number): Promise<readonly RecoveryPeer[]>;
  /** Asked, or has told (this many streams more, `after` for the next page, or done). */
  noteRecoveryPeer(peer: NodeId, told: { streams: number; after?: Subject; done: boolean }): Promise<void>;
  /** Kept until they are recorded. */
  wantInRecovery(wanted: readonly RecoveryWanted[]): Promise<void>;
  /** Of what is wanted and not recorded: those not asked for since this many milliseconds; notes that they are asked for now. */
  takeRecoveryWanted(pauseMs: number, limit: number): Promise<readonly RecoveryWanted[]>;
  countRecoveryWanted(): Promise<number>;
  /**
   * Dossiers and other streams in which this node or agency has a part, by name from `after` (exclusive); and those in which
   * an agency has none any more, since it declined, or rehomed the dossier: up to the last such event of its.
   */
  listHoldings(of: HoldingsOf, after: Subject | undefined, limit: number): Promise<readonly Holding[]>;
}
/**
 * A part: the stream was sent to the node; an agency is party to it, or named by its open `forwarded`. For a node, which asks
 * for what is its own, also what its agencies declined or rehomed, up to there.
 */
export interface HoldingsOf {
  readonly node?: NodeId;
  readonly agencies: readonly AgencyCode[];
}
export interface Holding {
  readonly subject: Subject;
  readonly streamseq: number;
  readonly hash: Hash;
}
