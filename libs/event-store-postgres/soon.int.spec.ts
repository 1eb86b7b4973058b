/**
 * Some commits are not waited for (docs/adr/0024): which, and what a crash of the server makes of them. The server is killed
 * while the end of its log is still in memory, so that what can be lost is lost.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { migrate, openEventStore } from '#libs/event-store-postgres';
import type { AgencyCode } from '#libs/kernel';
import type { EventStore } from '#libs/use-cases';
import { openStack, removeStack, type Stack } from '#tools/stack';
import { someFiling } from '../testing/builders-units.ts';
import { someNode } from '../testing/builders.ts';
import { eventually } from '../testing/eventually.ts';
import { closePools, openPools } from './pools.ts';

jest.setTimeout(60_000);
const AGENCY = 'H26.129.05' as AgencyCode;
const COUNTER = 'dossier-code/230614';

let folder: string;
let stack: Stack;
let kill: () => void;
let urls: { ownerUrl: string; appUrl: string };
let store: EventStore;

async function start(): Promise<void> {
  const server = await stack.startPostgres();
  kill = () => process.kill(server.process.pid, 'SIGKILL');
  urls = await server.ensureDatabase({ name: 'soon', owner: 'soon_owner', appRole: 'soon_app' });
  await migrate({ ownerUrl: urls.ownerUrl, appRole: 'soon_app' });
}
const open = (): Promise<EventStore> => openEventStore({ url: urls.appUrl, softwareVersion: '0.1.0' });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lienthong-test-soon-'));
  stack = openStack(folder);
  await start();
});
beforeEach(async () => {
  store = await open();
});
afterEach(() => store.close());
afterAll(async () => {
  await stack.stopAll();
  await removeStack(folder);
});

async function crash(): Promise<void> {
  kill();
  await stack.stopPostgres();
  await start();
  await store.close();
  store = await open();
}

it('the ledger waits for the disk, and so does what a lease or an answer stands on', async () => {
  const pools = openPools(urls.appUrl);
  const settings = await Promise.all(
    (['append', 'read', 'relay', 'soon'] as const).map(async (name) => {
      const { rows } = await pools[name].query<{ synchronous_commit: string }>('show synchronous_commit');
      return [name, rows[0]?.synchronous_commit];
    }),
  );
  await closePools(pools);
  expect(Object.fromEntries(settings)).toEqual({ append: 'on', read: 'on', relay: 'on', soon: 'off' });
});

describe('a crash of the server', () => {
  it('gives no number twice that an event on record has', async () => {
    for (let round = 1; round <= 2; round += 1) {
      const used = await store.nextNumber(AGENCY, COUNTER);
      const unit = someFiling();
      expect((await store.append(unit)).kind).toBe('appended');
      // Taken and used by nothing: these may come again.
      await Promise.all(Array.from({ length: 5 }, () => store.nextNumber(AGENCY, COUNTER)));
      await crash();
      const recorded = await store.findByHash(unit.messages.map(({ sealed }) => sealed.hash));
      expect(recorded.size).toBe(unit.messages.length);
      expect(await store.nextNumber(AGENCY, COUNTER)).toBeGreaterThan(used);
    }
  });

  it('lets nothing owed be taken for sent: at most it is sent again', async () => {
    const receiver = someNode();
    const unit = someFiling();
    const [message] = unit.messages;
    if (!message) throw new Error('a filing has a message');
    await store.append({ ...unit, deliveries: [{ receiver, message: message.sealed.hash }] });
    const lease = await store.leaseOutbox('one', 60_000);
    if (!lease) throw new Error('something is owed');
    expect(await store.markSent(lease, 1, 1)).toBe(true);
    await store.releaseOutbox(lease);
    const later = someFiling();
    const [next] = later.messages;
    if (!next) throw new Error('a filing has a message');
    await store.append({ ...later, deliveries: [{ receiver, message: next.sealed.hash }] });
    await crash();
    const again = await eventually(async () => (await store.leaseOutbox('two', 60_000)) ?? Promise.reject(new Error()));
    const owed = await store.readOutbox(again, 10);
    // The append that was waited for lies behind mark and release in the log: with it they are kept.
    expect(owed.map(({ hash }) => hash)).toEqual([next.sealed.hash]);
  });
});

it('names its connections, so that an operator sees which commit how', async () => {
  await store.nextNumber(AGENCY, COUNTER);
  await store.append(someFiling());
  const client = new pg.Client({ connectionString: urls.ownerUrl });
  await client.connect();
  const { rows } = await client.query<{ application_name: string }>(
    `select distinct application_name from pg_stat_activity where application_name like 'lienthong %'`,
  );
  await client.end();
  expect(rows.map(({ application_name }) => application_name)).toEqual(
    expect.arrayContaining(['lienthong append', 'lienthong soon']),
  );
});
