/** A process that migrates is killed in the midst of it, while another one waits to do the same. */
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { migrate, openEventStore } from '#libs/event-store-postgres';
import { migrateReadModels } from '#libs/read-models';
import { migrateVault } from '#libs/vault';
import { someFiling } from '../testing/builders-units.ts';
import { eventually } from '../testing/eventually.ts';
import { startMortal } from '../testing/mortal/start-mortal.ts';
import { createTemporaryDatabase, type TemporaryDatabase } from '../testing/temporary-database.ts';

jest.setTimeout(60_000);

/** Any number: what the killed process is made to wait for. */
const GATE = 4711;
let database: TemporaryDatabase;
let admin: pg.Client;
/** Holds what the first process waits for: inside a transaction one sees no news of other sessions. */
let holder: pg.Client;
beforeEach(async () => {
  database = await createTemporaryDatabase({ migrated: false });
  admin = new pg.Client(database.adminUrl);
  await admin.connect();
  holder = new pg.Client(database.adminUrl);
  await holder.connect();
});
afterEach(async () => {
  await holder.end();
  await admin.end();
  await database.drop();
});

/** Sessions of processes that migrate, by what they wait for. */
async function waiting(event: string): Promise<number> {
  const { rowCount } = await admin.query(
    `select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and wait_event = $1`,
    [event],
  );
  return rowCount ?? 0;
}
/** Of the owner, that is of processes that migrate: one that holds the lock, one that works. */
async function sessions(): Promise<number> {
  const { rowCount } = await admin.query(
    `select from pg_stat_activity where datname = current_database() and usename = $1`,
    [ownerName()],
  );
  return rowCount ?? 0;
}

interface Migrating {
  readonly what: 'ledger' | 'vault' | 'lists';
  readonly migrate: (database: TemporaryDatabase) => Promise<void>;
  /** Where TypeORM notes what was applied. */
  readonly table: string;
}
const LEDGER: Migrating = { what: 'ledger', migrate, table: 'lt.migration' };
const VAULT: Migrating = { what: 'vault', migrate: migrateVault, table: 'vault.migrations' };
const LISTS: Migrating = { what: 'lists', migrate: migrateReadModels, table: 'read.migrations' };

/** The first process waits for the holder in the midst of its work; killed, its session goes on beside the second's. */
async function killedWhile(migrating: Migrating, isThere: () => Promise<void>, letGo: string): Promise<void> {
  const first = startMortal({ does: 'migrate', what: migrating.what, ...database });
  await eventually(isThere);
  const before = await sessions();
  const second = migrating.migrate(database);
  await eventually(async () => expect(await sessions()).toBeGreaterThan(before));
  expect((await first.kill()).signal).toBe('SIGKILL');
  // The second one has come past the first lock, whose session has ended with its process.
  await eventually(async () => expect(await sessions()).toBe(3));
  await holder.query(letGo);
  await second;
  const { rows } = await admin.query<{ name: string }>(`select name from ${migrating.table}`);
  expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
  await migrating.migrate(database);
  expect((await admin.query(`select from ${migrating.table}`)).rowCount).toBe(rows.length);
}

describe('a migration whose process is killed', () => {
  it('between two statements is undone and done by the other one', async () => {
    // A table of the second migration, made by somebody who has not committed.
    await holder.query(`create schema lt authorization ${ownerName()}`);
    await holder.query('begin');
    await holder.query('create table lt.receipt ()');
    await killedWhile(LEDGER, async () => expect(await waiting('transactionid')).toBe(1), 'rollback');
    const store = await openEventStore({ url: database.appUrl, softwareVersion: '0.1.0' });
    expect((await store.append(someFiling())).kind).toBe('appended');
    await store.close();
  });

  it.each([LEDGER, VAULT, LISTS])('while its commit is under way is not begun again: $what', async (migrating) => {
    const [schema] = migrating.table.split('.');
    await holder.query(`create schema ${schema} authorization ${ownerName()}`);
    await holder.query(`create table ${migrating.table} (id serial primary key, "timestamp" bigint not null, name varchar not null);
      alter table ${migrating.table} owner to ${ownerName()};
      create function ${schema}.slow() returns trigger language plpgsql as
        $$ begin perform pg_advisory_xact_lock_shared(${GATE}); return null; end $$;
      create constraint trigger slow after insert on ${migrating.table} deferrable initially deferred
        for each row execute function ${schema}.slow();
      select pg_advisory_lock(${GATE})`);
    const commits = async (): Promise<void> => {
      const { rowCount } = await admin.query(
        `select from pg_stat_activity where datname = current_database() and wait_event = 'advisory' and query ilike 'commit'`,
      );
      expect(rowCount).toBe(1);
    };
    await killedWhile(migrating, commits, `select pg_advisory_unlock(${GATE})`);
  });
});

const ownerName = (): string => new URL(database.ownerUrl).username;
