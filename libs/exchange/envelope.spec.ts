import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '#libs/kernel';
import { readEnvelope, recordKeyOf } from './envelope.ts';

const file = join(import.meta.dirname, '../../test/fixtures/wire-vectors.json');
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Record<string, { message: string }[] & { message: string }>;
const parse = (vector: { message: string } | undefined): JsonObject => JSON.parse(vector?.message ?? '') as JsonObject;
const received = parse(vectors['events']?.[0]);
const forwarded = parse(vectors['events']?.[1]);
const command = parse(vectors['command']);
const outcome = parse(vectors['outcome']);
const exchange = parse((vectors['exchange'] as unknown as Record<string, { message: string }>)['manifest']);
const directory = parse(vectors['directory']?.[0]);
const known = new Set([command, outcome, exchange, directory].map(({ type }) => type as string));
const operation: JsonObject = {
  ...received,
  type: 'vn.lienthong.operation.started.v1',
  dataschema: 'urn:lienthong:schema:operation.started:1.0',
  source: 'urn:lienthong:node:gialam-communes',
  subject: 'operation/gialam-communes/gialam-communes/2023-06',
  keyid: 'gialam-communes#1',
};

const without = (message: JsonObject, member: string): JsonObject =>
  Object.fromEntries(Object.entries(message).filter(([name]) => name !== member));
const faultOf = (message: JsonObject): string => {
  const read = readEnvelope(message, known);
  return read.ok ? read.class : `${read.code} ${read.member}`;
};

/** The table of wire format 2 as it stands there: R required, o optional, – forbidden. */
const table = `
  specversion R R R R R
  id R R R R R
  source R R R R R
  subject R R R R R
  time R R R R R
  recordedtime R R R R R
  datacontenttype R R R R R
  dataschema R R R R R
  keyid R R R R R
  data R R R R R
  signature R R R R R
  streamseq R – – – R
  expirytime – R – – –
  correlationid R R R o o
  authtype R R R – R
  authid R R R – R
`;
const rows = table
  .trim()
  .split('\n')
  .map((line) => line.trim().split(' '));
const classes: [string, JsonObject][] = Object.entries({ event: received, command, outcome, exchange, directory });
const somewhere = (member: string): JsonObject[''] =>
  classes.map(([, message]) => message[member]).find((value) => value !== undefined);
const cells = rows.flatMap(([member = '', ...rules]) =>
  classes.map(([of, message], at): [string, string, string, JsonObject] => [of, member, rules[at] ?? '', message]),
);

describe('the members of each class', () => {
  it.each(classes)('%s of the vectors', (of, message) => expect(faultOf(message)).toBe(of));

  it.each(cells)('%s: %s is %s', (of, member, rule, message) => {
    const withIt = { ...message, [member]: message[member] ?? somewhere(member) };
    expect(faultOf(withIt)).toBe(rule === '–' ? `MEMBER_UNKNOWN ${member}` : of);
    expect(faultOf(without(message, member))).toBe(rule === 'R' ? `MEMBER_MISSING ${member}` : of);
  });

  it('are no others', () => {
    for (const [, message] of classes) {
      for (const member of ['extra', 'Source', '__proto__', 'constructor', 'toString', 'traceparent']) {
        const more = JSON.parse(`{${JSON.stringify(member)}:"x",${JSON.stringify(message).slice(1)}`) as JsonObject;
        expect(faultOf(more)).toBe(`MEMBER_UNKNOWN ${member}`);
      }
    }
  });

  it('include the event before from place 2 on', () => {
    expect(faultOf(without(forwarded, 'prevhash'))).toBe('MEMBER_MISSING prevhash');
    expect(faultOf({ ...received, prevhash: forwarded['prevhash'] })).toBe('MEMBER_INVALID prevhash');
    expect(faultOf({ ...directory, prevhash: forwarded['prevhash'] })).toBe('MEMBER_UNKNOWN prevhash');
  });

  it('include both halves of a causation, or none', () => {
    const { causationid, causationhash } = outcome;
    for (const [, message] of classes.slice(0, 4)) {
      expect(faultOf({ ...message, causationid, causationhash })).not.toMatch(/MEMBER/);
    }
    for (const message of [received, command, exchange]) {
      expect(faultOf({ ...message, causationid })).toBe('MEMBER_INVALID causationid');
      expect(faultOf({ ...message, causationhash })).toBe('MEMBER_INVALID causationhash');
    }
    expect(faultOf(without(outcome, 'causationid'))).toBe('MEMBER_MISSING causationid');
    expect(faultOf(without(outcome, 'causationhash'))).toBe('MEMBER_MISSING causationhash');
    expect(faultOf({ ...directory, causationid, causationhash })).toMatch('MEMBER_UNKNOWN');
  });

  it('include no authid of a citizen', () => {
    expect(faultOf({ ...without(received, 'authid'), authtype: 'app_user' })).toBe('event');
    expect(faultOf({ ...received, authtype: 'app_user' })).toBe('MEMBER_INVALID authid');
    expect(faultOf({ ...without(directory, 'authid'), authtype: 'app_user' })).toBe('MEMBER_MISSING authid');
  });
});

