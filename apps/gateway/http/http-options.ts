/** What the door of a node is handed, and the tokens by which its controllers ask for it. */
import type { DiskView } from '#libs/http-api';
import type { DossierQueries } from '#libs/read-models';
import type { Instant } from '#libs/kernel';
import type { Tracing } from '#libs/observability';
import type {
  NodeServices,
  OpeningsRegister,
  RecoveryOrder,
  RecoveryProgress,
  StopSwitches,
  TroubleStore,
} from '#libs/use-cases';
import type { DoorLimits } from './admission/door-limits.ts';
import type { Tokens } from './caller.ts';

/** Lists and sums of the read model. */
export type DossierLists = Pick<DossierQueries, 'list' | 'find' | 'findByCode' | 'agencyTotals'>;

export interface RequestSeen {
  readonly method: string;
  /** The route as registered, never the address asked: an address names a dossier. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}
/** The registry of this process as Prometheus reads it. */
export interface HttpMetrics {
  readonly contentType: string;
  text(): Promise<string>;
  observe(request: RequestSeen): void;
}
export interface Readiness {
  readonly ready: boolean;
  /** What is still waited for: names of roles and servers. */
  readonly waitsFor: readonly string[];
}

/** What is in trouble, the operators' jobs, and what they have stopped. */
export interface TroubleDesk {
  readonly store: TroubleStore;
  readonly stops: StopSwitches;
}

export interface Recovery {
  /** Gives the number of the life begun. */
  begin(order: RecoveryOrder): Promise<number>;
  progress(): Promise<RecoveryProgress>;
}

export interface HttpOptions {
  readonly services: NodeServices;
  readonly tokens: Tokens;
  /** Absent: everybody is let in. */
  readonly limits?: DoorLimits;
  readonly trouble: TroubleDesk;
  /** Absent: lists and totals answer UNAVAILABLE. */
  readonly readModels?: DossierLists;
  readonly openings: Pick<OpeningsRegister, 'total' | 'awaitedFor'>;
  readonly metrics: HttpMetrics;
  /** Absent: requests tell no spans. */
  readonly tracing?: Tracing | undefined;
  readonly softwareVersion: string;
  /** Name of this process: who started it can tell it from another one that answers at its address. */
  readonly instance: string;
  readiness(): Readiness | Promise<Readiness>;
  /** When the newest backup of the vault was made that this node knows of. */
  vaultBackupAt?(): Instant | undefined;
  /** What the databases take of the disk. */
  disk?(): Promise<DiskView>;
  /** From an old database to the next life; absent: not offered here. */
  readonly recovery?: Recovery;
  /** Roles that run in this process. */
  running(): readonly string[];
}

export const HTTP_OPTIONS = Symbol('options of the door');
export const SERVICES = Symbol('services of the node');
