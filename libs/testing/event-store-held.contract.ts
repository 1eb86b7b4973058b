import { expect, it } from '@jest/globals';
import type { Hash, Instant, SealedMessage, Subject } from '#libs/kernel';
import type { HeldMessage, QuarantinedMessage } from '#libs/use-cases';
import { batchOf, commandUnit, heldOf, quarantinedOf, someEvents, someFiling, unitOf } from './builders-units.ts';
import { someCommand, someHash, someNode, someOutcome, someSubject } from './builders.ts';
import type { OpenStores } from './event-store-under-test.ts';

const FIRST = '2023-06-14T01:00:00.000Z' as Instant;
const LATER = '2023-06-14T02:00:00.000Z' as Instant;
const NEVER = '1999-01-01T00:00:00.000Z' as Instant;
const BEFORE = '1998-12-31T20:00:00.000Z' as Instant;
const held = (more: Partial<HeldMessage>): HeldMessage => heldOf(someEvents(1)[0], more);
const hashes = (rows: readonly { readonly hash?: Hash }[]): (Hash | undefined)[] => rows.map(({ hash }) => hash);

let offsets = 0;
/** Of a record that was not read before. */
function quarantined(more: Partial<QuarantinedMessage>): QuarantinedMessage {
  offsets += 1;
  return quarantinedOf(someEvents(1)[0], {
    arrival: { kind: 'mailbox', partition: 77, offset: String(offsets) },
    ...more,
  });
}

