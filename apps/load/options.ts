import type { WorkClock } from '#libs/config';
import type { Role } from '#libs/dossier';
import type { AgencyCode, Instant } from '#libs/kernel';
import type { Snapshot } from './tally.ts';

export interface DayOptions {
  /** Base address of each node, without `/v1`: `{ 'gialam-communes': 'http://127.0.0.1:8101', … }`. */
  readonly nodes: Readonly<Record<string, string>>;
  /** The node (a key of `nodes`) that serves an agency; absent: {@link nodeInGiaLam}. */
  readonly agenciesOf?: (agency: AgencyCode) => string;
  /**
   * A bearer token for an agency and roles. Asked for with every request: whoever makes tokens also keeps and renews them.
   * The `client` claim must stay the same between runs, because idempotency keys belong to a client.
   */
  readonly token: (agency: AgencyCode, roles: readonly Role[]) => string | Promise<string>;
  readonly seed: string;
  /** Absent: one working day's share of the half-year in `reference/seed-figures.json`. */
  readonly dossiers?: number;
  /** Work time at which the day begins; the working time of that day from then on is used. */
  readonly dayStart: Instant;
  /** The nodes' own; absent: the real time. */
  readonly workClock?: WorkClock;
  readonly onProgress?: (snapshot: Snapshot) => void;
  /** Ends the day early; {@link DaySummary} then says so. Nothing already answered is lost. */
  readonly signal?: AbortSignal;
  /** Requests under way at once; absent: 24. */
  readonly concurrency?: number;
  /** Agencies that the nodes' `AUTO_ACCEPT` leaves out: there a clerk accepts, and a decline or recall always comes in time. */
  readonly acceptsByHand?: readonly AgencyCode[];
  /** The city's adapter of the national portal has a node: part of what comes online is filed there; absent: it has none. */
  readonly portalAdapter?: boolean;
  /** How long a node may be away, a transfer or an answer on its way, in real milliseconds; absent: 120,000. */
  readonly patienceMs?: number;
  /** Folder of the reference data; absent: that of the checkout. */
  readonly referenceDir?: string;
  /** Absent: the global one, which keeps connections open. */
  readonly fetch?: typeof fetch;
}

/** The three nodes of the embedded stack: the communes of the district, the district, the city and its adapters. */
export function nodeInGiaLam(agency: AgencyCode): 'gialam-communes' | 'gialam-district' | 'hanoi-city' {
  if (agency === 'H26.129') return 'gialam-district';
  return agency.startsWith('H26.129.') ? 'gialam-communes' : 'hanoi-city';
}
