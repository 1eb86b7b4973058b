import type { Arrived, PassedAlone, RefusedAlone } from '#libs/exchange';
import type { Hash, SealedMessage } from '#libs/kernel';
import type { Arrival, HeldMessage, IncomingRecord, IngestBatch } from '../ports/index.ts';

/** A record with the verdict of stages 1 to 4. */
export interface ArrivedRecord {
  readonly record: IncomingRecord;
  readonly arrival: Arrival;
  readonly judged: PassedAlone | RefusedAlone;
}
export interface IngestSummary {
  recorded: number;
  duplicates: number;
  held: number;
  quarantined: number;
  dropped: number;
}

export interface IngestPlan {
  readonly batch: IngestBatch;
  /** Recorded by this plan, by hash: openings may be checked against them before they are in the ledger. */
  readonly recorded: ReadonlyMap<Hash, SealedMessage>;
  /** Exchange messages that waited for an event which is recorded now. */
  readonly freedExchange: readonly HeldMessage[];
  readonly summary: IngestSummary;
}

export type Candidate = Arrived & { readonly arrival: Arrival; readonly recordKey: string };
