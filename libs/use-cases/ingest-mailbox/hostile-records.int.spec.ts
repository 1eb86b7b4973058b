/** Every stage and code of wire format 6 on a live node: what cannot be believed is kept with its reason and delays nobody. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { canonicalize, encodeUtf8, type JsonObject, type SealedMessage, type Subject } from '#libs/kernel';
import { exchangeAll } from '../../testing/exchange-all.ts';
import { forge, mail, recordWith, type ForgedWanted } from '../../testing/forged-messages.ts';
import { acts, historyAt, laterThan, namesAt, newDossier, nodeAt, type ActWanted } from '../../testing/test-acts.ts';
import { GIALAM, openTestWorld, type TestNode, type TestWorld } from '../../testing/test-node.ts';
import { mailboxOf } from '../node-services.ts';
import type { OutgoingRecord, QuarantineRow } from '../ports/index.ts';

jest.setTimeout(60_000);

const COMMUNE = 'H26.129.05';
const REVOKED = 'H26.129.22';
const by = (agency: string, data: object = {}): ActWanted => ({ agency, data: { ...data } });

let world: TestWorld;
let commune: TestNode;
let district: TestNode;
let subject: Subject;
beforeAll(async () => {
  world = await openTestWorld({ nodes: GIALAM });
  commune = nodeAt(world, COMMUNE);
  district = nodeAt(world, 'H26.129');
  const keys = (world.registrar.last(REVOKED)['keys'] as JsonObject[]).map((key) => ({
    ...key,
    revoked: { at: '2023-06-01T00:00:00.000Z', believed: [] },
  }));
  await world.publish(world.registrar.state('agency', { ...world.registrar.last(REVOKED), keys }));
}, 60_000);
afterAll(() => world.close());
beforeEach(() => {
  subject = newDossier();
});

const forged = (wanted: Partial<ForgedWanted> = {}): SealedMessage =>
  forge(commune, { subject: newDossier(), name: 'received', ...wanted }).sealed;
const raw = (value: string | Uint8Array, key = 'H26.129.05/x'): OutgoingRecord => ({
  key,
  value: typeof value === 'string' ? encodeUtf8(value) : value,
});
/** Changed after it was signed. */
function changed(members: Record<string, unknown>, without: readonly string[] = []): OutgoingRecord {
  const { message } = forged();
  const kept = Object.fromEntries(
    Object.entries({ ...message, ...members }).filter(([name]) => !without.includes(name)),
  );
  return recordWith({ message, bytes: encodeUtf8(canonicalize(kept)) });
}

