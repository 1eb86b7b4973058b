import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import type { FoldContracts } from '#libs/exchange';
import type { EventStore } from '#libs/use-cases';
import { DossierFold } from './dossier-fold.ts';
import { DossierProjection, type Evolve } from './dossier.projection.ts';
import { DossierQueries } from './dossier-queries.ts';
import { ensureLive, retireGenerations } from './generations.ts';
import { checkMigrations } from './migrate.ts';
import { classified, isRetryable, readModelError } from './read-model-errors.ts';

export interface ReadModelsOptions {
  /** Connection of the application's role to the ledger's database. */
  readonly url: string;
  readonly store: Pick<EventStore, 'readLog' | 'readStream' | 'appended'>;
  readonly contracts: FoldContracts;
  readonly maxConnections?: number;
  /** What went wrong and was got over: a lost connection, an entry that could not be folded. */
  readonly onError?: (error: unknown) => void;
  /** Another `evolve`, for a test. */
  readonly evolve?: Evolve;
}
export interface ReadModels {
  readonly fold: DossierFold;
  readonly dossiers: DossierQueries;
  /** Folds until told to stop; rejects on an error that waiting does not mend. */
  follow(signal: AbortSignal): Promise<void>;
  /** Drops what programs of older versions have left, once it has not moved for so long. Gives how many generations. */
  retire(afterMs: number): Promise<number>;
  close(): Promise<void>;
}

const STATEMENT_TIMEOUT_MS = 30_000;
const LOCK_TIMEOUT_MS = 10_000;
/** How long an entry appended by another process may go unseen. */
const POLL_MS = 250;
/** A program of the version before may park, after this one has started, what only this one understands. */
const RESUME_EVERY_MS = 60_000;

/** @throws DomainError `DATABASE_NOT_MIGRATED`, `DATABASE_NEWER`, `READ_MODEL_UNAVAILABLE` (retryable) */
export async function openReadModels(options: ReadModelsOptions): Promise<ReadModels> {
  const { store, contracts, evolve, onError = () => undefined } = options;
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.maxConnections ?? 6,
    application_name: 'lienthong read models',
    connectionTimeoutMillis: 10_000,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: STATEMENT_TIMEOUT_MS + 2_000,
    lock_timeout: LOCK_TIMEOUT_MS,
    keepAlive: true,
    // Rows and position are lost together in a crash, and folded again from the ledger (docs/adr/0024).
    options: '-c synchronous_commit=off',
  });
  pool.on('error', onError);
  try {
    await classified(() => checkMigrations(pool).then(() => ensureLive(pool)));
  } catch (error) {
    await pool.end();
    throw error;
  }
  const fold = new DossierFold({ pool, store, projection: new DossierProjection(contracts, evolve), onError });
  return {
    fold,
    dossiers: new DossierQueries(pool),
    follow: (signal) => follow({ fold, store, onError }, signal),
    retire: (afterMs) => classified(() => retireGenerations(pool, afterMs)),
    close: () => pool.end(),
  };
}

interface Following {
  readonly fold: DossierFold;
  readonly store: Pick<EventStore, 'appended'>;
  readonly onError: (error: unknown) => void;
}

async function follow({ fold, store, onError }: Following, signal: AbortSignal): Promise<void> {
  let resumeAt = 0;
  while (!signal.aborted) {
    try {
      if (performance.now() >= resumeAt) {
        await fold.resumeParked();
        resumeAt = performance.now() + RESUME_EVERY_MS;
      }
      if ((await fold.foldNext()) === 0) await store.appended(POLL_MS);
    } catch (error) {
      const known = readModelError(error);
      onError(known);
      if (!isRetryable(known)) throw known;
      await setTimeout(POLL_MS);
    }
  }
}
