import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import type { Hash, NodeId, Subject } from '#libs/kernel';
import { createKeys, openKeyCustody } from '#libs/key-custody';
import type { StoredDisclosure, Vault } from '#libs/use-cases';
import { createVaultDatabase, type VaultDatabase } from '../testing/vault-database.ts';
import { disclosuresOf, newEvent, newStream } from '../testing/disclosures.ts';
import { vaultContract } from '../testing/vault.contract.ts';
import { openVault, type VaultOptions } from './index.ts';

const keys = mkdtempSync(join(tmpdir(), 'lienthong-vault-'));
createKeys(join(keys, 'node'), { node: 'gialam-communes' as NodeId, owners: [], label: '1' });
createKeys(join(keys, 'other'), { node: 'gialam-communes' as NodeId, owners: [], label: '1' });
const custody = openKeyCustody(join(keys, 'node'));

jest.setTimeout(60_000);
let database: VaultDatabase;
let owner: pg.Pool;
beforeAll(async () => {
  database = await createVaultDatabase();
  owner = new pg.Pool({ connectionString: database.ownerUrl, max: 4 });
  owner.on('error', () => undefined);
});
afterAll(async () => {
  await owner.end();
  await database.drop();
  rmSync(keys, { recursive: true, force: true });
});

async function asAdmin(sql: string, values: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: database.adminUrl });
  await client.connect();
  await client.query(sql, [...values]);
  await client.end();
}

const open = (options: Partial<VaultOptions> = {}): Promise<Vault> =>
  openVault({ url: database.appUrl, custody, ...options });
const VALUES = { '/applicant/fullName': 'Nguyễn Thị Hòa', '/actor/name': 'Trần Văn Cán' };

/** Runs with several vaults on the database, as several processes have them. */
async function withVaults<T>(count: number, work: (vaults: readonly Vault[]) => Promise<T>): Promise<T> {
  const vaults = await Promise.all(Array.from({ length: count }, () => open()));
  try {
    return await work(vaults);
  } finally {
    await Promise.all(vaults.map((vault) => vault.close()));
  }
}
const vaultAt = (vaults: readonly Vault[], index: number): Vault => vaults[index % vaults.length] as Vault;

vaultContract('PostgreSQL', async () => ({ vault: await open(), another: () => open() }));

describe('at rest', () => {
  it('no table holds a value, a disclosure or a digest', async () => {
    const rows = disclosuresOf({ '/applicant/fullName': 'PLANTED Nguyễn Thị Hòa', '/c1/personalId': '999185000001' });
    await withVaults(1, async ([vault]) => vault?.put(rows));
    const { sha256 } = await import('#libs/key-custody');
    const needles = rows.flatMap(({ disclosure }) => [
      Buffer.from('PLANTED'),
      Buffer.from('999185000001'),
      Buffer.from(disclosure),
      Buffer.from(disclosure, 'base64url'),
      Buffer.from(sha256(Buffer.from(disclosure))),
    ]);
    const { rows: tables } = await owner.query<{ name: string }>(
      `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'vault'`,
    );
    expect(tables.length).toBeGreaterThan(5);
    for (const { name } of tables) {
      const { rows: records } = await owner.query<{ bytes: Buffer }>(
        `SELECT record_send(t) AS bytes FROM vault.${name} t`,
      );
      const stored = Buffer.concat(records.map(({ bytes }) => bytes));
      for (const needle of needles) {
        expect(stored.includes(needle)).toBe(false);
        expect(stored.includes(needle.toString('base64url'))).toBe(false);
      }
    }
  });

  it('a disclosure that was moved or changed is noticed', async () => {
    await withVaults(1, async ([vault]) => {
      const [here, there] = [newEvent(), newEvent()];
      const stream = newStream();
      await vault?.put([
        ...disclosuresOf(VALUES, { stream, event: here }),
        ...disclosuresOf(VALUES, { stream, event: there }),
      ]);
      await owner.query(
        `UPDATE vault.disclosure SET sealed = (SELECT sealed FROM vault.disclosure WHERE event = $1 AND pointers = ARRAY[$3]) WHERE event = $2 AND pointers = ARRAY[$3]`,
        [Buffer.from(here, 'base64url'), Buffer.from(there, 'base64url'), '/applicant/fullName'],
      );
      await expect(vault?.find([there])).rejects.toMatchObject({ code: 'VAULT_CORRUPT', details: { event: there } });
      await expect(vault?.find([here])).resolves.toHaveLength(2);
    });
  });
});

