import { expect, it } from '@jest/globals';
import type { NodeId } from '#libs/kernel';
import type { EventStore, InboundStatus } from '#libs/use-cases';
import { batchOf, quarantinedOf, someEvents, someFiling, unitOf } from './builders-units.ts';
import { someHash, someNode } from './builders.ts';
import type { OpenStores } from './event-store-under-test.ts';

const of = async (store: EventStore, peer: NodeId): Promise<InboundStatus | undefined> =>
  (await store.inbound()).find((status) => status.peer === peer);
const due = async (store: EventStore, peer: NodeId): Promise<InboundStatus | undefined> =>
  (await store.receiptsDue()).find((status) => status.peer === peer);

export function linesContract(open: OpenStores): void {
  it('says of each receiver how far its line goes, was sent, and is confirmed', async () => {
    const peer = someNode();
    await open.store.append(unitOf(someEvents(5), { receivers: [peer] }));
    const status = async () => (await open.another.deliveries()).find((row) => row.peer === peer);
    const oldest = expect.stringMatching(/Z$/) as unknown as string;
    const nothing = {
      peer,
      line: 1,
      highest: 5,
      sent: 0,
      contiguousUpTo: 0,
      missing: [],
      refused: [],
      oldestUnconfirmedAt: oldest,
    };
    expect(await status()).toEqual(nothing);
    await open.store.applyReceipt(peer, {
      line: 1,
      contiguousUpTo: 3,
      missing: [[4, 4]],
      refused: [[2, 'SIGNATURE']],
      logSize: 9,
    });
    const receipt = {
      contiguousUpTo: 3,
      missing: [[4, 4]],
      refused: [[2, 'SIGNATURE']],
      receiptAt: expect.any(String),
    };
    expect(await status()).toEqual({ ...nothing, ...receipt });
    await open.store.applyReceipt(peer, { line: 1, contiguousUpTo: 5, missing: [], refused: [], logSize: 11 });
    expect(await status()).not.toHaveProperty('oldestUnconfirmedAt');
    await open.store.applyReceipt(peer, { line: 1, contiguousUpTo: 1, missing: [[2, 5]], refused: [], logSize: 2 });
    expect(await status()).toMatchObject({ contiguousUpTo: 1, missing: [[2, 5]] });
  });

  it('keeps a receipt of a peer that it never sent to', async () => {
    const peer = someNode();
    await open.store.applyReceipt(peer, { line: 1, contiguousUpTo: 7, missing: [], refused: [], logSize: 9 });
    const status = (await open.another.deliveries()).find((row) => row.peer === peer);
    expect(status).toMatchObject({ highest: 0, sent: 0, contiguousUpTo: 7 });
  });

  it('drops resends that a receipt confirms, once they were taken', async () => {
    const peer = someNode();
    await open.store.append(unitOf(someEvents(3), { receivers: [peer] }));
    await open.store.requestResend(peer, [1, 2, 3], 1);
    await open.store.takeResends(peer, 2);
    await open.store.applyReceipt(peer, { line: 1, contiguousUpTo: 3, missing: [], refused: [], logSize: 9 });
    expect((await open.another.takeResends(peer, 10)).map(({ number }) => number)).toEqual([3]);
  });

  it('counts as delivered what is recorded, before or after the manifest names it', async () => {
    const peer = someNode();
    const [before, after, never] = [someEvents(1)[0], someEvents(1)[0], someEvents(1)[0]];
    await open.store.append(unitOf([before]));
    await open.store.applyManifest(peer, 1, 1, [before.hash, after.hash, never.hash], 3);
    expect(await of(open.another, peer)).toEqual({
      peer,
      line: 1,
      highest: 3,
      contiguousUpTo: 1,
      missing: [[2, 3]],
      refused: [],
    });
    await open.store.append(unitOf([after]));
    expect(await of(open.another, peer)).toMatchObject({ contiguousUpTo: 2, missing: [[3, 3]] });
  });

  it('counts as refused what is quarantined, and as delivered once it is recorded after all', async () => {
    const peer = someNode();
    const [good, bad] = [someEvents(1)[0], someEvents(1)[0]];
    const row = quarantinedOf(bad, {
      stage: 'entitled',
      code: 'NOT_ENTITLED',
      arrival: { kind: 'mailbox', partition: 90, offset: peer.length.toString() },
    });
    await open.store.record(batchOf({ units: [unitOf([good])], quarantined: [row] }));
    await open.store.applyManifest(peer, 1, 1, [bad.hash, good.hash], 2);
    expect(await of(open.another, peer)).toMatchObject({
      contiguousUpTo: 2,
      missing: [],
      refused: [[1, 'NOT_ENTITLED']],
    });
    await open.store.append(unitOf([bad]));
    expect(await of(open.another, peer)).toMatchObject({ contiguousUpTo: 2, missing: [], refused: [] });
  });

  it('does not count as refused what is quarantined for a signature or a record key that somebody forged', async () => {
    const peer = someNode();
    const [real, other] = [someEvents(1)[0], someEvents(1)[0]];
    const forged = [
      { code: 'SIGNATURE' },
      { stage: 'bytes', code: 'RECORD_KEY' },
      { stage: 'envelope', code: 'MEMBER_MISSING' },
    ].map((more, at) =>
      quarantinedOf(real, { ...more, arrival: { kind: 'mailbox', partition: 91, offset: `${peer.length}${at}` } }),
    );
    const unknown = quarantinedOf(other, {
      stage: 'envelope',
      code: 'TYPE_UNKNOWN',
      arrival: { kind: 'mailbox', partition: 92, offset: '1' },
    });
    await open.store.record(batchOf({ quarantined: [...forged, unknown] }));
    await open.store.applyManifest(peer, 1, 1, [real.hash, other.hash], 2);
    expect(await of(open.another, peer)).toMatchObject({
      contiguousUpTo: 0,
      missing: [[1, 1]],
      refused: [[2, 'TYPE_UNKNOWN']],
    });
    await open.store.append(unitOf([real]));
    expect(await of(open.another, peer)).toMatchObject({ contiguousUpTo: 2, missing: [] });
  });

  it('sees what no manifest has named', async () => {
    const peer = someNode();
    const events = someEvents(3);
    await open.store.append(unitOf(events));
    await open.store.applyManifest(peer, 1, 4, [events[0].hash], 9);
    expect(await of(open.another, peer)).toMatchObject({
      highest: 9,
      contiguousUpTo: 0,
      missing: [
        [1, 3],
        [5, 9],
      ],
    });
    await open.store.applyManifest(peer, 1, 2, [events[1]?.hash ?? someHash()], 2);
    expect(await of(open.another, peer)).toMatchObject({
      highest: 9,
      contiguousUpTo: 0,
      missing: [
        [1, 1],
        [3, 3],
        [5, 9],
      ],
    });
  });

  it('keeps a number to the hash that it was first given', async () => {
    const peer = someNode();
    const [event] = someEvents(1);
    await open.store.append(unitOf([event]));
    await open.store.applyManifest(peer, 1, 1, [someHash()], 1);
    await open.store.applyManifest(peer, 1, 1, [event.hash], 1);
    expect(await of(open.another, peer)).toMatchObject({ contiguousUpTo: 0, missing: [[1, 1]] });
  });

  it('says at most a hundred gaps', async () => {
    const peer = someNode();
    const events = someEvents(300);
    await open.store.append(unitOf(events));
    for (let number = 2; number <= 300; number += 2)
      await open.store.applyManifest(peer, 1, number, [events[number - 1]?.hash ?? someHash()], 300);
    const status = await of(open.another, peer);
    expect(status?.missing).toEqual(Array.from({ length: 100 }, (_, n) => [2 * n + 1, 2 * n + 1]));
    await open.store.applyManifest(
      peer,
      1,
      1,
      events.map(({ hash }) => hash),
      300,
    );
    expect(await of(open.another, peer)).toMatchObject({ contiguousUpTo: 300, missing: [] });
  });

  it('owes a receipt for each manifest and for progress, and none once it is sent', async () => {
    const peer = someNode();
    const [one, two] = [someEvents(1)[0], someEvents(1)[0]];
    await open.store.append(unitOf([one]));
    await open.store.applyManifest(peer, 1, 1, [one.hash, two.hash], 2);
    expect(await due(open.store, peer)).toMatchObject({ contiguousUpTo: 1 });
    await open.store.markReceiptSent(peer, 1, 1);
    expect(await due(open.store, peer)).toBeUndefined();
    await open.another.append(unitOf([two]));
    expect(await due(open.store, peer)).toMatchObject({ contiguousUpTo: 2 });
    await open.another.applyManifest(peer, 1, 1, [one.hash, two.hash], 2);
    await open.store.markReceiptSent(peer, 1, 2);
    expect(await due(open.store, peer)).toMatchObject({ contiguousUpTo: 2 });
    await open.store.markReceiptSent(peer, 1, 2);
    expect(await due(open.store, peer)).toBeUndefined();
    await open.store.append(someFiling());
    expect(await due(open.store, peer)).toBeUndefined();
  });
}
