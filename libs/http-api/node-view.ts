/** What the API answers about the node itself. Ranges are inclusive, `refused` is pairs of number and code. */
import type { StoppedLoopView } from './trouble-view.ts';

export interface InboundView {
  readonly peer: string;
  readonly line: number;
  readonly highest: number;
  readonly contiguousUpTo: number;
  readonly missing: readonly (readonly [number, number])[];
  readonly refused: readonly (readonly [number, string])[];
}
export interface OutboundView extends InboundView {
  readonly sent: number;
  readonly oldestUnconfirmedAt?: string;
  readonly receiptAt?: string;
}
export interface DeliveriesView {
  readonly outbound: readonly OutboundView[];
  readonly inbound: readonly InboundView[];
}
export interface HeldView {
  readonly total: number;
  readonly bySource: readonly { readonly source: string; readonly count: number }[];
  /** The oldest of each kind: a gap, and what waits for its time or for a directory version. */
  readonly oldest: readonly {
    readonly reason: string;
    readonly subject: string;
    readonly source: string;
    readonly heldSince: string;
    readonly waitsFor?: string;
    readonly until?: string;
  }[];
}
export interface QuarantineItem {
  readonly number: number;
  readonly stage: string;
  readonly code: string;
  readonly quarantinedAt: string;
  readonly releasedAt?: string;
  readonly hash?: string;
  readonly source?: string;
  readonly subject?: string;
  readonly type?: string;
  readonly recordKey: string;
  readonly arrival: unknown;
  /** Bytes of the message. */
  readonly size: number;
}
export interface QuarantinedView extends QuarantineItem {
  /** base64 */
  readonly bytes: string;
}
export interface DiskView {
  /** Of the whole databases. */
  readonly ledgerBytes: number;
  readonly vaultBytes: number;
  /** What the messages of the last day take in both, by the mean of all. */
  readonly grownLastDayBytes: number;
  /** On the database's volume, where the node can see it. */
  readonly freeBytes?: number;
  /** Of the ledger, largest first; indexes are part of `bytes`. */
  readonly tables: readonly { readonly name: string; readonly bytes: number; readonly indexBytes: number }[];
}
export interface StatusView {
  readonly node: string;
  readonly softwareVersion: string;
  readonly workTime: string;
  readonly wallTime: string;
  readonly directoryVersion: string;
  readonly running: readonly string[];
  readonly log: { readonly size: number; readonly lastHash?: string };
  readonly checkpoint?: { readonly size: number; readonly rootHash: string };
  readonly deliveries: readonly OutboundView[];
  readonly inbound: readonly InboundView[];
  readonly life: { readonly number: number; readonly state: string };
  /** Of the newest backup of the vault that this node knows of; absent: it knows of none. */
  readonly vaultBackupAt?: string;
  /** At most a minute old; absent: it cannot be read now. */
  readonly disk?: DiskView;
  readonly held: number;
  readonly quarantined: number;
  /** Openings that the custodian, or the agency a transfer names, may have and has not; `oldestSince` in real time. */
  readonly openingsAwaited: { readonly openings: number; readonly dossiers: number; readonly oldestSince?: string };
  /** At most 500 are counted. Absent: no read model here. */
  readonly parked?: number;
  /** Dossiers in which something superseded waits for the custodian; counted likewise. */
  readonly unanswered?: number;
  /** Loops that an operator has stopped; absent: none. */
  readonly stopped?: readonly StoppedLoopView[];
}
export interface RecoveryView {
  /** `unproved`: no mark, and the broker has not spoken. `restored`: on an old database, waits for a recovery. */
  readonly state: 'unproved' | 'alive' | 'restored' | 'recovering';
  readonly why?: string;
  readonly life: number;
  readonly peers: readonly { readonly peer: string; readonly streams: number; readonly done: boolean }[];
  /** Events that peers hold and this node does not yet. */
  readonly wanted: number;
  /** Numbers of lines coming in. */
  readonly missing: number;
}
export interface LogEntryView {
  readonly logIndex: number;
  readonly hash: string;
  readonly class: string;
  readonly subject: string;
  readonly effect: string;
  readonly appendedAt: string;
}