const CASES: readonly [stage: string, code: string, make: () => OutgoingRecord][] = [
  ['bytes', 'TOO_LARGE', () => raw(`{"a":"${'x'.repeat(131_072)}"}`)],
  ['bytes', 'NOT_UTF8', () => raw(Uint8Array.of(0x7b, 0xff, 0x7d))],
  ['bytes', 'DEPTH', () => raw(`{"a":${'['.repeat(16)}${']'.repeat(16)}}`)],
  ['bytes', 'NOT_JSON', () => raw('[]')],
  ['bytes', 'NOT_JSON', () => raw('{"a":')],
  ['bytes', 'NOT_CANONICAL', () => raw('{ "a":1}')],
  ['bytes', 'NOT_NFC', () => raw('{"a":"e\u0301"}')],
  ['bytes', 'NUMBER', () => raw('{"a":1.5}')],
  ['bytes', 'NULL', () => raw('{"a":null}')],
  ['bytes', 'CONTROL_CHARACTER', () => raw('{"a":"\\u0007"}')],
  ['bytes', 'RECORD_KEY', () => recordWith(forged(), { key: 'H26.129.05/another' })],
  ['envelope', 'PROFILE_UNKNOWN', () => changed({ profile: 'lt2' })],
  ['envelope', 'MEMBER_MISSING', () => changed({}, ['type'])],
  ['envelope', 'MEMBER_INVALID', () => changed({ type: 'received' })],
  ['envelope', 'TYPE_UNKNOWN', () => changed({ type: 'vn.lienthong.command.conjure.v1' }, ['streamseq'])],
  ['envelope', 'MEMBER_UNKNOWN', () => changed({ extra: 'x' })],
  ['envelope', 'MEMBER_MISSING', () => changed({}, ['correlationid'])],
  ['envelope', 'MEMBER_INVALID', () => changed({ time: 'yesterday' })],
  ['key', 'KEY_NOT_OF_SOURCE', () => recordWith(forged({ members: { keyid: 'H26.129.06#2023-1' } }))],
  ['key', 'KEY_UNKNOWN', () => recordWith(forged({ members: { keyid: 'H26.129.05#2099' } }))],
  [
    'key',
    'KEY_NOT_VALID_THEN',
    () =>
      recordWith(forged({ members: { time: '2019-01-01T00:00:00.000Z', recordedtime: '2019-01-01T00:00:00.000Z' } })),
  ],
  ['key', 'KEY_REVOKED', () => recordWith(forged({ agency: REVOKED, subject: newDossier(REVOKED) }))],
  [
    'signature',
    'SIGNATURE',
    () => recordWith(forged({ owner: 'H26.129.06', members: { keyid: 'H26.129.05#2023-1' } })),
  ],
  ['entitled', 'NOT_ENTITLED', () => recordWith(forged({ name: 'resolved' }))],
];

describe('a record that cannot be believed', () => {
  it('is quarantined with its stage, code and bytes, and delays neither the partition nor the healthy beside it', async () => {
    await acts(world, subject, ['file-dossier', by(COMMUNE)]);
    const bad = CASES.map(([, , make]) => make());
    const before = district.world.broker.records(mailboxOf(district.node)).length;
    mail(district, ...bad);
    mail(district, { key: '', value: null as unknown as Uint8Array });
    await exchangeAll(world.nodes);
    const offsetOf = ({ arrival }: QuarantineRow) => (arrival.kind === 'mailbox' ? Number(arrival.offset) : -1);
    const all = await district.services.store.listQuarantine({ limit: 1000 });
    const rows = all.slice(-CASES.length - 1).sort((a, b) => offsetOf(a) - offsetOf(b));
    expect(rows.map(({ stage, code }) => [stage, code])).toEqual([
      ...CASES.map(([stage, code]) => [stage, code]),
      ['bytes', 'NOT_JSON'],
    ]);
    bad.forEach(({ value }, at) => expect(Buffer.from(rows[at]!.bytes).equals(Buffer.from(value))).toBe(true));
    expect(rows.map(offsetOf)).toEqual([...bad, 0].map((_, at) => before + at));
    expect((await district.services.store.findOffset(0))?.next).toBe(
      String(world.broker.records(mailboxOf(district.node)).length),
    );
    expect(await namesAt(district, subject)).toEqual(['received']);
  });

  it('is quarantined ID_REUSED once the id is recorded; a foreign id used first harms nobody', async () => {
    const id = commune.services.ids.uuid7();
    const stolen = forged({ agency: 'H26.129.06', subject: newDossier('H26.129.06'), members: { id } });
    const honest = forged({ subject, members: { id } });
    const reused = forged({ members: { id } });
    mail(district, recordWith(forged({ owner: 'H26.129.06', members: { id, keyid: 'H26.129.05#2023-1' } })));
    mail(district, recordWith(stolen), recordWith(honest), recordWith(reused));
    await exchangeAll(world.nodes);
    expect(await namesAt(district, subject)).toEqual(['received']);
    const [row] = (await district.services.store.listQuarantine({ code: 'ID_REUSED', limit: 10 })).slice(-1);
    expect(row).toMatchObject({ stage: 'known', hash: reused.hash });
  });

  it('is quarantined LINK for a wrong place, a time before, or a link into another stream', async () => {
    const first = forged({ subject });
    const other = forged();
    const later = laterThan(world.clock.now(), -60_000);
    const linked = (members: object, after = first) => forged({ subject, name: 'processing-started', after, members });
    const bad = [linked({ streamseq: '0000000003' }), linked({ time: later, recordedtime: later }), linked({}, other)];
    mail(district, ...[first, other, ...bad].map((sealed) => recordWith(sealed)));
    await exchangeAll(world.nodes);
    const rows = (await district.services.store.listQuarantine({ code: 'LINK', limit: 10 })).slice(-3);
    expect(rows.map(({ hash }) => hash)).toEqual(bad.map(({ hash }) => hash));
    expect(await namesAt(district, subject)).toEqual(['received']);
  });

  it('is a duplicate under another signature, and the first bytes stay', async () => {
    const first = forged({ subject });
    mail(district, recordWith(first));
    await exchangeAll(world.nodes);
    const history = await historyAt(district, subject);
    mail(district, recordWith(first));
    mail(
      district,
      recordWith({ ...first, bytes: encodeUtf8(canonicalize({ ...first.message, signature: 'A'.repeat(86) })) }),
    );
    await exchangeAll(world.nodes);
    expect(await historyAt(district, subject)).toEqual(history);
    const [row] = (await district.services.store.listQuarantine({ limit: 1000 })).slice(-1);
    expect(row).toMatchObject({ stage: 'signature', code: 'SIGNATURE', hash: first.hash });
  });
});

