/** Lives: facts that tell one state of a database from another, a later life's lines, and what a recovery notes. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  agencySource,
  type AgencyCode,
  type Hand,
  type Hash,
  type NodeId,
  type SealedMessage,
  type Subject,
} from '#libs/kernel';
import type { EventStore } from '#libs/use-cases';
import { someEvent, someSubject } from './builders.ts';
import { someEvents, someFiling, unitOf } from './builders-units.ts';
import type { EventStoreUnderTest } from './event-store-under-test.ts';

const DISTRICT = 'gialam-district' as NodeId;
const CITY = 'hanoi-city' as NodeId;
const AGENCY = 'H26.129.05' as AgencyCode;

/** A ledger for each test: lives are counted. */
export function eventStoreLifeContract(name: string, make: () => Promise<EventStoreUnderTest>): void {
  describe(`lives of an event store: ${name}`, () => lifeContract(make));
}

function lifeContract(make: () => Promise<EventStoreUnderTest>): void {
  let store: EventStore;
  beforeEach(async () => {
    store = (await make()).store;
  });
  afterEach(() => store.close());

  it('begins in the first life, and says how far the log has gone and what stands at an index', async () => {
    expect(await store.lifeFacts()).toMatchObject({ life: 1, size: 0, recovering: false });
    const unit = someFiling();
    await store.append(unit);
    const { hash } = unit.messages[0]!.sealed;
    const facts = await store.lifeFacts(0);
    expect(facts).toMatchObject({ life: 1, size: 1, lastHash: hash, hashAt: hash });
    expect(Object.values(facts.identity)).not.toContain(undefined);
    expect((await store.lifeFacts(1)).hashAt).toBeUndefined();
    expect(await store.laterLives()).toEqual([]);
  });

  it('a later life has lines of its own, counted from 1; what was owed on the old one keeps its number', async () => {
    const [before, after] = [someFiling(), someFiling()];
    const owe = (unit: typeof before) => ({
      ...unit,
      deliveries: [{ receiver: DISTRICT, message: unit.messages[0]!.sealed.hash }],
    });
    await store.append(owe(before));
    await store.beginLife(3, 'a note');
    await store.append(owe(after));
    expect(await store.lifeFacts()).toMatchObject({ life: 3, recovering: true });
    const lease = await store.leaseOutbox('test', 10_000);
    const items = await store.readOutbox(lease!, 10);
    expect(items.map(({ line, number, hash }) => ({ line, number, hash }))).toEqual([
      { line: 1, number: 1, hash: before.messages[0]!.sealed.hash },
      { line: 3, number: 1, hash: after.messages[0]!.sealed.hash },
    ]);
    expect(await store.laterLives()).toEqual([{ life: 3, kept: 1, noteBefore: 'a note', begunAt: expect.any(String) }]);
    await store.endRecovery();
    expect(await store.lifeFacts()).toMatchObject({ life: 3, recovering: false });
  });

  it('a life is begun once and never goes back', async () => {
    await store.beginLife(2);
    await store.beginLife(2);
    expect(await store.laterLives()).toHaveLength(1);
    await expect(store.beginLife(1)).rejects.toMatchObject({ code: 'LIFE_OVER' });
  });

  it('moves counters past a gap, and up to what was seen, never back', async () => {
    expect(await store.nextNumber(AGENCY, 'register/2023')).toBe(1);
    await store.beginLife(2);
    expect(await store.nextNumber(AGENCY, 'register/2023')).toBeGreaterThan(1000);
    await store.raiseCounter(AGENCY, 'register/2023', 5000);
    await store.raiseCounter(AGENCY, 'register/2023', 7);
    expect(await store.nextNumber(AGENCY, 'register/2023')).toBe(5001);
    await store.raiseCounter(AGENCY, 'new', 9);
    expect(await store.nextNumber(AGENCY, 'new')).toBe(10);
  });

  it('a receipt of an old line about numbers that nobody here gave counts up to what was given', async () => {
    const unit = someFiling();
    await store.append({ ...unit, deliveries: [{ receiver: DISTRICT, message: unit.messages[0]!.sealed.hash }] });
    await store.beginLife(2);
    const receipt = {
      line: 1,
      contiguousUpTo: 7,
      missing: [[9, 11]],
      refused: [[8, 'SIGNATURE']],
      logSize: 9,
    } as const;
    await store.applyReceipt(DISTRICT, receipt);
    expect(await store.deliveries()).toMatchObject([
      { peer: DISTRICT, line: 1, highest: 1, contiguousUpTo: 1, missing: [], refused: [] },
    ]);
  });

  it('a line that the peer has left ends where the peer says', async () => {
    const named = someFiling().messages[0]!.sealed.hash;
    await store.applyManifest(DISTRICT, 1, 3, [named], 3);
    const ended = { peer: DISTRICT, line: 1, highest: 0, contiguousUpTo: 0, missing: [] };
    await store.applyManifest(DISTRICT, 1, 1, [], 0);
    expect(await store.inbound()).toMatchObject([{ line: 1, highest: 3, missing: [[1, 3]] }]);
    await store.applyManifest(DISTRICT, 2, 1, [], 0);
    await store.applyManifest(DISTRICT, 1, 1, [], 0);
    expect(await store.inbound()).toMatchObject([ended, { line: 2 }]);
  });

  it('notes whom it asked in a recovery and what it wants, until that is recorded or another life begins', async () => {
    await store.beginLife(2);
    await store.noteRecoveryPeer(DISTRICT, { streams: 0, done: false });
    await store.noteRecoveryPeer(DISTRICT, { streams: 5, after: 'dossier/b' as Subject, done: false });
    await store.noteRecoveryPeer(CITY, { streams: 2, done: true });
    await store.noteRecoveryPeer(CITY, { streams: 0, done: false });
    expect(await store.recoveryPeers(60_000)).toMatchObject([
      { peer: DISTRICT, streams: 5, after: 'dossier/b', done: false, askedLately: true },
      { peer: CITY, streams: 2, done: true },
    ]);
    const unit = someFiling();
    const { hash } = unit.messages[0]!.sealed;
    const wanted = { subject: 'dossier/a' as Subject, peer: DISTRICT, streamseq: 2 };
    const lost = { ...wanted, hash: 'A'.repeat(43) as Hash };
    await store.wantInRecovery([{ ...wanted, hash }, lost]);
    await store.wantInRecovery([lost]);
    expect(await store.takeRecoveryWanted(60_000, 10)).toHaveLength(2);
    expect(await store.takeRecoveryWanted(60_000, 10)).toEqual([]);
    await store.append(unit);
    expect(await store.countRecoveryWanted()).toBe(1);
    await store.beginLife(3);
    expect([await store.countRecoveryWanted(), await store.recoveryPeers(0)]).toEqual([0, []]);
  });

  it('lists the streams in which a node or its agencies have a part, page by page', async () => {
    const [one, two] = [someFiling(), someFiling()];
    const received = (unit: typeof one) => ({
      ...unit,
      streams: unit.streams.map((change) => ({ ...change, head: { ...change.head, receivers: [DISTRICT] } })),
    });
    for (const unit of [received(one), received(two)]) await store.append(unit);
    const names = [one, two].map((unit) => unit.streams[0]!.subject).toSorted();
    const of = { node: DISTRICT, agencies: [] };
    const [first] = await store.listHoldings(of, undefined, 1);
    expect(first?.subject).toBe(names[0]);
    expect((await store.listHoldings(of, first?.subject, 5)).map((one) => one.subject)).toEqual([names[1]]);
    expect(await store.listHoldings({ node: 'stranger' as NodeId, agencies: [] }, undefined, 5)).toEqual([]);
  });

  it('lists a stream in which an agency has no part any more up to where it declined', async () => {
    const agency = 'H26.129' as AgencyCode;
    const subject = someSubject();
    const events = someEvents(2, subject);
    const members = { source: agencySource(agency) };
    const declined = someEvent(subject, { name: 'custody-declined', after: events.at(-1) as SealedMessage, members });
    const after = someEvent(subject, { name: 'processing-started', after: declined });
    await store.append(unitOf([...events, declined, after]));
    const end = { subject, streamseq: 3, hash: declined.hash };
    expect(await store.listHoldings({ node: DISTRICT, agencies: [agency] }, undefined, 5)).toEqual([end]);
    expect(await store.listHoldings({ node: DISTRICT, agencies: [AGENCY] }, undefined, 5)).toMatchObject([
      { streamseq: 4 },
    ]);
    expect(await store.listHoldings({ node: DISTRICT, agencies: [agency] }, subject, 5)).toEqual([]);
    // Without a node it is asked what the agency has a part in now: what it declined is not that.
    expect(await store.listHoldings({ agencies: [agency] }, undefined, 5)).toEqual([]);
    expect(await store.listHoldings({ node: DISTRICT, agencies: ['H26.1' as AgencyCode] }, undefined, 5)).toEqual([]);
  });

  it('lists what is on its way to an agency as well', async () => {
    const [named, other] = ['H26.991', 'H26.992'] as AgencyCode[];
    const unit = someFiling();
    const hand = { kind: 'transit', from: other, to: named } as Hand;
    await store.append({
      ...unit,
      streams: unit.streams.map((change) => ({ ...change, head: { ...change.head, hand } })),
    });
    const holdings = (agency: AgencyCode | undefined) =>
      store.listHoldings({ agencies: [agency as AgencyCode] }, undefined, 5);
    expect((await holdings(named)).map(({ subject }) => subject)).toEqual(unit.streams.map(({ subject }) => subject));
    expect(await holdings(other)).toEqual([]);
  });
}