export function heldContract(open: OpenStores): void {
  it('keeps a command that has come back before it was noted as passed on', async () => {
    const [command, own] = [someCommand(someSubject()), someCommand(someSubject())];
    const arrival = { kind: 'mailbox', partition: 81, offset: '1', hops: 2 } as const;
    await open.store.record(batchOf({ units: [commandUnit(command)], arrivals: new Map([[command.hash, arrival]]) }));
    await open.store.append(commandUnit(own));
    await open.store.record(batchOf({ reopened: [command, own].map(({ hash }) => ({ hash, hops: 5 })) }));
    for (const { hash } of [command, own]) await open.another.markPassedOn(hash, { to: someNode(), hops: 3 });
    const arrivalNow = async ({ message }: SealedMessage) =>
      (await open.store.findUnanswered(message.subject as Subject))[0]?.arrival;
    expect(await arrivalNow(command)).toEqual({ ...arrival, hops: 5 });
    expect(await arrivalNow(own)).toEqual({ kind: 'local', hops: 5 });
  });

  it('takes an outcome of the mailbox for the answer to a command that began here, and to no other', async () => {
    const [own, ofOthers, later] = [someSubject(), someSubject(), someSubject()].map((subject) => someCommand(subject));
    const [one, two, three] = [own, ofOthers, later].map((command) => someOutcome(command as SealedMessage));
    const mailed = (...messages: readonly (SealedMessage | undefined)[]) => {
      const sealed = messages.filter((message) => message !== undefined);
      const arrivals = sealed.map(
        ({ hash }, at) => [hash, { kind: 'mailbox', partition: 82, offset: `${at}` }] as const,
      );
      return open.store.record(batchOf({ units: sealed.map(commandUnit), arrivals: new Map(arrivals) }));
    };
    await open.store.append(commandUnit(own));
    await mailed(ofOthers, one, two, three);
    await mailed(later);
    const reopened = [own, ofOthers, later].map((command) => ({ hash: command?.hash as Hash, hops: 1 }));
    await open.store.record(batchOf({ reopened }));
    const waiting = async (command?: SealedMessage) =>
      (await open.another.findUnanswered(command?.message.subject as Subject)).map(({ hash }) => hash);
    expect(await waiting(own)).toEqual([]);
    expect(await waiting(ofOthers)).toEqual([ofOthers?.hash]);
    expect(await waiting(later)).toEqual([later?.hash]);
    await open.store.append(commandUnit(someOutcome(ofOthers as SealedMessage)));
    expect(await waiting(ofOthers)).toEqual([]);
  });

  it('gives back what is held as it was put, by what it waits for', async () => {
    const [parent, second] = someEvents(2);
    const row = heldOf(second as never, {
      heldSince: FIRST,
      recordKey: 'H26.129.05/k',
      arrival: { kind: 'mailbox', partition: 3, offset: '12' },
    });
    await open.store.record(batchOf({ held: [row] }));
    const [found, ...others] = await open.another.findHeldWaitingFor([parent.hash, someHash()]);
    expect(others).toEqual([]);
    expect({ ...found, bytes: undefined }).toEqual({ ...row, bytes: undefined });
    expect(Buffer.from(found?.bytes ?? []).equals(Buffer.from(row.bytes))).toBe(true);
    expect(await open.another.isHeld([row.hash, parent.hash])).toEqual(new Set([row.hash]));
  });

  it('holds a message until it is recorded, and not again thereafter', async () => {
    const events = someEvents(1);
    const row = heldOf(events[0], { reason: 'TOO_EARLY', until: LATER });
    await open.store.record(batchOf({ held: [row] }));
    await open.store.record(batchOf({ units: [unitOf(events)], unheld: [row.hash] }));
    expect(await open.another.isHeld([row.hash])).toEqual(new Set());
    await open.store.record(batchOf({ held: [row] }));
    expect(await open.another.isHeld([row.hash])).toEqual(new Set());
  });

  it('keeps the first bytes and time of a message held twice, and the last reason', async () => {
    const row = held({ heldSince: FIRST, waitsFor: someHash() });
    await open.store.record(batchOf({ held: [row] }));
    const waitsFor = someHash();
    await open.store.record(batchOf({ held: [{ ...row, heldSince: LATER, waitsFor, bytes: Buffer.from('other') }] }));
    const [found] = await open.another.findHeldWaitingFor([waitsFor]);
    expect(found?.heldSince).toBe(FIRST);
    expect(Buffer.from(found?.bytes ?? []).equals(Buffer.from(row.bytes))).toBe(true);
  });

  it('goes round the old gaps, so that none waits behind others for ever', async () => {
    const rows = Array.from({ length: 5 }, () => held({ reason: 'GAP', waitsFor: someHash(), heldSince: NEVER }));
    await open.store.record(batchOf({ held: rows }));
    const seen = new Set<Hash>();
    for (let looks = 0; looks < 60 && !rows.every(({ hash }) => seen.has(hash)); looks += 1)
      for (const { hash } of await open.store.findGapsOlderThan(FIRST, 2)) seen.add(hash);
    expect(rows.every(({ hash }) => seen.has(hash))).toBe(true);
  });

  it('drops so many of the youngest of a source as have to make room for others', async () => {
    const rows = [FIRST, FIRST, LATER].map((heldSince) => held({ heldSince, source: 'urn:lienthong:agency:H29' }));
    const other = held({ heldSince: LATER, source: 'urn:lienthong:agency:H30' });
    await open.store.record(batchOf({ held: [...rows, other] }));
    const newcomer = held({ source: 'urn:lienthong:agency:H31' });
    await open.store.record(batchOf({ held: [newcomer], evicted: new Map([['urn:lienthong:agency:H29', 2]]) }));
    const left = await open.another.isHeld([...rows, other, newcomer].map(({ hash }) => hash));
    expect(left.has(rows[2]?.hash as Hash)).toBe(false);
    expect(left.size).toBe(3);
    expect((await open.another.countHeld()).bySource.get('urn:lienthong:agency:H29')).toBe(1);
  });

  it('finds what time or a directory version has made due, and gaps that are old', async () => {
    const early = held({ reason: 'TOO_EARLY', until: FIRST });
    const behind = held({ reason: 'DIRECTORY_BEHIND', until: FIRST });
    const notYet = held({ reason: 'TOO_EARLY', until: LATER });
    const gap = held({ reason: 'GAP', waitsFor: someHash(), heldSince: NEVER });
    await open.store.record(batchOf({ held: [early, behind, notYet, gap] }));
    expect(hashes(await open.another.findHeldDue(FIRST, NEVER, 100))).toContain(early.hash);
    expect(hashes(await open.another.findHeldDue(FIRST, NEVER, 100))).not.toContain(behind.hash);
    const due = hashes(await open.another.findHeldDue(FIRST, FIRST, 100));
    expect(due).toEqual(expect.arrayContaining([early.hash, behind.hash]));
    expect(due).not.toContain(notYet.hash);
    expect(due).not.toContain(gap.hash);
    expect(hashes(await open.another.findGapsOlderThan(FIRST, 100))).toContain(gap.hash);
    expect(hashes(await open.another.findGapsOlderThan(NEVER, 100))).not.toContain(gap.hash);
    // Held by a clock that was hours ahead and has been set back: nobody knows how long it has waited.
    expect(hashes(await open.another.findGapsOlderThan(BEFORE, 100))).toContain(gap.hash);
  });

  it('counts what is held and quarantined, in all and by claimed source', async () => {
    const [heldBefore, badBefore] = [await open.store.countHeld(), await open.store.countQuarantine()];
    const source = `urn:lienthong:agency:${someHash()}`;
    const { source: _, ...sourceless } = quarantined({ code: 'NOT_JSON' });
    await open.store.record(
      batchOf({ held: [held({ source }), held({ source })], quarantined: [quarantined({ source }), sourceless] }),
    );
    const [heldNow, badNow] = [await open.another.countHeld(), await open.another.countQuarantine()];
    expect([heldNow.total - heldBefore.total, heldNow.bySource.get(source)]).toEqual([2, 2]);
    expect([badNow.total - badBefore.total, badNow.bySource.get(source)]).toEqual([2, 1]);
  });

  it('tells how much quarantine holds of a source, apart for what it has signed, until it leaves', async () => {
    const [source, nobody] = [someHash(), someHash()].map((name) => `urn:lienthong:agency:${name}`) as [string, string];
    const rows = ['known', 'entitled', 'key', 'bytes'].map((stage) =>
      quarantined({ source, stage, code: source, bytes: new Uint8Array(100) }),
    );
    const before = await open.store.quarantineTaken([source, nobody]);
    expect([before.proved.bySource.size, before.unproved.bySource.size]).toEqual([0, 0]);
    await open.store.record(batchOf({ quarantined: rows }));
    await open.store.record(batchOf({ quarantined: rows }));
    const after = await open.another.quarantineTaken([source, nobody, source]);
    const two = { messages: 2, bytes: 200 };
    for (const whole of ['proved', 'unproved'] as const) {
      expect([...after[whole].bySource]).toEqual([[source, two]]);
      expect(after[whole].messages - before[whole].messages).toBe(2);
      expect(after[whole].bytes - before[whole].bytes).toBe(200);
    }
    const [first] = await open.another.listQuarantine({ code: source, limit: 1 });
    for (let times = 0; times < 2; times += 1) await open.store.record(batchOf({ released: [first?.id as number] }));
    const left = await open.another.quarantineTaken([source]);
    expect(left.proved.bySource.get(source)).toEqual({ messages: 1, bytes: 100 });
    expect(left.proved.messages).toBe(after.proved.messages - 1);
    expect((await open.another.countQuarantine()).bySource.get(source)).toBe(3);
  });

  it('lets a message leave quarantine once: with another batch it is a conflict that leaves no trace', async () => {
    const code = someHash();
    await open.store.record(batchOf({ quarantined: [quarantined({ code }), quarantined({ code })] }));
    const [first, second] = await open.store.listQuarantine({ code, limit: 2 });
    const ids = [first?.id as number, second?.id as number];
    const [winner, loser] = [someFiling(), someFiling()];
    const wins = batchOf({ units: [winner], released: ids.slice(0, 1) });
    expect((await open.store.record(wins)).kind).toBe('recorded');
    const { size } = await open.store.logSize();
    const loses = batchOf({ units: [loser], released: ids });
    expect((await open.another.record(loses)).kind).toBe('conflict');
    expect((await open.another.logSize()).size).toBe(size);
    expect((await open.another.findQuarantineByCodes([code], 9)).map(({ id }) => id)).toEqual(ids.slice(1));
    // After a lost connection the same batch is said again.
    expect((await open.another.record(wins)).kind).toBe('recorded');
    expect((await open.another.record({ ...loses, released: ids.slice(1) })).kind).toBe('recorded');
  });

  it('lists quarantine in pages, by code, released ones too', async () => {
    const code = someHash();
    const rows = Array.from({ length: 5 }, () => quarantined({ code, stage: 'key' }));
    await open.store.record(batchOf({ quarantined: rows }));
    const first = await open.another.listQuarantine({ code, limit: 3 });
    const rest = await open.another.listQuarantine({ code, limit: 3, after: first.at(-1)?.id ?? 0 });
    expect(hashes([...first, ...rest])).toEqual(hashes(rows));
    expect({ ...first[0], bytes: undefined }).toMatchObject({ ...rows[0], bytes: undefined });
    await open.store.record(batchOf({ released: [first[0]?.id as number] }));
    const again = await open.another.listQuarantine({ code, limit: 9 });
    expect(again.map(({ releasedAt }) => releasedAt !== undefined)).toEqual([true, false, false, false, false]);
    expect(hashes(await open.another.findQuarantineByCodes([code, 'X'], 9))).toEqual(hashes(rows.slice(1)));
    expect(hashes(await open.another.findQuarantineByCodes([code], 9, first[2]?.id ?? 0))).toEqual(
      hashes(rows.slice(3)),
    );
    expect((await open.another.listQuarantine({ limit: 1 })).length).toBe(1);
  });

  it('keeps a record that no message can be read from', async () => {
    const code = someHash();
    const row: QuarantinedMessage = {
      stage: 'bytes',
      code,
      arrival: { kind: 'mailbox', partition: 78, offset: '1' },
      recordKey: '',
      bytes: new Uint8Array([0xff, 0x00]),
    };
    await open.store.record(batchOf({ quarantined: [row] }));
    const [found] = await open.another.listQuarantine({ code, limit: 1 });
    expect(found).toEqual({
      ...row,
      id: found?.id,
      quarantinedAt: found?.quarantinedAt,
      bytes: Buffer.from(row.bytes),
    });
  });
}
