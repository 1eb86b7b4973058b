import { expect, it } from '@jest/globals';
import type { Hash, NodeId, Subject } from '#libs/kernel';
import type { EventStore, OutboxItem, OutboxLease } from '#libs/use-cases';
import { commandUnit, someEvents, someFiling, unitOf } from './builders-units.ts';
import { someCommand, someHash, someNode, someSubject } from './builders.ts';
import type { OpenStores } from './event-store-under-test.ts';

const TTL = 60_000;
const numbers = (items: readonly OutboxItem[]): number[] => items.map(({ number }) => number);
const hashes = (items: readonly { readonly hash: Hash }[]): Hash[] => items.map(({ hash }) => hash);

/** Leases until it gets the receiver's; what other tests left to send is passed over. */
async function leaseOf(store: EventStore, receiver: NodeId): Promise<OutboxLease> {
  for (;;) {
    const lease = await store.leaseOutbox('contract', TTL);
    if (!lease) throw new Error('nothing to lease');
    if (lease.receiver === receiver) return lease;
  }
}

export function outboxContract(open: OpenStores): void {
  it('numbers what it owes a receiver densely from 1, in the order asked for', async () => {
    const [one, two] = [someNode(), someNode()];
    const events = someEvents(3);
    await open.store.append(unitOf(events, { receivers: [one, two] }));
    await open.store.append(someFiling([two]));
    const items = await open.another.readOutbox(await leaseOf(open.another, one), 10);
    expect(items.map(({ line, number }) => [line, number])).toEqual([1, 2, 3].map((number) => [1, number]));
    expect(hashes(items)).toEqual(hashes(events));
    expect(items[0]).toMatchObject({ receiver: one, subject: events[0].message.subject, class: 'event', openings: [] });
    expect(Buffer.from(items[0]?.bytes ?? []).equals(events[0].bytes)).toBe(true);
    expect(await open.another.readLine(two, 1, 4, 10)).toHaveLength(1);
  });

  it('numbers a message once for a receiver, and takes in who comes late', async () => {
    const [early, late] = [someNode(), someNode()];
    const events = someEvents(2);
    await open.store.append(unitOf(events, { receivers: [early] }));
    const command = someCommand(events[0].message.subject as Subject);
    const all = [...events, command, ...events];
    const deliveries = [early, late].flatMap((receiver) => all.map(({ hash }) => ({ receiver, message: hash })));
    await open.store.append({ ...commandUnit(command), deliveries });
    expect(hashes(await open.store.readLine(early, 1, 1, 10))).toEqual(hashes([...events, command]));
    expect(hashes(await open.store.readLine(late, 1, 1, 10))).toEqual(hashes([...events, command]));
    expect(await open.store.wasSentTo(late, command.hash)).toBe(true);
    expect(await open.store.wasSentTo(someNode(), command.hash)).toBe(false);
  });

  it('gives with a number the openings that go before it, and the hops of a command', async () => {
    const receiver = someNode();
    const [event] = someEvents(1);
    const command = someCommand(someSubject());
    const openings = [
      { event: someHash(), pointers: 'all', purpose: 'custody' },
      { event: event.hash, pointers: ['/applicant/fullName'], purpose: 'opinion' },
    ] as const;
    await open.store.append({ ...unitOf([event]), deliveries: [{ receiver, message: event.hash, openings }] });
    await open.store.append({ ...commandUnit(command), deliveries: [{ receiver, message: command.hash, hops: 3 }] });
    const [first, second] = await open.another.readLine(receiver, 1, 1, 10);
    expect(first?.openings).toEqual(openings);
    expect([first?.hops, second?.hops, second?.class]).toEqual([undefined, 3, 'command']);
  });

  it('sends openings that come late with the number that the message has', async () => {
    const receiver = someNode();
    const [event] = someEvents(1);
    await open.store.append(unitOf([event], { receivers: [receiver] }));
    const openings = [{ event: event.hash, pointers: 'all', purpose: 'custody' }] as const;
    await open.store.append({ messages: [], streams: [], deliveries: [{ receiver, message: event.hash, openings }] });
    const [item, ...others] = await open.another.takeResends(receiver, 10);
    expect([item?.number, item?.openings, others]).toEqual([1, openings, []]);
  });

  it('leases a receiver to one at a time, and only with something to send', async () => {
    const receiver = someNode();
    await open.store.append(someFiling([receiver]));
    const lease = await leaseOf(open.store, receiver);
    await expect(leaseOf(open.another, receiver)).rejects.toThrow('nothing to lease');
    expect(await open.store.markSent(lease, 1, 1)).toBe(true);
    await open.store.releaseOutbox(lease);
    await expect(leaseOf(open.another, receiver)).rejects.toThrow('nothing to lease');
    await open.store.append(someFiling([receiver]));
    expect((await leaseOf(open.another, receiver)).fence).toBeGreaterThan(lease.fence);
  });

  it('believes nothing of a relay that woke up after its lease had passed on', async () => {
    const receiver = someNode();
    await open.store.append(unitOf(someEvents(3), { receivers: [receiver] }));
    const late = await leaseOf(open.store, receiver);
    await open.store.releaseOutbox(late);
    const current = await leaseOf(open.another, receiver);
    expect(await open.store.readOutbox(late, 10)).toEqual([]);
    expect(await open.store.markSent(late, 1, 3)).toBe(false);
    await open.store.releaseOutbox(late);
    expect(numbers(await open.another.readOutbox(current, 10))).toEqual([1, 2, 3]);
    expect(await open.another.markSent(current, 1, 2)).toBe(true);
    expect(await open.another.markSent(current, 1, 1)).toBe(true);
    expect(numbers(await open.another.readOutbox(current, 10))).toEqual([3]);
  });

  it('sends again what is asked for, once for each time it is taken', async () => {
    const receiver = someNode();
    await open.store.append(unitOf(someEvents(4), { receivers: [receiver] }));
    await open.store.requestResend(receiver, [2, 4, 99], 1);
    expect(numbers(await open.another.takeResends(receiver, 1))).toEqual([2]);
    expect(numbers(await open.another.takeResends(receiver, 10))).toEqual([4]);
    expect(await open.another.takeResends(receiver, 10)).toEqual([]);
    await open.store.requestResend(receiver, [2], 1);
    expect(numbers(await open.another.takeResends(receiver, 10))).toEqual([2]);
    await open.another.markResent(receiver, [2, 4], 1);
    expect(await open.another.takeResends(receiver, 10)).toEqual([]);
  });

  it('sends a stream again from a place on, and numbers what never was', async () => {
    const receiver = someNode();
    const events = someEvents(4);
    const subject = events[0].message.subject as Subject;
    await open.store.append(unitOf(events.slice(0, 2), { receivers: [receiver] }));
    await open.store.append(unitOf(events.slice(2)));
    await open.another.requestStreamResend(receiver, subject, 2);
    expect(numbers(await open.store.takeResends(receiver, 10))).toEqual([2]);
    expect(hashes(await open.store.readLine(receiver, 1, 1, 10))).toEqual(hashes(events));
    await open.another.requestStreamResend(receiver, subject, 1, 1);
    expect(numbers(await open.store.takeResends(receiver, 10))).toEqual([1]);
    await open.another.requestStreamResend(receiver, someSubject(), 1);
    expect(await open.store.takeResends(receiver, 10)).toEqual([]);
  });
}
