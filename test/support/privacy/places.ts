/**
 * Everywhere something is kept or said in an embedded stack, as bytes with the name of the place: rows of every table of
 * every database, all files of the data directory (logs, keys, the broker's segments, the database's own files), and the
 * records of every topic. Nothing is left out by name, so that a new table, file or topic is searched from its first day.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import pg from 'pg';
import { openStateFile, type KafkaState, type PostgresState } from '../../../tools/stack/state-file.ts';
import { urlOf } from '../../../tools/stack/postgres/databases.ts';
import type { Story } from '../story.ts';
import type { Place } from './place.ts';
import { readTopics } from './topics.ts';

const stateOf = (story: Story): { readonly postgres: PostgresState; readonly kafka: KafkaState } => {
  const { postgres, kafka } = openStateFile(story.stack.folder.dir).read();
  if (!postgres || !kafka) throw new Error('this stack has no servers of its own');
  return { postgres, kafka };
};

/** As the server's administrator, who sees every table. */
export async function withDatabase<T>(
  story: Story,
  database: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const { port, adminUser, adminPassword } = stateOf(story).postgres;
  const client = new pg.Client({ connectionString: urlOf(port, adminUser, adminPassword, database) });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

export const databasesOf = (story: Story): Promise<readonly string[]> =>
  withDatabase(story, 'postgres', async (client) => {
    const { rows } = await client.query<{ datname: string }>('SELECT datname FROM pg_database WHERE datallowconn');
    return rows.map(({ datname }) => datname);
  });

const TABLES = `
SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') ORDER BY 1`;

/** A place per table: every column of every row as text, and what is bytes also as bytes. */
export const tablesOf = (story: Story, database: string): Promise<readonly Place[]> =>
  withDatabase(story, database, async (client) => {
    const { rows } = await client.query<{ name: string }>(TABLES);
    const places: Place[] = [];
    for (const { name } of rows) places.push({ name: `${database} ${name}`, bytes: await rowsOf(client, name) });
    return places;
  });

async function rowsOf(client: pg.Client, table: string): Promise<Buffer> {
  const { rows } = await client.query<(string | null)[]>({
    text: `SELECT * FROM ${table}`,
    rowMode: 'array',
    types: { getTypeParser: () => (text: string) => text },
  });
  const values = rows.flat().filter((value): value is string => value !== null);
  return Buffer.concat(values.flatMap((value) => [Buffer.from(`${value}\n`), ...bytesIn(value)]));
}

/** Of a `bytea`, also where it stands in an array or a record. */
const bytesIn = (value: string): readonly Buffer[] =>
  [...value.matchAll(/\\x((?:[0-9a-f]{2})+)/g)].map(([, hex = '']) => Buffer.from(`${hex}0a`, 'hex'));

export function* filesOf(story: Story): Generator<Place> {
  const { dir } = story.stack.folder;
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = readIfThere(path);
    if (bytes) yield { name: relative(dir, path), bytes };
  }
}

/** The servers are at work: a file may go while it is looked for. */
function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export const recordsOf = (story: Story): Promise<readonly Place[]> => {
  const { users, adminUser } = stateOf(story).kafka;
  const sasl = { username: adminUser, password: users[adminUser] ?? '' };
  return readTopics({ brokers: story.stack.record.brokers, clientId: 'searcher', sasl });
};

/** The whole stack, but what it answers over HTTP. */
export async function placesOf(story: Story): Promise<readonly Place[]> {
  const places: Place[] = [...filesOf(story), ...(await recordsOf(story))];
  for (const database of await databasesOf(story)) places.push(...(await tablesOf(story, database)));
  return places;
}
