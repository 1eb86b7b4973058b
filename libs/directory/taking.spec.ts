import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AgencyCode, Instant, JsonObject, NodeId } from '#libs/kernel';
import { agency, interval, key, node, statement, type StatementSketch } from './directory.builders.ts';
import { emptyDirectory, NOTHING_READ, type Directory } from './directory.ts';
import { takeStatement, takeStatements, type StatementAlarm, type Taking } from './taking.ts';

const trusted = [
  { keyId: 'hanoi#1', publicKey: new Uint8Array(32) },
  { keyId: 'hanoi#service', publicKey: new Uint8Array(32), only: 'encryptionKeys' as const },
  { keyId: 'hue#1', publicKey: new Uint8Array(32) },
];
const EMPTY = emptyDirectory(trusted);
const after = (...sketches: readonly StatementSketch[]): Directory =>
  takeStatements(EMPTY, sketches.map(statement)).directory;
const alarmOf = (taking: Taking): StatementAlarm | 'taken' | 'repeat' =>
  taking.taken ? 'taken' : (taking.alarm ?? 'repeat');
/** A first statement, then one more about the same: what becomes of the second. */
const second = (
  before: JsonObject,
  later: JsonObject,
  rest: Partial<StatementSketch> = {},
): StatementAlarm | 'taken' | 'repeat' => {
  const name = 'node' in before && 'baseUrl' in before ? 'node' : 'agency';
  const directory = after({ data: before, name });
  return alarmOf(takeStatement(directory, statement({ data: later, name, streamseq: 2, at: '10T00:00', ...rest })));
};
const CODE = 'H26.129.05';
const one = agency(CODE);

describe('a statement is taken', () => {
  it('first, and again when it is later, and gives the directory its version', () => {
    expect(EMPTY.version).toBe(NOTHING_READ);
    expect(after({ data: one }).version).toBe('2023-06-01T00:00:00.000Z');
    const later = agency(CODE, { intervals: [interval('2023-01-01', { name: 'Xã Yên Viên' })] });
    const directory = after({ data: one }, { data: later, streamseq: 7, at: '10T00:00' });
    expect(directory.version).toBe('2023-06-10T00:00:00.000Z');
    expect(directory.agencies.get(CODE as AgencyCode)?.intervals[0]?.name).toBe('Xã Yên Viên');
  });

  it('without changing the directory that was', () => {
    const before = after({ data: one });
    takeStatement(before, statement({ data: agency('H26'), at: '02T00:00' }));
    expect([...before.agencies.keys()]).toEqual([CODE]);
  });

  it('once: the same one again is no alarm and no change', () => {
    expect(takeStatement(after({ data: one }), statement({ data: one }))).toEqual({ taken: false });
    expect(takeStatements(after({ data: one }), [statement({ data: one })])).toMatchObject({ taken: [], alarms: [] });
  });

  it('about procedures and calendars too, which count for the version', () => {
    const directory = after(
      { data: { code: '1.001193', versions: [] }, name: 'procedure', about: 'procedure/1.001193' },
      { data: { id: 'vn', versions: [] }, name: 'calendar', about: 'calendar/vn', at: '02T00:00' },
    );
    expect([...directory.statements.keys()]).toEqual(['directory/procedure/1.001193', 'directory/calendar/vn']);
    expect(directory.version).toBe('2023-06-02T00:00:00.000Z');
  });

  it('with its dates as the first moment of the day in Viet Nam, and its times as they are', () => {
    const data = agency(CODE, {
      intervals: [interval('2023-06-14', { to: '2025-06-30T17:00:00.000Z', services: ['a', { name: 'b' }] })],
    });
    const [read] = after({ data }).agencies.get(CODE as AgencyCode)?.intervals ?? [];
    expect(read).toMatchObject({
      from: '2023-06-13T17:00:00.000Z',
      to: '2025-06-30T17:00:00.000Z',
      services: ['a', 'b'],
    });
  });
});