describe('an event whose time has not come', () => {
  it('is held until five minutes before it, then recorded', async () => {
    const time = laterThan(world.clock.now(), 600_000);
    const early = forged({ subject, members: { time, recordedtime: time } });
    mail(district, recordWith(early), recordWith(early));
    await exchangeAll(world.nodes);
    expect(await namesAt(district, subject)).toEqual([]);
    expect(await district.services.store.isHeld([early.hash])).toEqual(new Set([early.hash]));
    world.clock.advance(300_000);
    await exchangeAll(world.nodes);
    expect(await namesAt(district, subject)).toEqual(['received']);
    expect((await district.services.store.isHeld([early.hash])).size).toBe(0);
  });

  it('goes on waiting for the event before it, when its time has come first', async () => {
    const time = laterThan(world.clock.now(), 600_000);
    const first = forged({ subject });
    const early = forged({ subject, name: 'processing-started', after: first, members: { time, recordedtime: time } });
    mail(district, recordWith(early));
    await exchangeAll(world.nodes);
    world.clock.advance(300_000);
    await exchangeAll(world.nodes);
    expect(await district.services.store.isHeld([early.hash])).toEqual(new Set([early.hash]));
    mail(district, recordWith(first));
    await exchangeAll(world.nodes);
    expect(await namesAt(district, subject)).toEqual(['received', 'processing-started']);
  });
});

describe('an event that is entitled and not understood', () => {
  it('is recorded and parks the fold of its dossier alone', async () => {
    const first = forged({ subject });
    const unknown = forged({
      subject,
      name: 'processing-started',
      after: first,
      members: { type: 'vn.lienthong.dossier.conjured.v1', dataschema: 'urn:lienthong:schema:dossier.conjured:1.0' },
    });
    const other = newDossier();
    const malformed = forged({ subject: other, data: { registerNumber: undefined } });
    mail(district, ...[first, unknown, malformed].map((sealed) => recordWith(sealed)));
    await exchangeAll(world.nodes);
    expect(await namesAt(district, subject)).toEqual(['received', 'conjured']);
    expect((await district.services.shelf.load(subject)).parked).toEqual({
      code: 'NOT_UNDERSTOOD',
      event: unknown.hash,
    });
    expect((await district.services.shelf.load(other)).parked).toEqual({
      code: 'NOT_UNDERSTOOD',
      event: malformed.hash,
    });
  });
});
