import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { migrate, openEventStore } from '#libs/event-store-postgres';
import { someFiling } from '../testing/builders-units.ts';
import { createTemporaryDatabase, type TemporaryDatabase } from '../testing/temporary-database.ts';
import { GRANTS } from './grants.sql.ts';
import { MIGRATIONS } from './migrations/index.ts';

let database: TemporaryDatabase;
const clients: pg.Client[] = [];

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client(url);
  await client.connect();
  clients.push(client);
  return client;
}
const code = (value: string): unknown => expect.objectContaining({ code: value });
const run = (): Promise<void> => migrate({ ownerUrl: database.ownerUrl, appRole: database.appRole });
const open = () => openEventStore({ url: database.appUrl, softwareVersion: '0.1.0' });

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.end()));
  await database.drop();
});

describe('migrate', () => {
  beforeEach(async () => {
    database = await createTemporaryDatabase({ migrated: false });
  });

  it('may be run by twenty at once, and again', async () => {
    await Promise.all(Array.from({ length: 20 }, run));
    await run();
    const { rows } = await (await connect(database.ownerUrl)).query('select name from lt.migration order by id');
    expect(rows).toEqual(MIGRATIONS.map((migration) => ({ name: new migration().name })));
    const store = await open();
    expect((await store.append(someFiling())).kind).toBe('appended');
    await store.close();
  });

  it('leaves what is recorded as it is', async () => {
    await run();
    const store = await open();
    await store.append(someFiling());
    await run();
    expect((await store.append(someFiling())).kind).toBe('appended');
    expect((await store.logSize()).size).toBe(2);
    await store.close();
  });

  it('refuses a database that is newer than the program, and so does opening one', async () => {
    await run();
    const owner = await connect(database.ownerUrl);
    await owner.query(`insert into lt.migration (timestamp, name) values (1999999999999, 'Future1999999999999')`);
    await expect(run()).rejects.toEqual(code('DATABASE_NEWER'));
    await expect(open()).rejects.toEqual(code('DATABASE_NEWER'));
  });

  it('is missed by who opens a database without it', async () => {
    await expect(open()).rejects.toEqual(code('DATABASE_NOT_MIGRATED'));
  });

  it('says that a database that cannot be reached may come later', async () => {
    const nowhere = 'postgres://x:y@127.0.0.1:1/z';
    const later = expect.objectContaining({
      code: 'STORE_UNAVAILABLE',
      details: expect.objectContaining({ retryable: true }),
    });
    await expect(migrate({ ownerUrl: nowhere, appRole: 'x' })).rejects.toEqual(later);
    await expect(openEventStore({ url: nowhere, softwareVersion: '0' })).rejects.toEqual(later);
  });
});

describe('roles', () => {
  beforeEach(async () => {
    database = await createTemporaryDatabase();
  });

  it.each([
    'update lt.ledger set bytes = bytes',
    'delete from lt.ledger',
    'truncate lt.ledger',
    'alter table lt.ledger add x int',
  ])('the application may not: %s', async (statement) => {
    await expect((await connect(database.appUrl)).query(statement)).rejects.toEqual(code('42501'));
  });

  it('nobody empties the ledger, not even its owner or a table at a time', async () => {
    for (const url of [database.ownerUrl, database.adminUrl]) {
      const client = await connect(url);
      await expect(client.query('truncate lt.ledger')).rejects.toEqual(code('42501'));
      await expect(client.query('truncate lt.stream, lt.ledger cascade')).rejects.toEqual(code('42501'));
    }
  });

  it('every table is listed with what the application may do, and it may do no more', async () => {
    const owner = await connect(database.ownerUrl);
    const { rows } = await owner.query<{ name: string; may: string[] }>(
      `select c.relname as name, array(
          select distinct lower(a.privilege_type) from aclexplode(c.relacl) a where a.grantee = $1::regrole order by 1) as may
        from pg_class c where c.relnamespace = 'lt'::regnamespace and c.relkind = 'r' order by 1`,
      [database.appRole],
    );
    const whole = (grants: string): string[] =>
      grants
        .split(', ')
        .filter((grant) => !grant.includes('('))
        .toSorted();
    expect(Object.fromEntries(rows.map(({ name, may }) => [name, may]))).toEqual(
      Object.fromEntries(Object.entries(GRANTS).map(([name, grants]) => [name, whole(grants)])),
    );
  });

  it('the application makes nothing in the schema, and another role sees nothing', async () => {
    await expect((await connect(database.appUrl)).query('create table lt.x (y int)')).rejects.toEqual(code('42501'));
    const admin = await connect(database.adminUrl);
    await admin.query('begin');
    await admin.query('create role lt_stranger; set local role lt_stranger');
    await expect(admin.query('select from lt.ledger')).rejects.toEqual(code('42501'));
    await admin.query('rollback');
  });

  it('opens on no database that may forget what it acknowledged', async () => {
    const admin = await connect(database.adminUrl);
    await admin.query(`alter database ${database.name} set synchronous_commit = off`);
    await expect(open()).rejects.toEqual(
      expect.objectContaining({ code: 'UNSAFE_DATABASE', details: { off: ['synchronous_commit'] } }),
    );
  });
});
