/**
 * Counts and ages for a watcher of the node. A connection of its own, with short time-outs and the planner left free: a
 * count that takes long must take nothing from the work it counts.
 */
import pg from 'pg';
import { classified } from './errors.ts';
import * as sql from './tallies.sql.ts';

export interface Tally {
  readonly count: number;
  /** Real time of the oldest. */
  readonly oldest?: Date;
}
export interface LedgerTallies {
  readonly held: readonly (Tally & { readonly reason: string })[];
  readonly quarantined: readonly (Tally & { readonly stage: string; readonly code: string })[];
  /** Commands without an outcome. */
  readonly unanswered: Tally;
  /** Of large tables, indexes included. */
  readonly sizes: readonly { readonly relation: string; readonly bytes: number }[];
}
export interface Tallies {
  /** @throws DomainError `STORE_UNAVAILABLE` and others of the store */
  read(): Promise<LedgerTallies>;
  close(): Promise<void>;
}

const WITHIN_MS = 3_000;

export function openTallies(url: string): Tallies {
  const pool = new pg.Pool({
    connectionString: url,
    max: 1,
    application_name: 'lienthong watch',
    connectionTimeoutMillis: WITHIN_MS,
    statement_timeout: WITHIN_MS,
    query_timeout: WITHIN_MS + 1_000,
    keepAlive: true,
  });
  // An idle connection that breaks is dropped by the pool; the next look opens another.
  pool.on('error', () => undefined);
  return { read: () => classified(() => readAll(pool)), close: () => pool.end() };
}

type Row = Readonly<Record<string, unknown>>;

async function readAll(pool: pg.Pool): Promise<LedgerTallies> {
  const rows = async (query: { name: string; text: string }): Promise<readonly Row[]> =>
    (await pool.query<Row>(query)).rows;
  const [unanswered = {}] = await rows(sql.UNANSWERED);
  return {
    held: (await rows(sql.HELD)).map((row) => ({ ...tallyOf(row), reason: String(row['reason']) })),
    quarantined: (await rows(sql.QUARANTINED)).map((row) => ({
      ...tallyOf(row),
      stage: String(row['stage']),
      code: String(row['code']),
    })),
    unanswered: tallyOf(unanswered),
    sizes: (await rows(sql.SIZES)).map((row) => ({ relation: String(row['relation']), bytes: Number(row['bytes']) })),
  };
}

const tallyOf = ({ count, oldest }: Row): Tally => ({
  count: Number(count ?? 0),
  ...(oldest instanceof Date ? { oldest } : {}),
});
