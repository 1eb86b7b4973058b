/**
 * One schema of a database as files, all of one moment: one transaction that sees one state, while others go on writing.
 * Rows travel in PostgreSQL's own text form of COPY, which every later version reads.
 */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { DatabasePart, FileEntry } from './manifest.ts';
import { sealed, SEALED, type Seal } from './sealing.ts';

export interface CopiedOut {
  readonly files: readonly FileEntry[];
  readonly database: DatabasePart;
}
type Table = DatabasePart['tables'][number];

export type SchemaWanted = Pick<DatabasePart, 'schema' | 'history'>;

export interface CopyOutTo {
  readonly folder: string;
  readonly seal: Seal | undefined;
}

export async function copyOut(
  url: string,
  { schema, history }: SchemaWanted,
  { folder, seal }: CopyOutTo,
): Promise<CopiedOut> {
  const client = new pg.Client({ connectionString: url, application_name: 'lienthong backup' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    const migrations = await client.query<{ name: string }>(`select name from ${schema}.${history} order by id`);
    const tables = await tablesOf(client, { schema, history });
    const files: FileEntry[] = [];
    for (const table of tables) files.push(await copyTable(client, { schema, folder, table, seal }));
    const sequences = await sequencesOf(client, { schema, history });
    await client.query('commit');
    return {
      files,
      database: { schema, history, migrations: migrations.rows.map(({ name }) => name), tables, sequences },
    };
  } finally {
    await client.end();
  }
}

async function tablesOf(client: pg.Client, { schema, history }: SchemaWanted): Promise<readonly Table[]> {
  const { rows } = await client.query<{ table: string; columns: string[] }>(
    `select c.relname as table, array_agg(a.attname::text order by a.attnum) as columns
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       and a.attgenerated = ''
     where c.relnamespace = $1::regnamespace and c.relkind = 'r' and c.relname <> $2
     group by c.relname order by c.relname`,
    [schema, history],
  );
  return rows.map(({ table, columns }) => ({ table, columns, file: `${table}.copy` }));
}

interface OneTable {
  readonly schema: string;
  readonly folder: string;
  readonly table: Table;
  readonly seal: Seal | undefined;
}

async function copyTable(client: pg.Client, { schema, folder, table, seal }: OneTable): Promise<FileEntry> {
  const name = seal ? `${table.file}${SEALED}` : table.file;
  const digest = createHash('sha256');
  let bytes = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _, done) {
      digest.update(chunk);
      bytes += chunk.length;
      done(undefined, chunk);
    },
  });
  const rows = client.query(copyTo(`copy ${namesOf(schema, table)} to stdout`));
  const kept = await sealed(seal, rows);
  await pipeline(kept, counted, createWriteStream(join(folder, name), { mode: 0o600, flush: true }));
  return { name, sha256: digest.digest('hex'), bytes };
}

export const namesOf = (schema: string, { table, columns }: Table): string =>
  `${schema}.${pg.escapeIdentifier(table)} (${columns.map((column) => pg.escapeIdentifier(column)).join(', ')})`;

async function sequencesOf(client: pg.Client, { schema, history }: SchemaWanted): Promise<DatabasePart['sequences']> {
  const { rows } = await client.query<{ name: string }>(
    `select c.relname as name from pg_class c where c.relnamespace = $1::regnamespace and c.relkind = 'S'
       and not starts_with(c.relname, $2) order by 1`,
    [schema, history],
  );
  const found: { sequence: string; last: string; called: boolean }[] = [];
  for (const { name } of rows) {
    const state = await client.query<{ last_value: string; is_called: boolean }>(
      `select last_value, is_called from ${schema}.${pg.escapeIdentifier(name)}`,
    );
    const row = state.rows[0];
    if (row) found.push({ sequence: name, last: row.last_value, called: row.is_called });
  }
  return found;
}