describe('several processes', () => {
  it('make one key for a subject, and read one another', async () => {
    await withVaults(4, async (vaults) => {
      const stream = newStream();
      const puts = Array.from({ length: 100 }, () => disclosuresOf(VALUES, { stream }));
      await Promise.all(puts.map((rows, index) => vaultAt(vaults, index).put(rows)));
      const found = await vaultAt(vaults, 0).find(puts.map((rows) => rows[0]?.event as Hash));
      expect(new Set(found.map(({ disclosure }) => disclosure))).toEqual(
        new Set(puts.flat().map(({ disclosure }) => disclosure)),
      );
      const { rows } = await owner.query('SELECT subject FROM vault.data_key WHERE stream = $1', [stream]);
      expect(rows).toHaveLength(2);
    });
  });

  it('do not bring back what another erased, however they race', async () => {
    await withVaults(3, async (vaults) => {
      const streams = Array.from({ length: 20 }, newStream);
      const put = (stream: Subject, index: number): Promise<void> =>
        vaultAt(vaults, index).put(disclosuresOf(VALUES, { stream }));
      await Promise.all(streams.map(put));
      const races = streams.flatMap((stream, index) => [
        ...Array.from({ length: 10 }, (_, turn) => put(stream, index + turn)),
        vaultAt(vaults, index).erase(stream, ['applicant']),
        ...Array.from({ length: 10 }, (_, turn) => put(stream, index + turn)),
      ]);
      await Promise.all(races);
      const { rows } = await owner.query<{ erased: number; left: number; others: number }>(
        `SELECT count(DISTINCT k.id) FILTER (WHERE k.wrapped IS NULL)::int AS erased,
                count(d.event) FILTER (WHERE k.subject = 'applicant')::int AS left,
                count(d.event) FILTER (WHERE k.subject = 'actor')::int AS others
         FROM vault.data_key k LEFT JOIN vault.disclosure d ON d.key_id = k.id WHERE k.stream = ANY ($1)`,
        [streams],
      );
      expect(rows[0]).toEqual({ erased: 20, left: 0, others: 20 * 21 });
    });
  });

  it('forget no disclosure when keys do not fit in memory', async () => {
    const vault = await open({ cachedKeys: 1 });
    const puts = Array.from({ length: 50 }, () => disclosuresOf(VALUES));
    await Promise.all([...puts, ...puts].map((rows) => vault.put(rows)));
    expect(await vault.find(puts.map((rows) => rows[0]?.event as Hash))).toHaveLength(100);
    await vault.close();
  });
});

describe('the application’s role', () => {
  it.each([
    ['give a destroyed key back', `UPDATE vault.data_key SET wrapped = '\\x00', erased_at = NULL`],
    ['replace a key', `UPDATE vault.data_key SET wrapped = '\\x00'`],
    ['remove the memory of an erasure', 'DELETE FROM vault.data_key'],
    ['change a disclosure', `UPDATE vault.disclosure SET sealed = '\\x00'`],
    ['empty a table', 'TRUNCATE vault.disclosure'],
    ['change the register', `UPDATE vault.disclosure_sent SET receiver = 'x'`],
    ['shorten the register', 'DELETE FROM vault.disclosure_sent'],
    ['forget who looked', 'DELETE FROM vault.reveal'],
    ['replace the check of the wrapping key', `UPDATE vault.state SET wrapped_check = '\\x00'`],
    ['create anything', 'CREATE TABLE vault.x ()'],
  ])('cannot %s', async (_, sql) => {
    const client = new pg.Client({ connectionString: database.appUrl });
    await client.connect();
    await expect(client.query(sql)).rejects.toMatchObject({ code: expect.stringMatching(/^(42501|P0001)$/) });
    await client.end();
  });

  it('is not alone in that: the owner cannot shorten a register or revive a key either', async () => {
    for (const sql of [
      'DELETE FROM vault.disclosure_sent',
      'TRUNCATE vault.reveal',
      `UPDATE vault.data_key SET wrapped = '\\x00', erased_at = NULL`,
    ]) {
      await expect(owner.query(sql)).rejects.toMatchObject({ code: 'P0001' });
    }
  });
});