describe('a statement is not taken', () => {
  it('when it is an event that a registrar might have signed', () => {
    const event = { ...statement({ data: one }), class: 'event' as const };
    expect(takeStatement(EMPTY, event)).toMatchObject({ alarm: 'NOT_A_STATEMENT' });
  });

  it.each<[StatementAlarm, StatementSketch]>([
    ['REGISTRAR_UNTRUSTED', { data: one, keyid: 'hanoi#9' }],
    ['REGISTRAR_UNTRUSTED', { data: one, keyid: 'hue#1' }],
    ['REGISTRAR_UNTRUSTED', { data: one, source: 'urn:lienthong:node:hanoi' }],
    ['NOT_A_STATEMENT', { data: one, name: 'weather' }],
    ['SUBJECT_MISMATCH', { data: one, about: 'H26.129' }],
    ['SUBJECT_MISMATCH', { data: { code: '1.001193' }, name: 'procedure', about: '1.001193' }],
    ['SUBJECT_MISMATCH', { data: {}, name: 'calendar', about: 'calendar/vn' }],
    ['KEY_LIMITED', { data: one, keyid: 'hanoi#service' }],
    ['NOT_STATED_IN_FULL', { data: node('n'), name: 'node', keyid: 'hanoi#service' }],
  ])('%s', (alarm, sketch) => {
    expect(alarmOf(takeStatement(EMPTY, statement(sketch)))).toBe(alarm);
  });

  it.each<[string, JsonObject]>([
    ['a code that is none', agency('Hà Nội')],
    ['no intervals', { ...one, intervals: 'none' }],
    ['an interval from no date', agency(CODE, { intervals: [interval('2023-02-30')] })],
    ['a short key', agency(CODE, { keys: [{ ...key('1', 'a'), publicKey: 'AAAA' }] })],
    ['a label twice', agency(CODE, { keys: [key('1', 'a'), key('1', 'b')] })],
    ['a revocation that is none', agency(CODE, { keys: [key('1', 'a', { revoked: true })] })],
    [
      'a succession without rehomer',
      agency(CODE, { successions: [{ to: 'H26', kind: 'whole', legalBasis: 'x', effective: '2023-06-01' }] }),
    ],
    [
      'a suspension of streams that are no list',
      agency(CODE, { suspensions: [{ from: '2023-06-01', rehomer: 'H26', legalBasis: 'x', streams: 'all' }] }),
    ],
    ['a service without a name', agency(CODE, { intervals: [interval('2023-01-01', { services: [{}] })] })],
  ])('STATEMENT_MALFORMED: %s', (_, data) => {
    expect(alarmOf(takeStatement(EMPTY, statement({ data })))).toBe('STATEMENT_MALFORMED');
  });

  it('STATEMENT_OLD when its streamseq is not higher, even if it says something else', () => {
    const directory = after({ data: one, streamseq: 3 });
    for (const streamseq of [1, 3]) {
      const other = statement({ data: agency(CODE, { intervals: [] }), streamseq, at: '20T00:00' });
      expect(takeStatement(directory, other)).toEqual({ taken: false, alarm: 'STATEMENT_OLD' });
    }
  });

  it('OTHER_REGISTRAR when another one stated about the code first', () => {
    expect(second(one, one, { source: 'urn:lienthong:registrar:hue', keyid: 'hue#1' })).toBe('OTHER_REGISTRAR');
    const elsewhere = statement({ data: agency('H57'), source: 'urn:lienthong:registrar:hue', keyid: 'hue#1' });
    expect(alarmOf(takeStatement(after({ data: one }), elsewhere))).toBe('taken');
  });

  it('RECORDEDTIME_NOT_GROWING when the registrar’s clock stood still or ran back, about whatever code', () => {
    const directory = after({ data: one, at: '05T00:00' });
    expect(alarmOf(takeStatement(directory, statement({ data: agency('H26'), at: '05T00:00' })))).toBe(
      'RECORDEDTIME_NOT_GROWING',
    );
    expect(alarmOf(takeStatement(directory, statement({ data: agency('H26'), at: '04T23:59' })))).toBe(
      'RECORDEDTIME_NOT_GROWING',
    );
    expect(alarmOf(takeStatement(directory, statement({ data: agency('H26'), at: '05T00:01' })))).toBe('taken');
  });

  it('and says so for each of a stretch, taking the others', () => {
    const all = takeStatements(EMPTY, [
      statement({ data: one }),
      statement({ data: agency('H26'), at: '01T00:00' }),
      statement({ data: agency('H26'), at: '02T00:00' }),
    ]);
    expect(all.taken).toHaveLength(2);
    expect(all.alarms).toMatchObject([{ subject: 'directory/H26', alarm: 'RECORDEDTIME_NOT_GROWING' }]);
  });
});

