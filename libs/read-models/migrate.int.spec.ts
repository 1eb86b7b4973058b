import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { DossierLog } from '../testing/dossier-log.ts';
import { createTemporaryDatabase, type TemporaryDatabase } from '../testing/temporary-database.ts';
import { migrateReadModels, openReadModels } from './index.ts';

jest.setTimeout(60_000);
let database: TemporaryDatabase;
beforeAll(async () => {
  database = await createTemporaryDatabase();
});
afterAll(() => database.drop());

const migrate = (): Promise<void> => migrateReadModels(database);
const open = async (): Promise<void> => {
  const contracts = { isKnown: () => true, fits: () => true };
  await (await openReadModels({ url: database.appUrl, store: new DossierLog(), contracts })).close();
};
async function asOwner(sql: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(sql);
  await client.end();
  return rows;
}

describe('migrating the read models', () => {
  it('comes before opening', async () => {
    await expect(open()).rejects.toMatchObject({ code: 'DATABASE_NOT_MIGRATED' });
  });

  it('may be done by twelve processes at once, and again', async () => {
    await Promise.all(Array.from({ length: 12 }, migrate));
    await migrate();
    expect(await asOwner('SELECT name FROM read.migrations ORDER BY timestamp')).toEqual([
      { name: 'CreateReadModels1763942400001' },
      { name: 'CountUnanswered1763942400002' },
      { name: 'RetireGenerations1763942400003' },
    ]);
  });

  it('lets twelve processes open at once and agree on what is live', async () => {
    await Promise.all(Array.from({ length: 12 }, open));
    expect(await asOwner('SELECT generation FROM read.generation')).toHaveLength(1);
    expect(await asOwner('SELECT generation FROM read.live')).toHaveLength(1);
  });

  it('still gives a program of the version before the tables that it knows', async () => {
    const [made] = (await asOwner('SELECT read.create_generation(1) AS n')) as { n: number }[];
    const columns = (list: string): string =>
      `SELECT FROM information_schema.columns WHERE column_name = 'unanswered' AND table_name = 'dossier_list_' || ${list}`;
    expect(await asOwner(columns(`${made?.n}`))).toEqual([]);
    expect(await asOwner(columns('(SELECT generation FROM read.live)'))).toHaveLength(1);
  });

  it('is refused, and opening too, when a later program was there', async () => {
    await asOwner(`INSERT INTO read.migrations (timestamp, name) VALUES (1, 'FromTheFuture1999999999999')`);
    for (const attempt of [migrate, open]) await expect(attempt()).rejects.toMatchObject({ code: 'DATABASE_NEWER' });
  });
});
