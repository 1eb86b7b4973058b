import type { PassedAlone, RefusedAlone } from '#libs/exchange';
import type { Arrival, IncomingRecord } from '../ports/index.ts';

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
