import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Hand, Instant, JsonObject, SealedMessage, Sha256 } from '#libs/kernel';
import { findEntitlementFault, type EntitlementFault, type PlaceBefore } from './entitlement.ts';
import { directoryOf, DOSSIER, eventSketcher, GIA_LAM } from './judge.builders.ts';

const sha256: Sha256 = (bytes) => createHash('sha256').update(bytes).digest();
const event = eventSketcher(sha256);
const UUID = '01890b2c-6a3b-7c11-8f3e-0242ac120001';
const SUCCEEDED = {
  code: 'H26.132',
  level: 'district',
  parent: 'H26',
  node: 'ending-district',
  to: '2023-06-18',
  successions: [
    { to: 'H26.130', kind: 'part', rehomer: 'H26', legalBasis: 'NQ 1', effective: '2023-06-18' },
    { to: 'H26.131', kind: 'whole', rehomer: 'H26.131', legalBasis: 'NQ 1', effective: '2023-06-18' },
  ],
};
const FORKED = {
  code: 'H26.133',
  level: 'district',
  parent: 'H26',
  node: 'forked-district',
  suspensions: [{ from: '2023-06-15', to: '2023-06-17', streams: [DOSSIER], rehomer: 'H26', legalBasis: 'QĐ 2' }],
};
const directory = directoryOf([...GIA_LAM, SUCCEEDED, FORKED], sha256);
const VERSION = { directoryVersion: '2023-06-01T00:00:00.000Z' };

const received = event({ by: 'H26.129.05', name: 'received', at: '14T01:00' });
const place = (hand: Hand): PlaceBefore => ({
  streamseq: 1,
  recordedtime: received.message.recordedtime as Instant,
  source: received.message.source,
  hand,
});
const held = (custodian: string): Hand => ({ kind: 'held', custodian }) as Hand;
const transit = (from: string, to: string): Hand => ({ kind: 'transit', from, to }) as Hand;
const released = (by: string): Hand => ({ kind: 'released', by }) as Hand;

interface Attempt {
  readonly by: string;
  readonly name: string;
  readonly at?: string;
  readonly data?: JsonObject;
}
const tried = (hand: Hand, { by, name, at = '16T00:00', data = {} }: Attempt): EntitlementFault | undefined =>
  findEntitlementFault(event({ after: received, by, name, at, data }), place(hand), directory);
const first = (sealed: SealedMessage): EntitlementFault | undefined =>
  findEntitlementFault(sealed, undefined, directory);

describe('place 1 of a dossier', () => {
  it('belongs to the agency in the name, by `submitted` or `received`', () => {
    expect(first(received)).toBeUndefined();
    expect(first(event({ by: 'H26.129.05', name: 'submitted', at: '14T01:00' }))).toBeUndefined();
  });

  it.each<[string, SealedMessage]>([
    [
      'another agency, under its own name in data',
      event({ by: 'H26.129', name: 'received', at: '14T01:00', data: { receivingAgency: 'H26.129' } }),
    ],
    ['another agency that repeats the name', event({ by: 'H26.129', name: 'received', at: '14T01:00' })],
    [
      'the agency in the name that repeats another',
      event({ by: 'H26.129.05', name: 'received', at: '14T01:00', data: { receivingAgency: 'H26.129' } }),
    ],
    ['another kind of first event', event({ by: 'H26.129.05', name: 'resolved', at: '14T01:00' })],
    ['a rehomed', event({ by: 'H26', name: 'rehomed', at: '14T01:00', data: { to: 'H26', ...VERSION } })],
    ['a node of the same name', event({ by: 'urn:lienthong:node:H26.129.05', name: 'received', at: '14T01:00' })],
  ])('is refused to %s', (_, sealed) => {
    expect(first(sealed)).toBe('NOT_ENTITLED');
  });

  it('is refused without a receiving agency in data', () => {
    const { receivingAgency: _, ...data } = received.message.data;
    expect(first({ ...received, message: { ...received.message, data } })).toBe('NOT_ENTITLED');
  });

  it('is place 1 and no other', () => {
    expect(first({ ...received, message: { ...received.message, streamseq: '0000000002' } })).toBe('LINK');
  });
});

