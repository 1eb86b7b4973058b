/**
 * Brings a ledger's database to the version of this program. May be run again, and by any number of processes at once: an
 * advisory lock of the database lets one after the other through, and the later ones find nothing to do.
 * Proved by `migrate.int.spec.ts`.
 */
import pg from 'pg';
import { DataSource } from 'typeorm';
import { DomainError } from '#libs/kernel';
import { classified } from './errors.ts';
import { grantStatements } from './grants.sql.ts';
import { MIGRATIONS } from './migrations/index.ts';

export interface MigrateOptions {
  /** Connection of the role that owns the database. */
  readonly ownerUrl: string;
  /** Role the program works under; exists already. It gets what `GRANTS` lists. */
  readonly appRole: string;
}

/** Any fixed number of this program's; advisory locks are counted per database. */
const LOCK = 7_244_631_905;
const LOCK_OF_SESSION = LOCK + 1;
const LOCK_WAIT_MS = 60_000;
const KNOWN: readonly string[] = MIGRATIONS.map((migration) => new migration().name);

async function findApplied(client: pg.ClientBase): Promise<readonly string[]> {
  const { rows } = await client.query<{ there: boolean }>(`select to_regclass('lt.migration') is not null as there`);
  if (!rows[0]?.there) return [];
  return (await client.query<{ name: string }>('select name from lt.migration')).rows.map(({ name }) => name);
}

function refuseNewer(applied: readonly string[]): void {
  const unknown = applied.filter((name) => !KNOWN.includes(name));
  if (unknown.length === 0) return;
  throw new DomainError(
    'DATABASE_NEWER',
    `the database has migrations that this program does not know: ${unknown.join(', ')}`,
    {
      unknown,
    },
  );
}

/** Throws `DATABASE_NEWER` or `DATABASE_NOT_MIGRATED`. */
export async function checkSchemaVersion(client: pg.ClientBase): Promise<void> {
  const applied = await findApplied(client);
  refuseNewer(applied);
  const missing = KNOWN.filter((name) => !applied.includes(name));
  if (missing.length === 0) return;
  throw new DomainError('DATABASE_NOT_MIGRATED', `the database lacks migrations: ${missing.join(', ')}`, { missing });
}

async function runMigrations(ownerUrl: string): Promise<void> {
  const source = new DataSource({
    type: 'postgres',
    url: ownerUrl,
    schema: 'lt',
    applicationName: 'lienthong migrate',
    migrations: [...MIGRATIONS],
    migrationsTableName: 'migration',
    migrationsTransactionMode: 'each',
    poolSize: 1,
    // The one session there is: a lock taken on it is held by whoever migrates.
    extra: { idleTimeoutMillis: 0, lock_timeout: LOCK_WAIT_MS },
  });
  await source.initialize();
  try {
    await source.query('select pg_advisory_lock($1)', [LOCK_OF_SESSION]);
    await source.runMigrations();
  } finally {
    await source.destroy();
  }
}

/**
 * @throws DomainError `DATABASE_NEWER` when the database knows migrations that this program does not; `STORE_UNAVAILABLE`
 * (retryable) when it cannot be reached.
 */
export function migrate({ ownerUrl, appRole }: MigrateOptions): Promise<void> {
  return classified(async () => {
    const client = new pg.Client({
      connectionString: ownerUrl,
      lock_timeout: LOCK_WAIT_MS,
      connectionTimeoutMillis: 10_000,
    });
    // Without a listener, a connection cut between two queries would end the process.
    client.on('error', () => undefined);
    await client.connect();
    try {
      await client.query('select pg_advisory_lock($1)', [LOCK]);
      refuseNewer(await findApplied(client));
      await client.query('create schema if not exists lt');
      await runMigrations(ownerUrl);
      await client.query(grantStatements(pg.escapeIdentifier(appRole)));
    } finally {
      await client.end();
    }
  });
}