describe('the order of faults', () => {
  const worst: JsonObject = { ...without(received, 'correlationid'), profile: 'lt2', extra: 'x', time: 'x' };
  const noCommand = 'vn.lienthong.command.fly.v1';

  it('is profile, type, what is unknown here, unknown, missing, invalid', () => {
    expect(faultOf({ ...without(worst, 'type') })).toBe('PROFILE_UNKNOWN profile');
    expect(faultOf({ ...without(worst, 'type'), profile: 'lt1' })).toBe('MEMBER_MISSING type');
    expect(faultOf({ ...worst, profile: 'lt1', type: 7 })).toBe('MEMBER_INVALID type');
    expect(faultOf({ ...worst, profile: 'lt1', type: noCommand })).toBe('TYPE_UNKNOWN type');
    expect(faultOf({ ...worst, profile: 'lt1' })).toBe('MEMBER_UNKNOWN extra');
    expect(faultOf(without({ ...worst, profile: 'lt1' }, 'extra'))).toBe('MEMBER_MISSING correlationid');
    expect(faultOf({ ...received, time: 'x' })).toBe('MEMBER_INVALID time');
  });

  it('calls a missing profile missing, and any other but lt1 unknown', () => {
    expect(faultOf(without(received, 'profile'))).toBe('MEMBER_MISSING profile');
    expect(faultOf({ ...received, profile: 1 })).toBe('PROFILE_UNKNOWN profile');
  });

  it('asks for known types of every class but events', () => {
    for (const { type } of [command, outcome, exchange, directory]) {
      expect(faultOf({ type: (type as string).replace('.v1', '.v2') })).toBe('TYPE_UNKNOWN type');
    }
    expect(faultOf({ ...received, ...typed('dossier', 'something-new', 7) })).toBe('event');
    expect(faultOf({ ...received, ...typed('archive', 'closed', 1), subject: 'archive/anything at all' })).toBe(
      'event',
    );
  });
});

function typed(kind: string, name: string, major: number): JsonObject {
  return {
    type: `vn.lienthong.${kind}.${name}.v${major}`,
    dataschema: `urn:lienthong:schema:${kind}.${name}:${major}.12`,
  };
}

