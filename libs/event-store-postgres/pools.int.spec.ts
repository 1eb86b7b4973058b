/** A new connection is looked at before it is used; one that ends meanwhile fails what wanted it, and nothing else. */
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { openCuttingProxy } from '../testing/cutting-proxy.ts';
import { eventually } from '../testing/eventually.ts';
import { createTemporaryDatabase, type TemporaryDatabase } from '../testing/temporary-database.ts';
import { openEventStore } from './index.ts';

jest.setTimeout(30_000);

let database: TemporaryDatabase;
let admin: pg.Client;
beforeAll(async () => {
  database = await createTemporaryDatabase();
  admin = new pg.Client(database.adminUrl);
  await admin.connect();
});
afterAll(async () => {
  await admin.end();
  await database.drop();
});

it('a server that is gone without a word while a connection is looked at does not end the process', async () => {
  const watch = { mark: () => undefined, see: () => undefined };
  const proxy = await openCuttingProxy(database.appUrl);
  const store = await openEventStore({ url: proxy.url, softwareVersion: '0.1.0', watch });
  const ended = `select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and application_name like 'lienthong%'`;
  await admin.query(ended);
  const holder = new pg.Client(database.adminUrl);
  await holder.connect();
  await holder.query('begin');
  // What is looked at waits behind this.
  await holder.query('lock table lt.ledger_head, lt.life, lt.ledger in access exclusive mode');
  const asked = store.logSize().then(
    () => 'answered',
    () => 'failed',
  );
  await eventually(async () => {
    const { rowCount } = await admin.query(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    expect(rowCount).toBeGreaterThan(0);
  });
  proxy.cut();
  await holder.query('rollback');
  await holder.end();
  expect(['answered', 'failed']).toContain(await asked);
  expect((await store.logSize()).size).toBe(0);
  await store.close();
  await proxy.close();
});
