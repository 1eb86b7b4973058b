import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { openEventStore } from '#libs/event-store-postgres';
import type { NodeId } from '#libs/kernel';
import type { EventStore, OutboxItem, OutboxLease } from '#libs/use-cases';
import { commandUnit, someEvents, someFiling, unitOf } from '../testing/builders-units.ts';
import { someCommand, someHash, someNode, someSubject } from '../testing/builders.ts';
import { eventually } from '../testing/eventually.ts';
import { createTemporaryDatabase, type TemporaryDatabase } from '../testing/temporary-database.ts';

let database: TemporaryDatabase;
let stores: readonly EventStore[];
let owner: pg.Client;

beforeAll(async () => {
  database = await createTemporaryDatabase();
  const open = () => openEventStore({ url: database.appUrl, softwareVersion: '0.1.0' });
  owner = new pg.Client(database.ownerUrl);
  await owner.connect();
  stores = await Promise.all([open(), open()]);
});
afterAll(async () => {
  await Promise.all(stores.map((store) => store.close()));
  await owner.end();
  await database.drop();
});
const storeAt = (at: number): EventStore => stores[at % 2] as EventStore;

describe('numbers under concurrency', () => {
  it('are dense per receiver, each message once, in log order', async () => {
    const receivers = [someNode(), someNode(), someNode()];
    const shared = someFiling();
    await storeAt(0).append(shared);
    const late = {
      ...commandUnit(),
      deliveries: receivers.map((receiver) => ({ receiver, message: shared.messages[0]?.sealed.hash as never })),
    };
    await Promise.all(
      Array.from({ length: 60 }, async (_, at) => {
        const wanted = receivers.filter((__, nth) => (at + nth) % 3 !== 0);
        await storeAt(at).append(unitOf(someEvents(2), { receivers: wanted }));
        await storeAt(at + 1).append({ ...late, messages: commandUnit(someCommand(someSubject())).messages });
      }),
    );
    for (const receiver of receivers) {
      const items = await storeAt(0).readLine(receiver, 1, 1, 1_000);
      expect(items.map(({ number }) => number)).toEqual(items.map((__, at) => at + 1));
      expect(new Set(items.map(({ hash }) => hash)).size).toBe(items.length);
      const fresh = items
        .filter(({ hash }) => hash !== shared.messages[0]?.sealed.hash)
        .map(({ logIndex }) => logIndex);
      expect(fresh).toEqual(fresh.toSorted((a, b) => a - b));
      expect(items).toHaveLength(81);
    }
  });

  it('are not given to a unit that raises, and its companions keep theirs', async () => {
    const receiver = someNode();
    const good = Array.from({ length: 9 }, () => someFiling([receiver]));
    const culprit = { ...someFiling([receiver]), deliveries: [{ receiver, message: someHash() }] };
    const units = [...good.slice(0, 5), culprit, ...good.slice(5)];
    const results = await Promise.allSettled(units.map((unit) => storeAt(0).append(unit)));
    expect(results.map(({ status }) => status === 'rejected')).toEqual(units.map((unit) => unit === culprit));
    expect(results[5]).toMatchObject({ reason: { code: 'DELIVERY_OF_UNKNOWN_MESSAGE' } });
    const items = await storeAt(0).readLine(receiver, 1, 1, 100);
    expect(items.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});

describe('two relays', () => {
  async function relay(store: EventStore, sent: OutboxItem[], wanted: ReadonlySet<NodeId>): Promise<void> {
    for (;;) {
      const lease = await store.leaseOutbox('relay', 60_000);
      if (!lease) return;
      const items = await store.readOutbox(lease, 3);
      if (wanted.has(lease.receiver)) sent.push(...items);
      const last = items.at(-1);
      if (last) await store.markSent(lease, last.line, last.number);
      await store.releaseOutbox(lease);
    }
  }

  it('send each number once, in order, whoever leases the receiver', async () => {
    const receivers = Array.from({ length: 6 }, someNode);
    for (let n = 0; n < 20; n += 1) await storeAt(n).append(someFiling(receivers));
    const sent: OutboxItem[] = [];
    await eventually(async () => {
      await Promise.all([0, 1, 2, 3].map((at) => relay(storeAt(at), sent, new Set(receivers))));
      expect(sent).toHaveLength(120);
    });
    for (const receiver of receivers) {
      const numbers = sent.filter((item) => item.receiver === receiver).map(({ number }) => number);
      expect(numbers).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
    }
  });

  it('pass a lease on, and send again what was taken, when the clock of the database has been set back by hours', async () => {
    const receiver = someNode();
    await storeAt(0).append(unitOf(someEvents(2), { receivers: [receiver] }));
    const dead = await storeAt(0).leaseOutbox('dead', 60_000);
    expect(dead?.receiver).toBe(receiver);
    await owner.query(`update lt.receiver set lease_until = lease_until + interval '3 hours' where node = $1`, [
      receiver,
    ]);
    const lease = (await storeAt(1).leaseOutbox('alive', 60_000)) as OutboxLease;
    expect(lease.receiver).toBe(receiver);
    expect(await storeAt(0).markSent(dead as OutboxLease, 1, 2)).toBe(false);
    await storeAt(1).markSent(lease, 1, 2);
    await storeAt(1).requestResend(receiver, [1, 2], 1);
    expect(await storeAt(1).takeResends(receiver, 10)).toHaveLength(2);
    expect(await storeAt(1).takeResends(receiver, 10)).toEqual([]);
    await owner.query(`update lt.resend set taken_at = taken_at + interval '3 hours'`);
    expect(await storeAt(1).takeResends(receiver, 10)).toHaveLength(2);
    await storeAt(1).markResent(receiver, [1, 2], 1);
    await storeAt(1).releaseOutbox(lease);
  });

  it('pass a lease on when it has run out, and the one who slept marks nothing', async () => {
    const receiver = someNode();
    await storeAt(0).append(someFiling([receiver]));
    const slept = await storeAt(0).leaseOutbox('slow', 30);
    expect(slept?.receiver).toBe(receiver);
    const next = await eventually(async () => {
      const lease = await storeAt(1).leaseOutbox('quick', 60_000);
      expect(lease?.receiver).toBe(receiver);
      return lease;
    });
    expect(next?.fence).toBe((slept?.fence ?? 0) + 1);
    expect(await storeAt(0).markSent(slept as never, 1, 1)).toBe(false);
    expect(await storeAt(1).readOutbox(next as never, 9)).toHaveLength(1);
    expect(await storeAt(1).markSent(next as never, 1, 1)).toBe(true);
  });
});
