/** Promises G2 (a reader of the log misses nothing) and G3 (each effect once) against open transactions and cut connections. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { isRetryable, openEventStore } from '#libs/event-store-postgres';
import type { Hash, SealedMessage, Subject } from '#libs/kernel';
import type { AppendVerdict, EventStore, StoredMessage } from '#libs/use-cases';
import { batchOf, quarantinedOf, someEvents, someFiling, unitOf } from '../testing/builders-units.ts';
import { someHash, someNode } from '../testing/builders.ts';
import { openCuttingProxy, type CuttingProxy } from '../testing/cutting-proxy.ts';
import { eventually } from '../testing/eventually.ts';
import { createTemporaryDatabase, type TemporaryDatabase } from '../testing/temporary-database.ts';
import { APPEND_CALL, encodeCall, loadRowTypes } from './append-call.ts';
import { collectRows } from './append-rows.ts';

let database: TemporaryDatabase;
let admin: pg.Client;
let proxy: CuttingProxy;
let one: EventStore;
let two: EventStore;
let cut: EventStore;

beforeAll(async () => {
  database = await createTemporaryDatabase();
  admin = new pg.Client(database.adminUrl);
  await admin.connect();
  proxy = await openCuttingProxy(database.appUrl);
  const open = (url: string): Promise<EventStore> => openEventStore({ url, softwareVersion: '0.1.0' });
  [one, two, cut] = await Promise.all([open(database.appUrl), open(database.appUrl), open(proxy.url)]);
});
// A connection is there already, so the first thing the proxy cuts is the answer to the call.
beforeEach(async () => {
  await cut.append(someFiling());
});
afterEach(() => proxy.heal());
afterAll(async () => {
  await Promise.all([one.close(), two.close(), cut.close()]);
  await proxy.close();
  await admin.end();
  await database.drop();
});

const firstOf = (unit: ReturnType<typeof someFiling>): SealedMessage => unit.messages[0]?.sealed as SealedMessage;
const indexOf = (verdict: AppendVerdict): number => ('logIndexes' in verdict ? (verdict.logIndexes[0] ?? -1) : -1);
const blocked = async (count: number): Promise<void> => {
  await eventually(async () => {
    const { rows } = await admin.query<{ n: number }>(
      `select count(*)::int as n from pg_stat_activity where datname = $1 and wait_event_type = 'Lock'`,
      [database.name],
    );
    expect(rows[0]?.n).toBeGreaterThanOrEqual(count);
  });
};

describe('a transaction held open in the middle of an append', () => {
  it.each(['commit', 'rollback'])(
    'lets no reader see later messages first, and leaves no hole after %s',
    async (end) => {
      const { size } = await one.logSize();
      const holder = new pg.Client(database.appUrl);
      await holder.connect();
      const held = someFiling();
      await holder.query('begin');
      await holder.query({
        ...APPEND_CALL,
        values: encodeCall('0.1.0', await loadRowTypes(holder), collectRows([held])),
      });
      const later = Promise.all([one.append(someFiling()), two.append(someFiling())]);
      await blocked(2);
      expect(await one.readLog(size - 1, 10)).toEqual([]);
      expect((await two.logSize()).size).toBe(size);
      await holder.query(end);
      await holder.end();
      const indexes = (await later).map(indexOf).toSorted((a, b) => a - b);
      const first = end === 'commit' ? size + 1 : size;
      expect(indexes).toEqual([first, first + 1]);
      const hashes = (await one.readLog(size - 1, 10)).map(({ hash }) => hash);
      expect(hashes).toHaveLength(first + 2 - size);
      expect(hashes.includes(firstOf(held).hash)).toBe(end === 'commit');
    },
  );

  it('shows a reader with an old snapshot the past, and stops nobody', async () => {
    const reader = new pg.Client(database.appUrl);
    await reader.connect();
    await reader.query('begin isolation level repeatable read');
    const count = async (): Promise<unknown> => (await reader.query('select count(*) from lt.ledger')).rows[0];
    const before = await count();
    for (let n = 0; n < 20; n += 1) expect((await one.append(someFiling())).kind).toBe('appended');
    expect(await count()).toEqual(before);
    await reader.end();
  });
});

describe('a reader that follows the log while two processes append', () => {
  it('sees every index exactly once, in order', async () => {
    const { size } = await one.logSize();
    const seen: StoredMessage[] = [];
    const writers = Array.from({ length: 24 }, async (_, at) => {
      const store = at % 2 ? one : two;
      for (const event of someEvents(10)) await store.append(unitOf([event]));
      await store.append(unitOf(someEvents(1), { onRevision: 3 }));
    });
    const follower = (async () => {
      while (seen.length < 240) {
        const page = await one.readLog(size - 1 + seen.length, 7);
        seen.push(...page);
        if (page.length === 0) await one.appended(20);
      }
    })();
    await Promise.all([...writers, follower]);
    expect(seen.map(({ logIndex }) => logIndex)).toEqual(Array.from({ length: 240 }, (_, n) => size + n));
    expect((await two.readLog(size - 1, 1_000)).map(({ hash }) => hash)).toEqual(seen.map(({ hash }) => hash));
  });
});

describe('a lost connection', () => {
  it('in mid-call, the backend killed: the unit is appended once', async () => {
    const { size } = await one.logSize();
    const holder = new pg.Client(database.appUrl);
    await holder.connect();
    await holder.query('begin');
    await holder.query('select from lt.ledger_head for update');
    const unit = someFiling([someNode()]);
    const verdict = one.append(unit);
    await blocked(1);
    await admin.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
        where datname = $1 and application_name = 'lienthong append' and wait_event_type = 'Lock'`,
      [database.name],
    );
    await holder.query('rollback');
    await holder.end();
    expect(await verdict).toEqual({ kind: 'appended', logIndexes: [size] });
    expect((await one.logSize()).size).toBe(size + 1);
  });

  it('after the commit, the answer lost: the same unit is known, with its answer and index', async () => {
    const { size } = await one.logSize();
    const receiver = someNode();
    const idempotency = { client: 'c', agency: 'a', key: someHash(), bodyHmac: 'h', answer: '{}' };
    const unit = { ...someFiling([receiver]), idempotency };
    const answered = proxy.cutAtAnswer();
    const verdict = cut.append(unit);
    await answered;
    await eventually(async () => expect((await one.logSize()).size).toBe(size + 1));
    proxy.heal();
    expect(await verdict).toEqual({ kind: 'repeat', logIndexes: [size], answer: '{}' });
    expect((await one.logSize()).size).toBe(size + 1);
    expect(await one.readLine(receiver, 1, 1, 10)).toHaveLength(1);
  });

  it('after the commit of a batch: recorded once, and so is its quarantine', async () => {
    const code = someHash();
    const row = quarantinedOf(someEvents(1)[0], { code, arrival: { kind: 'mailbox', partition: 5, offset: '1' } });
    const unit = unitOf(someEvents(2));
    const offset = { clusterId: 'x', partition: 5, partitionStart: '0', next: '3' };
    const answered = proxy.cutAtAnswer();
    const verdict = cut.record(batchOf({ units: [unit], quarantined: [row], offset }));
    await answered;
    await eventually(async () => expect((await one.findOffset(5))?.next).toBe('3'));
    proxy.heal();
    expect((await verdict).kind).toBe('recorded');
    expect(await one.listQuarantine({ code, limit: 9 })).toHaveLength(1);
    expect(await one.readStream(firstOf(unit).message.subject as Subject, 'all')).toHaveLength(2);
  });

  it('again and again under load: every unit is there once, and every verdict is true', async () => {
    const { size } = await one.logSize();
    const chains = Array.from({ length: 16 }, () => someEvents(12));
    let done = false;
    const saboteur = (async () => {
      for (let cuts = 0; !done; cuts += 1) {
        const reached = (await one.logSize()).size;
        await eventually(async () => expect(done || (await one.logSize()).size >= reached + 9).toBe(true));
        proxy.cut();
      }
    })();
    const verdicts = await Promise.all(
      chains.map(async (events) => {
        const indexes: [Hash, number][] = [];
        for (const event of events) indexes.push([event.hash, indexOf(await cut.append(unitOf([event])))]);
        return indexes;
      }),
    );
    done = true;
    await saboteur;
    const log = await one.readLog(size - 1, 1_000);
    expect(log).toHaveLength(16 * 12);
    expect(new Map(verdicts.flat())).toEqual(new Map(log.map(({ hash, logIndex }) => [hash, logIndex])));
  });

  it('that does not come back is told as an error that passes', async () => {
    const impatient = {
      queued: 10,
      unitsPerCall: 10,
      bytesPerCall: 1e6,
      callsAtOnce: 1,
      retry: { giveUpAfterMs: 200, longestDelayMs: 50 },
    };
    const dark = await openCuttingProxy(database.appUrl);
    const store = await openEventStore({ url: dark.url, softwareVersion: '0.1.0', limits: impatient });
    await dark.close();
    const error: unknown = await store.append(someFiling()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(isRetryable(error)).toBe(true);
    await store.close();
  });
});

describe('a connection cut while the store opens', () => {
  it.each(['pg_settings', 'lt.migration'])(
    'is an error that may be tried again, and ends no process (at %s)',
    async (word) => {
      const asked = proxy.silentAt(word);
      const opening = openEventStore({ url: proxy.url, softwareVersion: '0.1.0' }).catch((error: unknown) => error);
      await asked;
      proxy.cut();
      expect(isRetryable(await opening)).toBe(true);
      proxy.heal();
      await (await openEventStore({ url: proxy.url, softwareVersion: '0.1.0' })).close();
    },
  );
});
