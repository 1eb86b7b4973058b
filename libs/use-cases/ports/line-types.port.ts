/** Lines to and from peers: numbers owed, sent, confirmed, missing (see `event-store.port.ts`). */
import type { Hash, Instant, MessageClass, NodeId, Subject } from '#libs/kernel';
import type { OpeningDue } from './ledger-types.port.ts';

export interface OutboxItem {
  readonly receiver: NodeId;
  readonly line: number;
  readonly number: number;
  readonly logIndex: number;
  readonly hash: Hash;
  readonly subject: Subject;
  readonly class: MessageClass;
  readonly bytes: Uint8Array;
  readonly openings: readonly OpeningDue[];
  readonly hops?: number;
}
/** One receiver at a time per process; `fence` makes a relay that woke up late harmless. */
export interface OutboxLease {
  readonly receiver: NodeId;
  readonly fence: number;
}
export interface DeliveryStatus {
  readonly peer: NodeId;
  readonly line: number;
  readonly highest: number;
  /** Marked after the broker acknowledged. */
  readonly sent: number;
  /** From the last receipt. */
  readonly contiguousUpTo: number;
  readonly missing: readonly (readonly [number, number])[];
  readonly refused: readonly (readonly [number, string])[];
  readonly oldestUnconfirmedAt?: Instant;
  readonly receiptAt?: Instant;
}
export interface InboundStatus {
  readonly peer: NodeId;
  readonly line: number;
  readonly highest: number;
  readonly contiguousUpTo: number;
  readonly missing: readonly (readonly [number, number])[];
  readonly refused: readonly (readonly [number, string])[];
}
