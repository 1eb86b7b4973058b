/**
 * Brings the schema `read` to this program's version. May be run again, and by any number of processes at once: one at a
 * time holds a session lock on the database. Proved by `migrate.int.spec.ts`.
 */
import pg from 'pg';
import { DataSource } from 'typeorm';
import { DomainError } from '#libs/kernel';
import { CountUnanswered1763942400002 } from './count-unanswered.migration.ts';
import { CreateReadModels1763942400001 } from './create-read-models.migration.ts';
import { classified } from './read-model-errors.ts';
import { RetireGenerations1763942400003 } from './retire-generations.migration.ts';
import { DEFAULT_GRANTS, GRANTS } from './read-models.sql.ts';

const MIGRATIONS = [CreateReadModels1763942400001, CountUnanswered1763942400002, RetireGenerations1763942400003];
/** Any fixed number that no other lock of the ledger's database has. */
const MIGRATION_LOCK = 7_012_023_139;
const LOCK_OF_SESSION = MIGRATION_LOCK + 1_000;
const LOCK_WAIT_MS = 60_000;

/**
 * `ownerUrl`: connection of the role that owns the ledger's database. `appRole`: the role the program works under.
 * @throws DomainError `DATABASE_NEWER` when a later program has migrated it
 */
export function migrateReadModels({
  ownerUrl,
  appRole,
}: {
  readonly ownerUrl: string;
  readonly appRole: string;
}): Promise<void> {
  return classified(async () => {
    const client = new pg.Client({
      connectionString: ownerUrl,
      lock_timeout: LOCK_WAIT_MS,
      connectionTimeoutMillis: 10_000,
    });
    // Without a listener a connection lost between two queries would end the process; the next query fails instead.
    client.on('error', () => undefined);
    await client.connect();
    try {
      const role = pg.escapeIdentifier(appRole);
      await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
      await client.query('CREATE SCHEMA IF NOT EXISTS read');
      await client.query(DEFAULT_GRANTS(role));
      await runMigrations(ownerUrl);
      await checkMigrations(client);
      await client.query(GRANTS(role));
    } finally {
      await client.end();
    }
  });
}

async function runMigrations(url: string): Promise<void> {
  const source = new DataSource({
    type: 'postgres',
    url,
    schema: 'read',
    migrations: MIGRATIONS,
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each',
    poolSize: 1,
    // The one session there is: a lock taken on it is held by whoever migrates, even when its process is killed.
    extra: { idleTimeoutMillis: 0, lock_timeout: LOCK_WAIT_MS },
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
export async function checkMigrations(client: pg.ClientBase | pg.Pool): Promise<void> {
  const { rows: there } = await client.query<{ found: boolean }>(
    `SELECT to_regclass('read.migrations') IS NOT NULL AS found`,
  );
  const { rows } = there[0]?.found
    ? await client.query<{ name: string }>('SELECT name FROM read.migrations')
    : { rows: [] };
  const known = new Set<string>(MIGRATIONS.map((migration) => new migration().name));
  const later = rows.map(({ name }) => name).filter((name) => !known.has(name));
  if (later.length > 0) {
    throw new DomainError('DATABASE_NEWER', `the read models were migrated by a later program: ${later.join(', ')}`, {
      later,
    });
  }
  if (rows.length < known.size) {
    throw new DomainError(
      'DATABASE_NOT_MIGRATED',
      'the read models have not been migrated to this program: run the migrations first',
    );
  }
}