describe('the link', () => {
  const next = event({ after: received, by: 'H26.129.05', name: 'note', at: '14T02:00' });
  it.each([
    ['a place too far', { streamseq: '0000000003' }, 'LINK'],
    ['the same place again', { streamseq: '0000000001' }, 'LINK'],
    ['a time before the event before it', { recordedtime: '2023-06-14T00:59:59.999Z' }, 'LINK'],
    ['the very same time', { recordedtime: '2023-06-14T01:00:00.000Z' }, undefined],
  ])('is judged for %s', (_, change, fault) => {
    const sealed = { ...next, message: { ...next.message, ...change } };
    expect(findEntitlementFault(sealed, place(held('H26.129.05')), directory)).toBe(fault);
  });

  it('comes before the directory, which comes before entitlement', () => {
    const future = event({
      after: received,
      by: 'H26.130',
      name: 'rehomed',
      at: '14T02:00',
      data: { to: 'H26', directoryVersion: '2030-01-01T00:00:00.000Z' },
    });
    const unlinked = { ...future, message: { ...future.message, streamseq: '0000000009' } };
    expect(findEntitlementFault(unlinked, place(held('H26.129.05')), directory)).toBe('LINK');
    expect(findEntitlementFault(future, place(held('H26.129.05')), directory)).toBe('DIRECTORY_BEHIND');
  });
});

describe('a dossier in somebody’s hand', () => {
  it.each<[string, Hand, Attempt, EntitlementFault | undefined]>([
    ['custodian, any type, known or not', held('H26.129'), { by: 'H26.129', name: 'result-notarised' }, undefined],
    ['custodian forwards', held('H26.129'), { by: 'H26.129', name: 'forwarded', data: { to: 'H26' } }, undefined],
    ['custodian forwards to nobody', held('H26.129'), { by: 'H26.129', name: 'forwarded' }, 'NOT_ENTITLED'],
    [
      'custodian forwards to a word',
      held('H26.129'),
      { by: 'H26.129', name: 'forwarded', data: { to: 'Hà Nội' } },
      'NOT_ENTITLED',
    ],
    ['custodian accepts what is its own', held('H26.129'), { by: 'H26.129', name: 'custody-accepted' }, 'NOT_ENTITLED'],
    [
      'custodian declines what is its own',
      held('H26.129'),
      { by: 'H26.129', name: 'custody-declined' },
      'NOT_ENTITLED',
    ],
    [
      'custodian rehomes itself',
      held('H26.129'),
      { by: 'H26.129', name: 'rehomed', data: { to: 'H26', ...VERSION } },
      'NOT_ENTITLED',
    ],
    ['former custodian', held('H26.129'), { by: 'H26.129.05', name: 'note' }, 'NOT_ENTITLED'],
    ['superior of the custodian', held('H26.129'), { by: 'H26', name: 'note' }, 'NOT_ENTITLED'],
    ['agency named, accepts', transit('H26.129.05', 'H26.129'), { by: 'H26.129', name: 'custody-accepted' }, undefined],
    [
      'agency named, declines',
      transit('H26.129.05', 'H26.129'),
      { by: 'H26.129', name: 'custody-declined' },
      undefined,
    ],
    [
      'agency named, works on without an answer',
      transit('H26.129.05', 'H26.129'),
      { by: 'H26.129', name: 'note' },
      'NOT_ENTITLED',
    ],
    [
      'sender answers itself',
      transit('H26.129.05', 'H26.129'),
      { by: 'H26.129.05', name: 'custody-declined' },
      'NOT_ENTITLED',
    ],
    [
      'sender forwards once more',
      transit('H26.129.05', 'H26.129'),
      { by: 'H26.129.05', name: 'forwarded', data: { to: 'H26' } },
      'NOT_ENTITLED',
    ],
    ['a third accepts', transit('H26.129.05', 'H26.129'), { by: 'H26.130', name: 'custody-accepted' }, 'NOT_ENTITLED'],
    ['who released works on', released('H26.129'), { by: 'H26.129', name: 'note' }, 'NOT_ENTITLED'],
    [
      'who released forwards',
      released('H26.129'),
      { by: 'H26.129', name: 'forwarded', data: { to: 'H26' } },
      'NOT_ENTITLED',
    ],
  ])('%s', (_, hand, attempt, fault) => {
    expect(tried(hand, attempt)).toBe(fault);
  });
});

