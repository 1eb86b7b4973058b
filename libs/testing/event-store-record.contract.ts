import { expect, it } from '@jest/globals';
import type { Hash, Instant, SealedMessage, Subject } from '#libs/kernel';
import type { AppendUnit, Arrival, MailboxOffset } from '#libs/use-cases';
import { batchOf, commandUnit, heldOf, quarantinedOf, someEvents, someFiling, unitOf } from './builders-units.ts';
import { someCommand, someEvent, someNode, someSubject } from './builders.ts';
import type { OpenStores } from './event-store-under-test.ts';

const subjectOf = (event: SealedMessage): Subject => event.message.subject as Subject;
let partitions = 100;
/** A partition that no other test uses. */
const somePartition = (): number => (partitions += 1);
const offsetAt = (partition: number, next: string, more: Partial<MailboxOffset> = {}): MailboxOffset => ({
  clusterId: 'cluster-1',
  partition,
  partitionStart: '0',
  next,
  ...more,
});

export function recordContract(open: OpenStores): void {
  it('records units decided one upon the other, with how each message arrived, and moves the offset', async () => {
    const partition = somePartition();
    const events = someEvents(3);
    const command = someCommand(subjectOf(events[0]));
    const arrivals = new Map<Hash, Arrival>(
      [...events, command].map(({ hash }, at) => [hash, { kind: 'mailbox', partition, offset: String(40 + at) }]),
    );
    const units = [...events.map((event) => unitOf([event])), commandUnit(command)];
    const verdict = await open.store.record(batchOf({ units, arrivals, offset: offsetAt(partition, '44') }));
    expect(verdict).toMatchObject({ kind: 'recorded' });
    const stored = await open.another.findByHash([...events, command].map(({ hash }) => hash));
    for (const [hash, arrival] of arrivals) expect(stored.get(hash)?.arrival).toEqual(arrival);
    expect((await open.another.findHead(subjectOf(events[0])))?.revision).toBe(3);
    expect(await open.another.findOffset(partition)).toEqual(offsetAt(partition, '44'));
    expect(await open.another.findOffset(somePartition())).toBeUndefined();
  });

  it('leaves the whole batch undone when one unit meets others, its offset, held and quarantined too', async () => {
    const partition = somePartition();
    const [recorded, next] = someEvents(2);
    await open.another.append(unitOf([recorded]));
    await open.another.append(unitOf([someEvent(subjectOf(recorded), { after: recorded })]));
    const [fresh, held, bad] = [someFiling(), someEvents(1)[0], someEvents(1)[0]];
    const before = await open.store.countQuarantine();
    const batch = batchOf({
      units: [fresh, unitOf([next as SealedMessage])],
      held: [heldOf(held)],
      quarantined: [quarantinedOf(bad, { arrival: { kind: 'mailbox', partition, offset: '3' } })],
      offset: offsetAt(partition, '9'),
    });
    expect(await open.store.record(batch)).toEqual({ kind: 'conflict', subject: subjectOf(recorded) });
    expect(await open.store.findByHash([fresh.messages[0]?.sealed.hash as Hash])).toEqual(new Map());
    expect(await open.store.findOffset(partition)).toBeUndefined();
    expect(await open.store.isHeld([held.hash])).toEqual(new Set());
    expect(await open.store.countQuarantine()).toEqual(before);
  });

  it('is a conflict, too, where part of the batch is recorded already or an id was used', async () => {
    const [one, two] = someEvents(2);
    await open.store.append(unitOf([one]));
    const both = batchOf({ units: [unitOf([one]), unitOf([two as SealedMessage])] });
    expect(await open.store.record(both)).toEqual({ kind: 'conflict', subject: subjectOf(one) });
    const command = someCommand(someSubject());
    await open.store.append(commandUnit(command));
    const reused = someCommand(someSubject(), { id: command.message.id });
    expect(await open.store.record(batchOf({ units: [commandUnit(reused)] }))).toEqual({
      kind: 'conflict',
      subject: subjectOf(reused),
    });
    const apart = batchOf({
      units: [unitOf([two as SealedMessage]), unitOf([two as SealedMessage], { onRevision: 5 })],
    });
    expect(await open.store.record(apart)).toEqual({ kind: 'conflict', subject: subjectOf(one) });
  });

  it('may be said twice: nothing is there twice', async () => {
    const partition = somePartition();
    const [bad, held] = [someEvents(1)[0], someEvents(1)[0]];
    const receiver = someNode();
    const batch = batchOf({
      units: [unitOf(someEvents(2), { receivers: [receiver] })],
      held: [heldOf(held)],
      quarantined: [quarantinedOf(bad, { code: 'TWICE', arrival: { kind: 'mailbox', partition, offset: '5' } })],
      offset: offsetAt(partition, '8', { from: '0' }),
    });
    await open.store.record(batchOf({ offset: offsetAt(partition, '0') }));
    const first = await open.store.record(batch);
    expect(await open.another.record(batch)).toEqual(first);
    expect(await open.another.listQuarantine({ code: 'TWICE', limit: 10 })).toHaveLength(1);
    expect((await open.another.deliveries()).find(({ peer }) => peer === receiver)?.highest).toBe(2);
    expect((await open.another.findOffset(partition))?.next).toBe('8');
  });

  it('moves an offset only from where it is said to stand, and records what comes with it', async () => {
    const partition = somePartition();
    await open.store.record(batchOf({ offset: offsetAt(partition, '10') }));
    const late = someFiling();
    const batch = batchOf({ units: [late], offset: offsetAt(partition, '7', { from: '5' }) });
    expect(await open.another.record(batch)).toMatchObject({ kind: 'recorded' });
    expect(await open.store.findOffset(partition)).toEqual(offsetAt(partition, '10'));
    await open.another.record(batchOf({ offset: offsetAt(partition, '12', { from: '10' }) }));
    expect((await open.store.findOffset(partition))?.next).toBe('12');
    for (const more of [{ mark: 'of-the-record-before' }, {}]) {
      const anew = offsetAt(partition, '0', { clusterId: 'cluster-2', partitionStart: '0', ...more });
      await open.store.record(batchOf({ offset: anew }));
      expect(await open.store.findOffset(partition)).toEqual(anew);
    }
  });

  it('records one thing once when two processes read the same records', async () => {
    const events = someEvents(4);
    const batch = batchOf({ units: [unitOf(events)] });
    const verdicts = await Promise.all([
      open.store.record(batch),
      open.another.record(batch),
      open.store.record(batch),
    ]);
    expect(verdicts.every(({ kind }) => kind === 'recorded')).toBe(true);
    expect(await open.store.readStream(subjectOf(events[0]), 'all')).toHaveLength(4);
  });

  it('takes an empty batch', async () => {
    expect(await open.store.record(batchOf({}))).toEqual({ kind: 'recorded', logIndexes: [] });
  });

  it('wakes who waits for the log, when it is recorded to and when it is appended to', async () => {
    for (const write of [
      () => open.store.append(someFiling()),
      () => open.store.record(batchOf({ units: [someFiling()] })),
    ]) {
      const woken = open.store.appended(60_000);
      await write();
      await woken;
    }
    await open.store.appended(1);
  });

  it('takes what a hostile record claims', async () => {
    const partition = somePartition();
    const hostile: AppendUnit['messages'] = [];
    const claimed = { source: `${'x'.repeat(5_000)}\0\ud800`, subject: '\0', type: '\udc00', recordKey: '\0\ud800' };
    const row = quarantinedOf(someEvents(1)[0], {
      ...claimed,
      code: 'HOSTILE',
      arrival: { kind: 'mailbox', partition, offset: '1' },
    });
    expect(
      await open.store.record(
        batchOf({ units: [{ messages: hostile, streams: [], deliveries: [] }], quarantined: [row] }),
      ),
    ).toMatchObject({
      kind: 'recorded',
    });
    const [found] = await open.another.listQuarantine({ code: 'HOSTILE', limit: 1 });
    expect(Buffer.from(found?.bytes ?? []).equals(Buffer.from(row.bytes))).toBe(true);
    expect(found?.quarantinedAt as Instant).toBeDefined();
  });
}
