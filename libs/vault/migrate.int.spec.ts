import { createCipheriv, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import type { StoredDisclosure } from '#libs/use-cases';
import { disclosuresOf } from '../testing/disclosures.ts';
import { createVaultDatabase, type VaultDatabase } from '../testing/vault-database.ts';
import { migrateVault, openVault } from './index.ts';
import { CREATE_VAULT } from './vault.sql.ts';

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

/** As the first version sealed: version 1, iv, AES-256-GCM bound to stream, event and pointer. */
function sealedBefore(key: Buffer, { stream, event, pointer, disclosure }: StoredDisclosure): Buffer {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(`${stream}\n${event}\n${pointer}`));
  return Buffer.concat([Buffer.of(1), iv, cipher.update(disclosure), cipher.final(), cipher.getAuthTag()]);
}

describe('migrating a vault', () => {
  it('comes before opening', async () => {
    await asOwner(`CREATE SCHEMA vault; GRANT USAGE ON SCHEMA vault TO ${database.appRole}`);
    await expect(open()).rejects.toMatchObject({ code: 'DATABASE_NOT_MIGRATED' });
  });

  it('may be done by twelve processes at once, and again', async () => {
    await Promise.all(Array.from({ length: 12 }, migrate));
    await migrate();
    expect(await asOwner('SELECT name FROM vault.migrations')).toEqual([
      { name: 'CreateVault1763942400000' },
      { name: 'DisclosuresTogether1795478400002' },
    ]);
    await expect(open()).resolves.toBeUndefined();
  });

  it('keeps what was stored, a value in a row, as the first version did', async () => {
    const old = await createVaultDatabase({ migrated: false });
    const client = new pg.Client({ connectionString: old.ownerUrl });
    await client.connect();
    await client.query('CREATE SCHEMA vault');
    await client.query(CREATE_VAULT);
    await client.query(`CREATE TABLE vault.migrations (id serial PRIMARY KEY, timestamp bigint NOT NULL, name varchar NOT NULL);
      INSERT INTO vault.migrations (timestamp, name) VALUES (1763942400000, 'CreateVault1763942400000')`);
    const [kept] = disclosuresOf({ '/applicant/fullName': 'Nguyễn Thị Hòa' }) as [StoredDisclosure];
    const key = randomBytes(32);
    await client.query('INSERT INTO vault.data_key (stream, subject, wrapped) VALUES ($1, $2, $3)', [
      kept.stream,
      kept.subject,
      key,
    ]);
    await client.query('INSERT INTO vault.disclosure (event, pointer, key_id, sealed) VALUES ($1, $2, 1, $3)', [
      Buffer.from(kept.event, 'base64url'),
      kept.pointer,
      sealedBefore(key, kept),
    ]);
    await client.end();
    await migrateVault(old);
    const vault = await openVault({ url: old.appUrl, custody });
    const more = disclosuresOf(
      { '/applicant/phone': '0912345678', '/actor/name': 'Cán' },
      { event: kept.event, stream: kept.stream },
    );
    await vault.put([kept, ...more]);
    const found = await vault.find([kept.event]);
    expect(found).toHaveLength(3);
    expect(found).toEqual(expect.arrayContaining([kept, ...more]));
    await vault.close();
    await old.drop();
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
