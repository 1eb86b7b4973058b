/** What may go goes, in small steps, past whoever holds a row; nothing that is needed goes, and appends wait for none of it. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { openEventStore, openUpkeep, type Upkeep } from '#libs/event-store-postgres';
import type { EventStore } from '#libs/use-cases';
import { commandUnit, someEvents, someFiling, unitOf } from '../testing/builders-units.ts';
import { someCommand, someNode, someSubject } from '../testing/builders.ts';
import { createTemporaryDatabase, type TemporaryDatabase } from '../testing/temporary-database.ts';

const keyed = (key: string) => ({ client: 'c', agency: 'H26.129.05', key, bodyHmac: 'h', answer: '{}' });

describe('upkeep', () => {
  let database: TemporaryDatabase;
  let store: EventStore;
  let upkeep: Upkeep;
  let owner: pg.Client;
  let holder: pg.Client;
  beforeAll(async () => {
    database = await createTemporaryDatabase();
    store = await openEventStore({ url: database.appUrl, softwareVersion: '0.1.0' });
    upkeep = openUpkeep({ ledger: database.appUrl, vault: database.appUrl });
    owner = new pg.Client(database.ownerUrl);
    holder = new pg.Client(database.ownerUrl);
    await Promise.all([owner.connect(), holder.connect()]);
  });
  afterAll(async () => {
    await Promise.all([owner.end(), holder.end(), upkeep.close(), store.close()]);
    await database.drop();
  });

  const age = (key: string, days: number): Promise<unknown> =>
    owner.query(`update lt.idempotency set kept_at = now() - $2::int * interval '1 day' where key = $1`, [key, days]);
  const keys = async (): Promise<readonly string[]> =>
    (await owner.query<{ key: string }>('select key from lt.idempotency order by key')).rows.map(({ key }) => key);
  const counts = async (): Promise<unknown> =>
    (
      await owner.query(`select (select count(*)::int from lt.ledger) as messages, (select count(*)::int from lt.outbox) as owed,
        (select count(*)::int from lt.unanswered) as limbo, (select count(*)::int from lt.opening_due) as openings`)
    ).rows[0];

  it('forgets answers that nobody may ask for any more, a step at a time, and nothing else', async () => {
    for (const key of ['old-1', 'old-2', 'old-3', 'week', 'young'])
      await store.append({ ...unitOf(someEvents(1), { receivers: [someNode()] }), idempotency: keyed(key) });
    await store.append(commandUnit(someCommand(someSubject())));
    for (const key of ['old-1', 'old-2', 'old-3']) await age(key, 9);
    await age('week', 6);
    const before = await counts();
    expect(await upkeep.forgetAnswers(2)).toBe(2);
    expect(await upkeep.forgetAnswers(2)).toBe(1);
    expect(await upkeep.forgetAnswers(2)).toBe(0);
    expect(await keys()).toEqual(['week', 'young']);
    // Neither confirmed nor answered: what is owed and what is open stays, and so does every message.
    expect(await counts()).toEqual(before);
    expect(before).toMatchObject({ owed: 5, limbo: 1 });
    const repeated = await store.append({ ...someFiling(), idempotency: keyed('week') });
    expect(repeated.kind).toBe('repeat');
  });

  it('passes over what somebody holds, and an append waits for no step that is under way', async () => {
    for (const key of ['held-1', 'held-2']) await store.append({ ...someFiling(), idempotency: keyed(key) });
    for (const key of ['held-1', 'held-2']) await age(key, 30);
    await holder.query('begin');
    await holder.query(`select from lt.idempotency where key = 'held-1' for update`);
    expect(await upkeep.forgetAnswers(500)).toBe(1);
    expect(await keys()).toContain('held-1');
    await holder.query('commit');
    // A step that stands still with its rows deleted and not committed.
    await holder.query('begin');
    await holder.query(`delete from lt.idempotency where key = 'held-1'`);
    const appended = await store.append({ ...someFiling(), idempotency: keyed('new-1') });
    expect(appended.kind).toBe('appended');
    expect((await holder.query('select txid_current_if_assigned() is not null as open')).rows).toEqual([
      { open: true },
    ]);
    await holder.query('rollback');
    expect(await upkeep.forgetAnswers(500)).toBe(1);
  });

  it('says what the disk holds, and what the last day added', async () => {
    const disk = await upkeep.disk();
    expect(disk.ledgerBytes).toBeGreaterThan(1_000_000);
    expect(disk.vaultBytes).toBe(disk.ledgerBytes);
    expect(disk.tables.length).toBeGreaterThan(5);
    for (const { bytes, indexBytes } of disk.tables) expect(bytes).toBeGreaterThanOrEqual(indexBytes);
    // All of it is of today; then a part of it is a week old.
    expect(disk.grownLastDayBytes).toBe(disk.ledgerBytes + disk.vaultBytes);
    const { size } = await store.logSize();
    await owner.query(`update lt.ledger set appended_at = appended_at - interval '7 days' where log_index < $1`, [
      size - 2,
    ]);
    const later = await upkeep.disk();
    expect(later.grownLastDayBytes).toBe(Math.round(((later.ledgerBytes + later.vaultBytes) * 2) / size));
  });
});
