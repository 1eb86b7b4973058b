/**
 * Three pools, so that neither a slow read nor a relay can keep an append from its connection. Every wait has an end:
 * for a connection, for a lock, for a statement (the server cancels it), for an answer (a connection that has gone
 * silent is dropped, after the server would have cancelled).
 */
import pg from 'pg';

export interface StorePools {
  readonly append: pg.Pool;
  readonly read: pg.Pool;
  readonly relay: pg.Pool;
}
export interface StoreTimeouts {
  /** Milliseconds. */
  readonly connect: number;
  readonly lock: number;
  readonly statement: number;
}
export const TIMEOUTS: StoreTimeouts = { connect: 5_000, lock: 5_000, statement: 10_000 };

/**
 * The statements of `lt.append` are planned once per connection, for arrays of any length: lookups by index, whatever
 * the statistics of a table that was empty when they were planned.
 */
const APPEND_SETTINGS = {
  plan_cache_mode: 'force_generic_plan',
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  jit: 'off',
};

interface PoolWanted {
  readonly name: string;
  readonly max: number;
  readonly settings?: Readonly<Record<string, string>>;
}

function poolOf(url: string, { connect, lock, statement }: StoreTimeouts, wanted: PoolWanted): pg.Pool {
  const settings = { default_transaction_isolation: 'read\\ committed', ...wanted.settings };
  const pool = new pg.Pool({
    connectionString: url,
    max: wanted.max,
    application_name: `lienthong ${wanted.name}`,
    options: Object.entries(settings)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
    connectionTimeoutMillis: connect,
    lock_timeout: lock,
    statement_timeout: statement,
    query_timeout: statement + 2_000,
    idle_in_transaction_session_timeout: statement,
    keepAlive: true,
    keepAliveInitialDelayMillis: 5_000,
  });
  // An idle connection that breaks is dropped by the pool; the next query opens another.
  pool.on('error', () => undefined);
  return pool;
}

export function openPools(url: string, timeouts: StoreTimeouts = TIMEOUTS): StorePools {
  return {
    append: poolOf(url, timeouts, { name: 'append', max: 3, settings: APPEND_SETTINGS }),
    read: poolOf(url, timeouts, { name: 'read', max: 8 }),
    relay: poolOf(url, timeouts, { name: 'relay', max: 4 }),
  };
}

export async function closePools({ append, read, relay }: StorePools): Promise<void> {
  await Promise.all([relay.end(), read.end()]);
  await append.end();
}