describe('the past of an agency', () => {
  const intervals = (...list: readonly JsonObject[]): JsonObject => agency(CODE, { intervals: list });
  const past = interval('2021-01-01', { to: '2023-01-01', node: 'old' });
  const open = interval('2023-01-01', { node: 'new' });
  const suspended = (rest: JsonObject): JsonObject =>
    agency(CODE, { suspensions: [{ from: '2023-05-01', rehomer: 'H26', legalBasis: 'x', ...rest }] });
  const succeeded = (rest: JsonObject): JsonObject =>
    agency(CODE, {
      successions: [{ to: 'H26', kind: 'whole', rehomer: 'H26', legalBasis: 'x', effective: '2023-06-05', ...rest }],
    });
  const none = agency(CODE);

  it.each<[string, JsonObject, JsonObject, string]>([
    ['a closed interval vanishes', intervals(past, open), intervals(open), 'INTERVAL_VANISHED'],
    [
      'a closed interval ends another day',
      intervals(past, open),
      intervals({ ...past, to: '2022-12-01' }, open),
      'INTERVAL_VANISHED',
    ],
    [
      'a closed interval had another node',
      intervals(past, open),
      intervals({ ...past, node: 'x' }, open),
      'INTERVAL_VANISHED',
    ],
    [
      'a closed interval had another parent',
      intervals(past, open),
      intervals({ ...past, parent: 'H26' }, open),
      'INTERVAL_VANISHED',
    ],
    [
      'a closed interval is spelled better',
      intervals(past, open),
      intervals({ ...past, name: 'Xã Yên Viên' }, open),
      'taken',
    ],
    ['an open interval vanishes', intervals(open), intervals(past), 'INTERVAL_VANISHED'],
    [
      'an open interval began another day',
      intervals(open),
      intervals({ ...open, from: '2023-02-01' }),
      'INTERVAL_VANISHED',
    ],
    [
      'an open interval ends',
      intervals(open),
      intervals({ ...open, to: '2023-06-09' }, interval('2023-06-09', { node: 'next' })),
      'taken',
    ],
    [
      'an open interval ends before it began',
      intervals(open),
      intervals({ ...open, to: '2022-06-09' }),
      'INTERVAL_VANISHED',
    ],
    [
      'an end to come is postponed',
      intervals({ ...open, to: '2025-07-01' }),
      intervals({ ...open, to: '2025-08-01' }),
      'taken',
    ],
    ['a plan is dropped', intervals(open, interval('2025-07-01')), intervals(open), 'taken'],
    ['a suspension that is over vanishes', suspended({ to: '2023-05-10' }), none, 'SUSPENSION_VANISHED'],
    ['a running suspension vanishes', suspended({}), none, 'SUSPENSION_VANISHED'],
    ['a running suspension ends', suspended({}), suspended({ to: '2023-06-10' }), 'taken'],
    ['a suspension had another rehomer', suspended({}), suspended({ rehomer: 'H26.130' }), 'SUSPENSION_VANISHED'],
    ['a suspension was wider than it was', suspended({ streams: ['dossier/a'] }), suspended({}), 'SUSPENSION_VANISHED'],
    ['a suspension to come is dropped', suspended({ from: '2024-01-01' }), none, 'taken'],
    ['a succession in effect vanishes', succeeded({}), none, 'SUCCESSION_VANISHED'],
    ['a succession had another rehomer', succeeded({}), succeeded({ rehomer: 'H26.130' }), 'SUCCESSION_VANISHED'],
    ['a succession to come is dropped', succeeded({ effective: '2025-07-01' }), none, 'taken'],
  ])('%s', (_, before, later, outcome) => {
    expect(second(before, later)).toBe(outcome);
  });
});