describe('the grammar of the members', () => {
  const uuid = '01890b2c-6a3b-7c11-8f3e-0242ac120001';
  const version8 = '0025ffcc-6a2a-802e-a08d-cf879a1cf08d';
  const version4 = '0025ffcc-6a2a-402e-a08d-cf879a1cf08d';
  const hash = (received['signature'] as string).slice(0, 42);

  it.each<[string, JsonObject, readonly unknown[], readonly unknown[]]>([
    ['specversion', received, ['1.0'], ['1.1', 1]],
    [
      'type',
      received,
      [],
      [
        'vn.lienthong.dossier.received',
        'vn.lienthong.dossier.received.v0',
        'vn.lienthong.dossier.Received.v1',
        'vn.lienthong.dossier.a--b.v1',
        'x',
      ],
    ],
    [
      'id',
      received,
      [uuid],
      [version8, version4, uuid.toUpperCase(), `${uuid}\n`, uuid.replaceAll('-', ''), uuid.replace('8f', 'cf')],
    ],
    ['id', command, [uuid, version8], [version4]],
    ['id', outcome, [uuid], [version8]],
    [
      'source',
      received,
      ['urn:lienthong:agency:H26.129.05'],
      [
        'urn:lienthong:node:gialam-communes',
        'urn:lienthong:agency:h26',
        'H26.129.05',
        'urn:lienthong:agency:',
        'urn:lienthong:registrar:hanoi',
        5,
      ],
    ],
    [
      'source',
      operation,
      ['urn:lienthong:node:other'],
      ['urn:lienthong:agency:H26.129.05', 'urn:lienthong:node:a--b', 'urn:lienthong:node:A'],
    ],
    ['source', directory, ['urn:lienthong:registrar:hue'], ['urn:lienthong:node:hanoi']],
    [
      'source',
      exchange,
      ['urn:lienthong:node:gialam-communes'],
      ['urn:lienthong:node:gialam-district', 'urn:lienthong:agency:H26'],
    ],
    [
      'subject',
      received,
      [`dossier/A00/${version4}`],
      [
        `portal/H26.129.05/${uuid}`,
        `dossier/H26.129.05/${uuid}/`,
        `dossier/H26.129.05`,
        `dossier/${uuid}`,
        `dossier/h26/${uuid}`,
        `dossier/H26/${uuid.toUpperCase()}`,
        'dossier',
        '',
        'dossier/',
      ],
    ],
    [
      'subject',
      operation,
      ['operation/a/H26.129/2023-12', 'operation/b/a-1/0000-01'],
      [
        'operation/a/b/2023-13',
        'operation/a/b/2023-1',
        'operation/H26/b/2023-01',
        'operation/a/b',
        'operation/a/b/2023-01/',
        'lookup/a/b/2023-01',
      ],
    ],
    [
      'subject',
      command,
      [`portal/H26/${uuid}`, 'lookup/a/H26/2023-01', 'archive/x'],
      [`dossier/H26`, 'command/x', 'exchange/a/b', 'directory/H26', 'Dossier/x', 'archive/', 'x'],
    ],
    [
      'subject',
      exchange,
      ['exchange/gialam-communes/hanoi-city'],
      [
        'exchange/gialam-communes',
        'exchange/gialam-district/gialam-communes',
        'exchange/gialam-communes/H26',
        'exchange/gialam-communes/a/b',
        'dossier/gialam-communes/a',
      ],
    ],
    [
      'subject',
      directory,
      ['directory/H26', 'directory/hanoi-city', 'directory/procedure/1.000894', 'directory/calendar/hanoi'],
      [
        'directory/Hanoi',
        'directory/',
        'directory',
        'directory/procedure/',
        'directory/other/x',
        'directory/calendar/a/b',
        `dossier/H26/${uuid}`,
      ],
    ],
    ['streamseq', received, ['0000000001'], ['0000000000', '1', '00000000001', '000000001', 1, '000000000a']],
    ['streamseq', forwarded, ['9999999999', '0000000010'], ['0000000000']],
    ['prevhash', forwarded, [`${hash}A`], [`${hash}B`, hash, `${hash}AA`, `${hash}=`, '', 5]],
    [
      'time',
      received,
      ['2020-02-29T00:00:00.000Z'],
      ['2020-02-30T00:00:00.000Z', '9999-01-01T00:00:00.000Z', '2020-01-01T00:00:00Z'],
    ],
    ['recordedtime', received, ['2023-12-31T23:59:59.999Z'], ['2023-01-01T00:00:00.000Z', '2023-12-31T23:59:60.000Z']],
    ['datacontenttype', received, [], ['application/json; charset=utf-8', 'text/plain']],
    [
      'dataschema',
      received,
      ['urn:lienthong:schema:dossier.received:1.17', 'urn:lienthong:schema:dossier.received:1.0'],
      [
        'urn:lienthong:schema:dossier.received:2.0',
        'urn:lienthong:schema:dossier.submitted:1.0',
        'urn:lienthong:schema:portal.received:1.0',
        'urn:lienthong:schema:dossier.received:1',
        'urn:lienthong:schema:dossier.received:1.01',
        'urn:lienthong:schema:dossier.received:1.',
      ],
    ],
    ['correlationid', received, [version4, version8, uuid], [version4.toUpperCase(), '']],
    ['causationid', outcome, [uuid, version8], [version4, 'x']],
    ['causationhash', outcome, [`${hash}A`], [`${hash}B`, '']],
    ['authtype', received, ['service_account', 'system'], ['officer', 'USER', '']],
    ['authid', received, ['a', 'A-b_c.9', 'x'.repeat(64)], ['', 'x'.repeat(65), 'Nguyễn', 'a b', 'a\n']],
    [
      'keyid',
      received,
      ['H26.130#1', 'gialam-communes#2023-1', 'hanoi#A'],
      ['H26.129.05', '#1', 'H26#', 'H26#1#2', 'H26#-1', 'Hanoi#1', `H26#${'x'.repeat(49)}`],
    ],
    ['data', received, [{}], [[], 'x', 1, true]],
    [
      'signature',
      received,
      ['A'.repeat(86), `${'_-'.repeat(43).slice(0, 85)}w`],
      ['A'.repeat(85), 'A'.repeat(87), `${'A'.repeat(85)}B`, `${'A'.repeat(86)}==`, ''],
    ],
  ])('%s (row %#)', (member, message, good, bad) => {
    const of = faultOf(message);
    for (const value of good)
      expect([value, faultOf({ ...message, [member]: value } as JsonObject)]).toEqual([value, of]);
    for (const value of bad) {
      const fault = faultOf({ ...message, [member]: value } as JsonObject);
      expect([value, fault.startsWith('MEMBER_INVALID')]).toEqual([value, true]);
    }
  });

  it('bounds the name of a stream of a kind unknown here, which no index could keep', () => {
    const about = (name: string): string => faultOf({ ...command, subject: `weather/${name}` });
    expect(about('x'.repeat(200))).toBe('command');
    expect(about('x'.repeat(100_000))).toBe('MEMBER_INVALID subject');
  });

  it('lets a command live at most 30 days', () => {
    const recorded = { ...command, time: '2023-06-01T00:00:00.000Z', recordedtime: '2023-06-01T00:00:00.000Z' };
    const expiring = (expirytime: string): string => faultOf({ ...recorded, expirytime });
    expect(expiring('2023-06-01T00:00:00.001Z')).toBe('command');
    expect(expiring('2023-07-01T00:00:00.000Z')).toBe('command');
    for (const time of [
      '2023-06-01T00:00:00.000Z',
      '2023-05-31T00:00:00.000Z',
      '2023-07-01T00:00:00.001Z',
      '2023-06-31T00:00:00.000Z',
    ]) {
      expect(expiring(time)).toBe('MEMBER_INVALID expirytime');
    }
  });
});

describe('the record key', () => {
  it.each([
    ['dossier/H26.129.05/x', 'H26.129.05/x'],
    ['portal/H26.129.05/x', 'H26.129.05/x'],
    ['exchange/gialam-communes/hanoi-city', 'gialam-communes'],
    ['directory/H26', 'H26'],
    ['directory/procedure/1.000894', 'procedure/1.000894'],
    ['nothing', ''],
  ])('of %s is %s', (subject, key) => expect(recordKeyOf(subject)).toBe(key));
});
