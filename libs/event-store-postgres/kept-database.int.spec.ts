/** A ledger that an earlier version has worked on is taken over as it stands, with what waits at its border. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { migrate, openEventStore } from '#libs/event-store-postgres';
import { batchOf } from '../testing/builders-units.ts';
import { createTemporaryDatabase, type TemporaryDatabase } from '../testing/temporary-database.ts';
import { MIGRATIONS } from './migrations/index.ts';
import { Settle } from './migrations/settle.migration.ts';

let database: TemporaryDatabase;
beforeEach(async () => {
  database = await createTemporaryDatabase({ migrated: false });
});
afterEach(() => database.drop());

/** As the first program left it: it knew nothing of what comes after `Settle`. */
async function migratedByTheFirst(): Promise<void> {
  const source = new DataSource({
    type: 'postgres',
    url: database.ownerUrl,
    schema: 'lt',
    migrations: MIGRATIONS.slice(0, MIGRATIONS.indexOf(Settle) + 1),
    migrationsTableName: 'migration',
  });
  await source.initialize();
  try {
    await source.query('create schema lt');
    await source.runMigrations();
  } finally {
    await source.destroy();
  }
}

async function asOwner(text: string, values: readonly unknown[]): Promise<void> {
  const client = new pg.Client(database.ownerUrl);
  await client.connect();
  await client.query(text, [...values]).finally(() => client.end());
}

/** Three records and one that was released; $1 source, $2 stage, $3 partition. */
const QUARANTINED = `insert into lt.quarantine (quarantined_at, released_at, stage, code, arrival_partition, arrival_offset,
  record_key, source, bytes) select now(), case when n = 4 then now() end, $2, 'NOT_JSON', $3, n, '', $1, '\\x0102'
  from generate_series(1, 4) n`;
const COMMUNE = 'urn:lienthong:agency:H26.129.05';

describe('a kept database', () => {
  it('has its quarantine counted, and released from', async () => {
    await migratedByTheFirst();
    await asOwner(QUARANTINED, [COMMUNE, 'entitled', 0]);
    await asOwner(QUARANTINED, [null, 'bytes', 1]);
    await migrate({ ownerUrl: database.ownerUrl, appRole: database.appRole });
    const store = await openEventStore({ url: database.appUrl, softwareVersion: '0.1.0' });
    const three = { messages: 3, bytes: 6 };
    const none = { messages: 0, bytes: 0 };
    expect(await store.quarantineTaken([COMMUNE, ''])).toEqual({
      proved: { ...three, bySource: new Map([[COMMUNE, three]]) },
      unproved: { ...three, bySource: new Map([['', three]]) },
    });
    const rows = await store.listQuarantine({ limit: 10 });
    await store.record(batchOf({ released: rows.map(({ id }) => id) }));
    expect(await store.quarantineTaken([])).toMatchObject({ proved: none, unproved: none });
    expect((await store.countQuarantine()).total).toBe(0);
    await store.close();
  });
});