describe('keys', () => {
  const keys = (...list: readonly JsonObject[]): JsonObject => agency(CODE, { keys: list });
  const revoked = { revoked: { at: '2023-06-02T00:00:00.000Z', believed: [] } };
  it.each<[string, JsonObject, JsonObject, string]>([
    ['a label has another key', keys(key('1', 'a')), keys(key('1', 'b')), 'KEY_CHANGED'],
    [
      'a label began another day',
      keys(key('1', 'a')),
      keys(key('1', 'a', { validFrom: '2022-01-01T00:00:00.000Z' })),
      'KEY_CHANGED',
    ],
    ['a label vanishes', keys(key('1', 'a')), keys(), 'KEY_CHANGED'],
    [
      'a key is ended and another begun',
      keys(key('1', 'a')),
      keys(key('1', 'a', { validTo: '2023-06-10T00:00:00.000Z' }), key('2', 'b')),
      'taken',
    ],
    ['a key is revoked', keys(key('1', 'a')), keys(key('1', 'a', revoked)), 'taken'],
    ['a revocation vanishes', keys(key('1', 'a', revoked)), keys(key('1', 'a')), 'REVOCATION_VANISHED'],
    [
      'a revocation believes one more log',
      keys(key('1', 'a', revoked)),
      keys(key('1', 'a', { revoked: { ...revoked.revoked, believed: [{ origin: 'o', size: 3 }] } })),
      'taken',
    ],
    [
      'a node’s label has another key',
      node('n', { signingKeys: [key('1', 'a')] }),
      node('n', { signingKeys: [key('1', 'b')] }),
      'KEY_CHANGED',
    ],
    [
      'a node’s label to seal for has another key',
      node('n', { encryptionKeys: [key('e', 'a', { alg: 'X25519' })] }),
      node('n', { encryptionKeys: [key('e', 'b', { alg: 'X25519' })] }),
      'KEY_CHANGED',
    ],
    [
      'a log has another key',
      node('n', { logs: [{ life: 1, origin: 'o', vkey: 'v', from: '2023-01-01' }] }),
      node('n', { logs: [{ life: 1, origin: 'o', vkey: 'w', from: '2023-01-01' }] }),
      'LOG_CHANGED',
    ],
  ])('%s', (_, before, later, outcome) => {
    expect(second(before, later)).toBe(outcome);
  });

  it('of the registrar’s service change `encryptionKeys` of a known node and nothing else', () => {
    const before = node('n', { encryptionKeys: [] });
    const fresh = { ...before, encryptionKeys: [key('e2', 'b', { alg: 'X25519' })] };
    const service = { keyid: 'hanoi#service' };
    expect(second(before, fresh, service)).toBe('taken');
    expect(second(before, { ...fresh, baseUrl: 'https://elsewhere.example' }, service)).toBe('KEY_LIMITED');
    expect(second(before, { ...fresh, signingKeys: [key('1', 'a')] }, service)).toBe('KEY_LIMITED');
    expect(second(before, { ...fresh, note: 'a member of a later version' }, service)).toBe('KEY_LIMITED');
    expect(second(before, fresh)).toBe('taken');
  });
});

describe('whatever is said after it', () => {
  it('never takes an interval that has ended, or a revocation, out of the directory', () => {
    const data = agency(CODE, {
      intervals: [interval('2021-01-01', { to: '2022-01-01' }), interval('2023-01-01')],
      keys: [key('1', 'a', { revoked: { at: '2023-06-01T00:00:00.000Z', believed: [] } })],
    });
    const anything = fc.record({
      intervals: fc.subarray([
        interval('2021-01-01', { to: '2022-01-01' }),
        interval('2023-01-01'),
        interval('2021-01-01'),
        interval('2023-01-01', { to: '2023-06-01' }),
      ]),
      keys: fc.subarray([key('1', 'a'), key('2', 'b')]),
      revoke: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 6 }), (list) => {
        let directory = after({ data });
        list.forEach(({ intervals, keys, revoke }, index) => {
          const revoked = keys.map((one) =>
            revoke ? { ...one, revoked: { at: '2023-06-03T00:00:00.000Z', believed: [] } } : one,
          );
          const taking = takeStatement(
            directory,
            statement({
              data: agency(CODE, { intervals, keys: revoked }),
              streamseq: index + 2,
              at: `1${index}T00:00`,
            }),
          );
          if (taking.taken) directory = taking.directory;
        });
        const known = directory.agencies.get(CODE as AgencyCode);
        expect(known?.intervals.some(({ to }) => to === ('2021-12-31T17:00:00.000Z' as Instant))).toBe(true);
        expect(known?.keys.find(({ label }) => label === '1')?.revoked).toBeDefined();
        expect(directory.nodes.get('n' as NodeId)).toBeUndefined();
      }),
    );
  });
});
