/** A database that does not keep up: who waits for it is counted, who is over is refused at once, and nothing else is lost. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { openEventStore } from '#libs/event-store-postgres';
import type { EventStore } from '#libs/use-cases';
import { someFiling } from '../testing/builders-units.ts';
import { createTemporaryDatabase, type TemporaryDatabase } from '../testing/temporary-database.ts';

const REFUSED = expect.objectContaining({
  status: 'rejected',
  reason: expect.objectContaining({ code: 'OVERLOADED', details: expect.objectContaining({ retryable: true }) }),
});

describe('a ledger that does not keep up', () => {
  let database: TemporaryDatabase;
  let store: EventStore;
  let locker: pg.Client;
  beforeAll(async () => {
    database = await createTemporaryDatabase();
    store = await openEventStore({
      url: database.appUrl,
      softwareVersion: '0.1.0',
      limits: { queued: 10, unitsPerCall: 4 },
      waitingMax: 16,
    });
    locker = new pg.Client(database.ownerUrl);
    await locker.connect();
  });
  afterAll(async () => {
    await locker.end();
    await store.close();
    await database.drop();
  });

  it('keeps ten units waiting, refuses the next, and appends every one that it took', async () => {
    const before = (await store.logSize()).size;
    await locker.query('begin');
    await locker.query('select from lt.ledger_head for update');
    const under = Promise.allSettled(Array.from({ length: 4 }, () => store.append(someFiling())));
    await new Promise(setImmediate);
    // Two calls of four are under way at most, and ten wait.
    const asked = Promise.allSettled(Array.from({ length: 40 }, () => store.append(someFiling())));
    await new Promise(setImmediate);
    await locker.query('commit');
    const answers = [...(await under), ...(await asked)];
    const appended = answers.filter(({ status }) => status === 'fulfilled');
    const refused = answers.filter(({ status }) => status === 'rejected');
    expect(appended.length).toBeGreaterThanOrEqual(14);
    expect(refused.length).toBeGreaterThanOrEqual(26);
    for (const answer of refused) expect(answer).toEqual(REFUSED);
    expect((await store.logSize()).size - before).toBe(appended.length);
  });

  it('keeps sixteen statements waiting for a connection of a pool, refuses the next, and answers those that it took', async () => {
    const reads = await Promise.allSettled(Array.from({ length: 60 }, () => store.logSize()));
    const refused = reads.filter(({ status }) => status === 'rejected');
    expect(refused.length).toBeGreaterThanOrEqual(60 - 16 - 8);
    for (const answer of refused) expect(answer).toEqual(REFUSED);
    expect(reads.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(16);
    await expect(store.logSize()).resolves.toMatchObject({ size: expect.any(Number) });
  });
});
