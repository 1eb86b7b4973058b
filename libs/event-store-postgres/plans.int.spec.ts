/**
 * Plans are made once per connection and kept. Made while the tables are known to be empty, they must still be lookups
 * when the tables have grown: counted here by the rows that PostgreSQL reads, without a clock.
 */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { openEventStore } from '#libs/event-store-postgres';
import type { SealedMessage, Subject } from '#libs/kernel';
import type { EventStore } from '#libs/use-cases';
import { commandUnit, someEvents, unitOf } from '../testing/builders-units.ts';
import { someCommand, someHash, someNode, someOutcome } from '../testing/builders.ts';
import { eventually } from '../testing/eventually.ts';
import { createTemporaryDatabase, type TemporaryDatabase } from '../testing/temporary-database.ts';

const DOSSIERS = 150;
const receivers = [someNode(), someNode()];

async function workOn(store: EventStore, events: readonly SealedMessage[]): Promise<void> {
  const first = events[0] as SealedMessage;
  const subject = first.message.subject as Subject;
  const command = someCommand(subject);
  const idempotency = { client: 'c', agency: 'a', key: someHash(), bodyHmac: 'h', answer: '{}' };
  await store.append({ ...unitOf([first], { receivers }), idempotency });
  await store.append(unitOf(events.slice(1), { receivers }));
  await store.append({
    ...commandUnit(command),
    deliveries: receivers.map((receiver) => ({ receiver, message: first.hash })),
  });
  await store.append(commandUnit(someOutcome(command)));
  await store.loadGraphs([subject]);
  await store.readStream(subject, 'main');
  await store.findByHash([first.hash, someHash()]);
  await store.findIds([first.message]);
  await store.findCaused(command.hash);
  await store.findUnanswered(subject);
  await store.wasSentTo(receivers[0] as never, first.hash);
  await store.findFirstReceiver(first.hash);
  await store.findWays([command.hash]);
  for (const name of ['personal-data-erased', 'rehomed', 'custody-declined'] as const)
    await store.readNamed(name, -1, 500);
  await store.deliveries();
}

let database: TemporaryDatabase;
let admin: pg.Client;
beforeAll(async () => {
  database = await createTemporaryDatabase();
  admin = new pg.Client(database.adminUrl);
  await admin.connect();
  await admin.query('vacuum analyze');
});
afterAll(async () => {
  await admin.end();
  await database.drop();
});

it('reads few rows for each question, however many there are', async () => {
  const store = await openEventStore({ url: database.appUrl, softwareVersion: '0.1.0' });
  for (let dossier = 0; dossier < DOSSIERS; dossier += 1) await workOn(store, someEvents(2));
  // The last statistics of a connection are published when it ends.
  await store.close();
  const read = await eventually(async () => {
    const { rows } = await admin.query<{ name: string; read: number }>(
      `select t.relname as name, (t.seq_tup_read + sum(i.idx_tup_read))::int as read
        from pg_stat_user_tables t join pg_stat_user_indexes i using (relid) where t.schemaname = 'lt'
        group by t.relid, t.relname, t.seq_tup_read`,
    );
    expect(rows.find(({ name }) => name === 'ledger')?.read).toBeGreaterThan(DOSSIERS * 4);
    return rows;
  });
  const perDossier = read.map(({ name, read: rows }) => ({ name, rows: Math.round(rows / DOSSIERS) }));
  expect(perDossier.filter(({ rows }) => rows > 60)).toEqual([]);
}, 60_000);
