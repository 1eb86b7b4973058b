/**
 * Brings a vault database to this program's version. May be run again, and by any number of processes at once: one at a
 * time holds a session lock on the database, the others find nothing left to do. Proved by `migrate.int.spec.ts`.
 */
import pg from 'pg';
import { DataSource } from 'typeorm';
import { DomainError } from '#libs/kernel';
import { CreateVault1763942400000 } from './create-vault.migration.ts';
import { DisclosuresTogether1795478400002 } from './disclosures-together.migration.ts';
import { GRANTS } from './vault.sql.ts';

const MIGRATIONS = [CreateVault1763942400000, DisclosuresTogether1795478400002];
/** Any fixed number that is not that of `vault.sql.ts`. */
const MIGRATION_LOCK = 7_012_023_138;
const LOCK_OF_SESSION = MIGRATION_LOCK + 1_000;
const LOCK_WAIT_MS = 60_000;

/**
 * `ownerUrl`: connection of the role that owns the database. `appRole`: the role the program works under; its grants are
 * set anew each time.
 * @throws DomainError `DATABASE_NEWER` when a later program has migrated it
 */
export async function migrateVault({
  ownerUrl,
  appRole,
}: {
  readonly ownerUrl: string;
  readonly appRole: string;
}): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: 10_000, keepAlive: true });
  // Without a listener a connection lost between two queries would end the process; the next query fails instead.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await client.query('CREATE SCHEMA IF NOT EXISTS vault');
    await runMigrations(ownerUrl);
    await refuseNewer(client);
    await client.query(GRANTS(pg.escapeIdentifier(appRole)));
  } finally {
    await client.end();
  }
}

async function runMigrations(url: string): Promise<void> {
  const source = new DataSource({
    type: 'postgres',
    url,
    schema: 'vault',
    migrations: MIGRATIONS,
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each',
    // The one session there is: a lock taken on it is held by whoever migrates, even when its process is killed.
    extra: { max: 1, idleTimeoutMillis: 0, lock_timeout: LOCK_WAIT_MS },
  });
  await source.initialize();
  try {
    await source.query('SELECT pg_advisory_lock($1)', [LOCK_OF_SESSION]);
    await source.runMigrations();
  } finally {
    await source.destroy();
  }
}

/** Throws `DATABASE_NEWER`, or `DATABASE_NOT_MIGRATED` when some migration of this program is missing. */
export async function refuseNewer(client: pg.ClientBase | pg.Pool): Promise<void> {
  const { rows } = await client.query<{ name: string }>('SELECT name FROM vault.migrations').catch(notMigrated);
  const known = new Set(MIGRATIONS.map((migration) => migration.name));
  const later = rows.map(({ name }) => name).filter((name) => !known.has(name));
  if (later.length > 0) {
    throw new DomainError('DATABASE_NEWER', `the vault was migrated by a later program: ${later.join(', ')}`, {
      later,
    });
  }
  if (rows.length < known.size) throw notMigratedError();
}

function notMigrated(error: unknown): never {
  const code = (error as { code?: unknown }).code;
  throw code === UNDEFINED_TABLE || code === INVALID_SCHEMA ? notMigratedError() : error;
}
const UNDEFINED_TABLE = '42P01';
const INVALID_SCHEMA = '3F000';
const notMigratedError = (): DomainError =>
  new DomainError(
    'DATABASE_NOT_MIGRATED',
    'the vault database has not been migrated to this program: run the migrations first',
  );
