/**
 * Four pools, so that neither a slow read nor a relay can keep an append from its connection. Every wait has an end:
 * for a connection, for a lock, for a statement (the server cancels it), for an answer (a connection that has gone
 * silent is dropped, after the server would have cancelled). Who waits for a connection is counted: pg keeps any number
 * waiting, here the next one over the bound is refused before anything is done. Proved by `overload.int.spec.ts` and `pools.int.spec.ts`.
 */
import pg from 'pg';
import { DomainError } from '#libs/kernel';
import { type LifeWatch, readFacts } from './lives.ts';

export interface StorePools {
  readonly append: pg.Pool;
  readonly read: pg.Pool;
  readonly relay: pg.Pool;
  /**
   * Commits that nobody waits for the disk for (docs/adr/0024): what a crash undoes of them is done again, or was used by
   * nothing that survives, since the log of the database reaches the disk in its order.
   */
  readonly soon: pg.Pool;
}
export interface StoreTimeouts {
  /** Milliseconds. */
  readonly connect: number;
  readonly lock: number;
  readonly statement: number;
}
export const TIMEOUTS: StoreTimeouts = { connect: 5_000, lock: 5_000, statement: 10_000 };

/**
 * Statements are planned once per connection and for arrays of any length, perhaps while a table is empty, and that plan
 * stays while it grows. All of ours are lookups by index: nothing else is to look cheaper.
 */
const LOOKUPS = {
  default_transaction_isolation: 'read\\ committed',
  plan_cache_mode: 'force_generic_plan',
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  jit: 'off',
};

/** Statements that wait for a connection of one pool. */
const WAITING_MAX = 1_000;

interface PoolWanted {
  readonly name: string;
  readonly max: number;
  readonly watched: Watched;
  readonly waitingMax?: number | undefined;
  readonly more?: Readonly<Record<string, string>>;
}
/** The watch is set once the database is known to have what it looks at. */
export interface Watched {
  watch?: LifeWatch | undefined;
}

/** A database that was put back breaks every connection to it first: so each new one is looked at before it is used. */
const lookedAtBy =
  (watched: Watched): NonNullable<pg.PoolConfig['verify']> =>
  (client, done) => {
    const { watch } = watched;
    if (!watch) return done();
    const mark = watch.mark();
    readFacts(client, mark && mark.size - 1).then(
      (facts) => {
        watch.see(facts, mark);
        done();
      },
      (error: unknown) => done(error as Error),
    );
  };

type Connected = Parameters<typeof pg.Pool.prototype.connect>[0];

class BoundedPool extends pg.Pool {
  readonly #waitingMax: number;

  constructor(options: pg.PoolConfig, waitingMax: number) {
    super(options);
    this.#waitingMax = waitingMax;
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(connected: Connected): void;
  override connect(connected?: Connected): Promise<pg.PoolClient> | void {
    if (this.waitingCount < this.#waitingMax) return connected ? super.connect(connected) : super.connect();
    const details = { retryable: true, delayMs: 1_000 };
    const refused = new DomainError('OVERLOADED', 'too many statements wait for a connection', details);
    if (!connected) return Promise.reject(refused);
    connected(refused, undefined, () => undefined);
  }
}

export function openPool(url: string, { connect, lock, statement }: StoreTimeouts, wanted: PoolWanted): pg.Pool {
  const options: pg.PoolConfig = {
    connectionString: url,
    max: wanted.max,
    application_name: `lienthong ${wanted.name}`,
    options: Object.entries({ ...LOOKUPS, ...wanted.more })
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
    connectionTimeoutMillis: connect,
    lock_timeout: lock,
    statement_timeout: statement,
    query_timeout: statement + 2_000,
    idle_in_transaction_session_timeout: statement,
    keepAlive: true,
    keepAliveInitialDelayMillis: 5_000,
    verify: lookedAtBy(wanted.watched),
  };
  const pool = new BoundedPool(options, wanted.waitingMax ?? WAITING_MAX);
  // An idle connection that breaks is dropped by the pool; the next query opens another.
  pool.on('error', () => undefined);
  // Nobody listens to one that is looked at (`verify`): unheard, its loss would end the process; its query fails anyhow.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

export function openPools(
  url: string,
  timeouts: StoreTimeouts = TIMEOUTS,
  of: Pick<PoolWanted, 'watched' | 'waitingMax'> = { watched: {} },
): StorePools {
  return {
    append: openPool(url, timeouts, { name: 'append', max: 3, ...of }),
    read: openPool(url, timeouts, { name: 'read', max: 8, ...of }),
    relay: openPool(url, timeouts, { name: 'relay', max: 4, ...of }),
    soon: openPool(url, timeouts, { name: 'soon', max: 4, more: { synchronous_commit: 'off' }, ...of }),
  };
}

export async function closePools({ append, read, relay, soon }: StorePools): Promise<void> {
  await Promise.all([relay.end(), read.end(), soon.end()]);
  await append.end();
}
