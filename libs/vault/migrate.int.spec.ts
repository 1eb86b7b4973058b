import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { createVaultDatabase, type VaultDatabase } from '../testing/vault-database.ts';
import { migrateVault, openVault } from './index.ts';

const custody = { wrap: (key: Uint8Array) => key, unwrap: (wrapped: Uint8Array) => wrapped };
jest.setTimeout(60_000);
let database: VaultDatabase;
beforeAll(async () => {
  database = await createVaultDatabase({ migrated: false });
});
afterAll(() => database.drop());

const migrate = (): Promise<void> => migrateVault(database);
const open = async (): Promise<void> => (await openVault({ url: database.appUrl, custody })).close();
async function asOwner(sql: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(sql);
  await client.end();
  return rows;
}

describe('migrating a vault', () => {
  it('comes before opening', async () => {
    await asOwner(`CREATE SCHEMA vault; GRANT USAGE ON SCHEMA vault TO ${database.appRole}`);
    await expect(open()).rejects.toMatchObject({ code: 'DATABASE_NOT_MIGRATED' });
  });

  it('may be done by twelve processes at once, and again', async () => {
    await Promise.all(Array.from({ length: 12 }, migrate));
    await migrate();
    expect(await asOwner('SELECT name FROM vault.migrations')).toEqual([{ name: 'CreateVault1763942400000' }]);
    await expect(open()).resolves.toBeUndefined();
  });

  it('is refused, and opening too, when a later program was there', async () => {
    await asOwner(`INSERT INTO vault.migrations (timestamp, name) VALUES (1, 'FromTheFuture1999999999999')`);
    for (const attempt of [migrate, open]) {
      await expect(attempt()).rejects.toMatchObject({
        code: 'DATABASE_NEWER',
        details: { later: ['FromTheFuture1999999999999'] },
      });
    }
  });
});