describe('opening', () => {
  it('refuses another wrapping key, and says what to do', async () => {
    await (await open()).close();
    await expect(open({ custody: openKeyCustody(join(keys, 'other')) })).rejects.toMatchObject({
      code: 'VAULT_KEY_WRONG',
      message: expect.stringContaining('put the key back'),
    });
  });

  it('refuses a database that forgets what it acknowledged', async () => {
    await owner.query(`ALTER DATABASE ${database.name} SET synchronous_commit = off`);
    await expect(open()).rejects.toMatchObject({ code: 'UNSAFE_DATABASE', details: { off: ['synchronous_commit'] } });
    await owner.query(`ALTER DATABASE ${database.name} RESET synchronous_commit`);
    await (await open()).close();
  });

  it('says, to be tried again, that the server is not there', async () => {
    const url = database.appUrl.replace(/:\d+\//, ':1/');
    await expect(open({ url })).rejects.toMatchObject({ code: 'VAULT_UNAVAILABLE', details: { retryable: true } });
  });
});

describe('faults', () => {
  it('a connection cut under way costs nothing', async () => {
    await withVaults(1, async (vaults) => {
      const vault = vaultAt(vaults, 0);
      await vault.put(disclosuresOf(VALUES));
      const puts = Array.from({ length: 200 }, () => disclosuresOf(VALUES));
      const stored = Promise.all(puts.map((rows) => vault.put(rows)));
      await asAdmin(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND application_name = 'lienthong vault'`,
        [database.name],
      );
      await stored;
      expect(await vault.find(puts.map((rows) => rows[0]?.event as Hash))).toHaveLength(400);
    });
  });

  it('a disclosure that the database cannot hold fails its call alone', async () => {
    await withVaults(1, async (vaults) => {
      const [good, bad] = [disclosuresOf(VALUES), disclosuresOf({ '/applicant/\u0000': 'x' })];
      const verdicts = await Promise.allSettled(
        [good, bad, good].map((rows: StoredDisclosure[]) => vaultAt(vaults, 0).put(rows)),
      );
      expect(verdicts.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect(verdicts[1]).toMatchObject({ reason: { code: 'VAULT_FAILED', details: { retryable: false } } });
    });
  });

  it('a vault that does not move refuses what it cannot queue, and settles the rest', async () => {
    const vault = await open({ queuedDisclosures: 20 });
    const blocker = await owner.connect();
    await blocker.query('BEGIN');
    await blocker.query('LOCK TABLE vault.data_key IN ACCESS EXCLUSIVE MODE');
    const first = vault.put(disclosuresOf(VALUES));
    const verdicts = Promise.allSettled(Array.from({ length: 15 }, () => vault.put(disclosuresOf(VALUES))));
    await blocker.query('COMMIT');
    blocker.release();
    await first;
    const refused = (await verdicts).filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(5);
    expect(refused[0]).toMatchObject({ reason: { code: 'VAULT_OVERLOADED', details: { retryable: true } } });
    await vault.close();
  });
});

describe('sweeping', () => {
  it('asks about each disclosure once, and spares one that was stored again', async () => {
    await withVaults(1, async ([vault]) => {
      const [early, again] = [disclosuresOf(VALUES), disclosuresOf(VALUES)];
      await vault?.put([...early, ...again]);
      await owner.query(`UPDATE vault.disclosure SET stored_at = now() - interval '2 days' WHERE event = ANY ($1)`, [
        [early, again].map((rows) => Buffer.from(rows[0]?.event as string, 'base64url')),
      ]);
      await vault?.put(again);
      const asked: Hash[] = [];
      const all = async (events: readonly Hash[]): Promise<ReadonlySet<Hash>> =>
        new Set(events.filter((event) => asked.push(event)));
      const yesterday = new Date(Date.now() - 86_400_000).toISOString() as never;
      await owner.query(`UPDATE vault.state SET swept_up_to = '-infinity'`);
      await vault?.sweep(all, yesterday);
      await vault?.sweep(all, yesterday);
      expect(asked).toEqual([early[0]?.event]);
    });
  });
});