describe('the rehomer', () => {
  const rehome = (by: string, at: string, data: JsonObject = { to: 'H26.130', ...VERSION }): Attempt => ({
    by,
    name: 'rehomed',
    at,
    data,
  });
  it.each<[string, Hand, Attempt, EntitlementFault | undefined]>([
    ['of a suspended custodian', held('H26.129'), rehome('H26', '16T00:00'), undefined],
    [
      'before the first moment of the suspension (00:00 in Viet Nam)',
      held('H26.129'),
      rehome('H26', '14T16:59'),
      'NOT_ENTITLED',
    ],
    ['at the first moment of the suspension', held('H26.129'), rehome('H26', '14T17:00'), undefined],
    ['of the agency named, after `forwarded`', transit('H26.130', 'H26.129'), rehome('H26', '16T00:00'), undefined],
    [
      'of the sender is nobody, after `forwarded`',
      transit('H26.129', 'H26.130'),
      rehome('H26', '16T00:00'),
      'NOT_ENTITLED',
    ],
    ['of who released', released('H26.129'), rehome('H26', '16T00:00'), undefined],
    ['is another agency than the one named', held('H26.129'), rehome('H26.130', '16T00:00'), 'NOT_ENTITLED'],
    ['by a succession not yet effective', held('H26.132'), rehome('H26.131', '17T16:59'), 'NOT_ENTITLED'],
    ['by a succession from its day on', held('H26.132'), rehome('H26.131', '17T17:00'), undefined],
    ['by the succession of a part', held('H26.132'), rehome('H26', '20T00:00'), undefined],
    ['by a suspension of this stream', held('H26.133'), rehome('H26', '16T00:00'), undefined],
    ['by a suspension that is over', held('H26.133'), rehome('H26', '16T17:00'), 'NOT_ENTITLED'],
    ['names nobody', held('H26.129'), rehome('H26', '16T00:00', VERSION), 'NOT_ENTITLED'],
    ['names no directory version', held('H26.129'), rehome('H26', '16T00:00', { to: 'H26' }), 'NOT_ENTITLED'],
    [
      'names a version that is no time',
      held('H26.129'),
      rehome('H26', '16T00:00', { to: 'H26', directoryVersion: '2023-02-30T00:00:00.000Z' }),
      'NOT_ENTITLED',
    ],
    [
      'names a version not read yet',
      held('H26.129'),
      rehome('H26', '16T00:00', { to: 'H26', directoryVersion: '2023-06-01T00:01:00.000Z' }),
      'DIRECTORY_BEHIND',
    ],
    [
      'names an agency that nobody knows: not judged',
      held('H26.129'),
      rehome('H26', '16T00:00', { to: 'X99', ...VERSION }),
      undefined,
    ],
  ])('%s', (_, hand, attempt, fault) => {
    expect(tried(hand, attempt)).toBe(fault);
  });

  it('of a suspension limited to one stream has no say in another', () => {
    const subject = DOSSIER.replace(/1$/, '2');
    const other = event({ by: 'H26.129.05', name: 'received', at: '14T01:00', subject });
    const rehomed = event({ after: other, subject, ...rehome('H26', '16T00:00'), at: '16T00:00' });
    expect(findEntitlementFault(rehomed, place(held('H26.133')), directory)).toBe('NOT_ENTITLED');
  });
});

describe('other streams', () => {
  const at = '14T01:00';
  const portal = `portal/H26.129.05/${UUID}`;
  it('gives a portal stream to the adapter of the city, and then to its first source alone', () => {
    const begun = event({ by: 'H26.901', name: 'synchronised', at, subject: portal });
    expect(first(begun)).toBeUndefined();
    for (const by of ['H26.902', 'H26', 'H26.129.05']) {
      expect(first(event({ by, name: 'synchronised', at, subject: portal }))).toBe('NOT_ENTITLED');
      const next = event({ after: begun, by, name: 'sync-failed', at, subject: portal });
      const before = {
        streamseq: 1,
        recordedtime: begun.message.recordedtime as Instant,
        source: begun.message.source,
      };
      expect(findEntitlementFault(next, before, directory)).toBe('NOT_ENTITLED');
      expect(
        findEntitlementFault(
          { ...next, message: { ...next.message, source: begun.message.source } },
          before,
          directory,
        ),
      ).toBeUndefined();
    }
  });

  it.each([
    ['operation', 'urn:lienthong:node:gialam-district', undefined],
    ['operation', 'urn:lienthong:node:hanoi-city', 'NOT_ENTITLED'],
    ['lookup', 'urn:lienthong:node:gialam-district', undefined],
    ['lookup', 'H26.902', 'NOT_ENTITLED'],
    ['archive', 'urn:lienthong:node:gialam-district', 'NOT_ENTITLED'],
    ['archive', 'H26', 'NOT_ENTITLED'],
  ])('%s by %s', (kind, by, fault) => {
    expect(first(event({ by, name: 'noted', at, subject: `${kind}/gialam-district/H26.129/2023-06` }))).toBe(fault);
  });
});
