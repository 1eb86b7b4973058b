/**
 * A schema put back from files: everything there is dropped, made anew by this program's own migrations, and filled, in one
 * transaction for the rows. The database stays the same one; the mark beside the keys says that it is an older state of it.
 */
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { DomainError } from '#libs/kernel';
import { namesOf } from './copy-out.ts';
import type { DatabasePart, OpenPart } from './manifest.ts';

export interface CopyInWanted {
  readonly ownerUrl: string;
  readonly read: OpenPart['read'];
  readonly database: DatabasePart;
  /** Schemas that follow from this one, and are made again from it. */
  readonly derived: readonly string[];
  /** Makes the schema as this program wants it. */
  migrate(): Promise<void>;
}

/** @throws DomainError `DATABASE_IN_USE`, `BACKUP_OF_ANOTHER_VERSION`; the database is as before, but for the second where it holds no schema any more */
export async function copyIn(wanted: CopyInWanted): Promise<void> {
  const { ownerUrl, database, derived } = wanted;
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'lienthong restore' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await refuseInUse(client);
    for (const schema of [database.schema, ...derived]) await client.query(`drop schema if exists ${schema} cascade`);
    await wanted.migrate();
    await refuseOtherVersion(client, database);
    await client.query('begin');
    await fill(client, wanted);
    await client.query('commit');
    await client.query('analyze');
  } finally {
    await client.end();
  }
}

async function refuseInUse(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ others: string }>(
    `select count(*) as others from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
  );
  if (rows[0]?.others !== '0')
    throw new DomainError('DATABASE_IN_USE', 'the database is in use: stop every process of the node first');
}

async function refuseOtherVersion(client: pg.Client, { schema, history, migrations }: DatabasePart): Promise<void> {
  const { rows } = await client.query<{ name: string }>(`select name from ${schema}.${history} order by id`);
  const here = rows.map(({ name }) => name);
  if (here.join() === migrations.join()) return;
  throw new DomainError(
    'BACKUP_OF_ANOTHER_VERSION',
    'the backup was made by another version of the program: restore it with that one, then bring it up to date',
    { backup: migrations.at(-1), program: here.at(-1) },
  );
}

/** Rows that a migration puts into a new database are in the backup, too. Triggers would count what is counted already. */
async function fill(client: pg.Client, { read, database: { schema, tables, sequences } }: CopyInWanted): Promise<void> {
  const triggers = await client.query<{ on: string; name: string }>(
    `select t.tgrelid::regclass::text as on, t.tgname as name from pg_trigger t join pg_class c on c.oid = t.tgrelid
     where c.relnamespace = $1::regnamespace and not t.tgisinternal and t.tgenabled = 'O'`,
    [schema],
  );
  const each = async (verb: 'disable' | 'enable'): Promise<void> => {
    for (const { on, name } of triggers.rows)
      await client.query(`alter table ${on} ${verb} trigger ${pg.escapeIdentifier(name)}`);
  };
  await each('disable');
  for (const table of tables) {
    await client.query(`delete from ${schema}.${pg.escapeIdentifier(table.table)}`);
    const rows = client.query(copyFrom(`copy ${namesOf(schema, table)} from stdin`));
    await pipeline(await read(table.file), rows);
  }
  for (const { sequence, last, called } of sequences)
    await client.query(`select setval($1, $2, $3)`, [`${schema}.${pg.escapeIdentifier(sequence)}`, last, called]);
  await each('enable');
}
