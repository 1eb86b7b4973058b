import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalize, encodeBase64Url, encodeUtf8, parsePointer, type JsonObject, type JsonValue } from '#libs/kernel';
import {
  checkDisclosure,
  digestOf,
  parseDisclosure,
  writeDisclosure,
  type Disclosure,
} from './personal-fields-disclosure.ts';
import { commitPersonal, findSdFault, openPersonal, type CommittedData } from './personal-fields.ts';
import type { PersonalPattern } from './personal-fields-places.ts';

const file = join(import.meta.dirname, '../../test/fixtures/wire-vectors.json');
const vectors = JSON.parse(readFileSync(file, 'utf8')) as {
  disclosures: (Disclosure & { disclosure: string; digest: string })[];
  events: { message: string }[];
};
const committed = (JSON.parse(vectors.events[0]?.message ?? '') as { data: JsonObject }).data;
const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest());
const salts = (): (() => Uint8Array) => {
  let count = 0;
  return () => new Uint8Array(32).fill(++count);
};
const patterns = (...list: string[]): PersonalPattern[] => list.map((pointer) => ({ pointer, subject: 'applicant' }));
const commit = (data: JsonObject, list: readonly PersonalPattern[]): CommittedData =>
  commitPersonal(data, list, salts(), sha256);
const codeOf = (act: () => unknown): unknown => {
  try {
    act();
    return 'none';
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

describe('a disclosure of the vectors', () => {
  it.each(vectors.disclosures)('$pointer', ({ disclosure, digest, ...field }) => {
    expect(writeDisclosure(field)).toBe(disclosure);
    expect(parseDisclosure(disclosure)).toEqual(field);
    expect(digestOf(disclosure, sha256)).toBe(digest);
    expect(checkDisclosure(committed['_sd'] as JsonObject, disclosure, sha256)).toEqual(field);
    expect(checkDisclosure({ [field.pointer]: digest.replace(/^./, '_') }, disclosure, sha256)).toBeUndefined();
    expect(checkDisclosure({ [`${field.pointer}x`]: digest }, disclosure, sha256)).toBeUndefined();
  });

  it('all opened give the event in its open form, and committed again the same event', () => {
    const open = openPersonal(committed, vectors.disclosures);
    const list = vectors.disclosures.map(({ pointer }) => ({
      pointer,
      subject: pointer.startsWith('/actor') ? 'officer' : 'applicant',
    }));
    const again = commit(open, list);
    expect(findSdFault(committed)).toBeUndefined();
    expect(open['applicant']).toEqual({
      fullName: 'Nguyễn Thị Hòa',
      personalId: '999185000001',
      address: { commune: '00565', detail: 'Số 1, phố Thuận An' },
    });
    expect(again.data).toEqual(committed);
    expect(again.disclosures.map(({ disclosure }) => disclosure)).toEqual(
      vectors.disclosures.map(({ disclosure }) => disclosure),
    );
  });
});

describe('a disclosure', () => {
  const salt = encodeBase64Url(new Uint8Array(32));
  const written = (parts: unknown, text = canonicalize(parts as JsonValue)): string =>
    encodeBase64Url(encodeUtf8(text));
  it.each([
    ['no base64url', 'WyJ'],
    ['padded', `${written([salt, '/a', 'x'])}=`],
    ['not JSON', written(0, '[')],
    ['not canonical', written(0, `["${salt}", "/a","x"]`)],
    ['an object', written({ 0: salt, 1: '/a', 2: 'x' })],
    ['two parts', written([salt, '/a'])],
    ['four parts', written([salt, '/a', 'x', 'y'])],
    ['a short salt', written([salt.slice(1), '/a', 'x'])],
    ['a salt in another spelling', written([`${salt.slice(0, 42)}B`, '/a', 'x'])],
    ['a number for a salt', written([1, '/a', 'x'])],
    ['no pointer', written([salt, 'a', 'x'])],
    ['the empty pointer', written([salt, '', 'x'])],
    ['a bad escape', written([salt, '/~2', 'x'])],
    ['null', written(0, `["${salt}","/a",null]`)],
    ['a float', written(0, `["${salt}","/a",1.5]`)],
    ['decomposed text', written([salt, '/a', 'Hòa'.normalize('NFD')])],
    ['a control character', written([salt, '/a', '\u0001'])],
  ])('is refused: %s', (_, text) => expect(parseDisclosure(text)).toBeUndefined());

  it('may hold lines, a whole object or an array', () => {
    for (const value of ['a\nb\tc', { file: 'x', size: 1 }, ['x'], true, 0]) {
      expect(parseDisclosure(written([salt, '/a', value]))).toEqual({ salt, pointer: '/a', value });
    }
  });

  it('with one bit flipped opens nothing', () => {
    const { disclosure, digest, pointer } = vectors.disclosures[0] as (typeof vectors.disclosures)[0];
    fc.assert(
      fc.property(fc.nat({ max: disclosure.length * 8 - 1 }), (bit) => {
        const bytes = encodeUtf8(disclosure);
        bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
        expect(checkDisclosure({ [pointer]: digest }, Buffer.from(bytes).toString('latin1'), sha256)).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });
});

describe('committing', () => {
  it('takes a field under a label with the label as its subject, unless the schema names one', () => {
    const data = {
      children: { c1: { fullName: 'A', sex: 'male' }, c2: { fullName: 'B' } },
      results: { r1: { signer: 'C' } },
    };
    const outcome = commit(data, [
      { pointer: '/children/*/fullName', subject: '*' },
      { pointer: '/results/*/signer', subject: 'officer' },
    ]);
    expect(outcome.disclosures.map(({ pointer, subject }) => [pointer, subject])).toEqual([
      ['/children/c1/fullName', 'c1'],
      ['/children/c2/fullName', 'c2'],
      ['/results/r1/signer', 'officer'],
    ]);
    const { _sd: sd, ...clear } = outcome.data;
    expect(clear).toEqual({ children: { c1: { sex: 'male' } }, _sd_alg: 'sha-256' });
    expect(Object.keys(sd as object)).toEqual(['/children/c1/fullName', '/children/c2/fullName', '/results/r1/signer']);
  });

  it('removes only objects that it left empty itself', () => {
    const data = { components: {}, a: { b: { c: 'x' }, d: {} }, list: [{}] };
    expect(commit(data, patterns('/a/b/c')).data).toMatchObject({ components: {}, a: { d: {} }, list: [{}] });
    expect(Object.keys(commit({ a: { b: 'x' } }, patterns('/a/b')).data).sort()).toEqual(['_sd', '_sd_alg']);
  });

  it('leaves data without personal values as they are', () => {
    const data = { fee: 8000, text: 'x', text2: ['y'] };
    expect(commit(data, patterns('/none', '/fee/none', '/text/none'))).toEqual({ data, disclosures: [] });
  });

  it('gives every field its own salt', () => {
    const { disclosures } = commit({ a: 'x', b: 'x' }, patterns('/a', '/b'));
    expect(new Set(disclosures.map(({ disclosure }) => parseDisclosure(disclosure)?.salt)).size).toBe(2);
  });

  it('refuses what no receiver could open or check', () => {
    expect(codeOf(() => commit({ people: [{ name: 'x' }] }, patterns('/people/0/name')))).toBe(
      'PERSONAL_FIELD_IN_ARRAY',
    );
    expect(codeOf(() => commit({ people: [] }, patterns('/people/*/name')))).toBe('PERSONAL_FIELD_IN_ARRAY');
    expect(codeOf(() => commit({ a: { b: 'x' } }, patterns('/a', '/a/b')))).toBe('PERSONAL_FIELDS_OVERLAP');
    expect(codeOf(() => commit({ a: { b: 'x' } }, patterns('/a/b', '/a/*')))).toBe('PERSONAL_FIELDS_OVERLAP');
    expect(codeOf(() => commit({ a: 'x', _sd: {} }, patterns('/a')))).toBe('ALREADY_COMMITTED');
    expect(codeOf(() => commit({ a: 'x' }, patterns('a')))).toBe('MALFORMED');
    expect(codeOf(() => commit({ a: 'Hòa'.normalize('NFD') }, patterns('/a')))).toBe('NOT_NFC');
    expect(codeOf(() => commit({ a: { b: 1.5 } }, patterns('/a')))).toBe('NUMBER');
  });

  it('allows 90,000 bytes of disclosures, not one more', () => {
    const sizeOf = (data: JsonObject): number =>
      commit(data, patterns('/a', '/b')).disclosures.reduce((sum, { disclosure }) => sum + disclosure.length, 0);
    const room = 90_000 - sizeOf({ a: '', b: '' });
    const filled = (bytes: number): JsonObject => ({ a: 'a'.repeat(bytes), b: '' });
    const most = Math.floor((room * 3) / 4);
    expect(sizeOf(filled(most))).toBeLessThanOrEqual(90_000);
    expect(codeOf(() => commit(filled(most + 2), patterns('/a', '/b')))).toBe('DISCLOSURES_TOO_LARGE');
  });

  it('and opening gives back the open form; opening some shows some', () => {
    const label = fc.constantFrom('c1', 'a/b', 'm~n', '__proto__', 'constructor', '10', 'ễ');
    const person = fc.record({
      fullName: fc.string({ unit: fc.constantFrom('ễ', 'a', '\n') }),
      sex: fc.constant('male'),
    });
    const people = fc.array(fc.tuple(label, person), { minLength: 1 }).map((list) => Object.fromEntries(list));
    fc.assert(
      fc.property(people, fc.boolean(), (children, whole) => {
        const data: JsonObject = { children, note: 'x' };
        const list: PersonalPattern[] = [{ pointer: whole ? '/children/*' : '/children/*/fullName', subject: '*' }];
        const outcome = commit(data, list);
        const sd = outcome.data['_sd'] as JsonObject;
        const opened = outcome.disclosures.map(
          ({ disclosure }) => checkDisclosure(sd, disclosure, sha256) as Disclosure,
        );
        expect(findSdFault(outcome.data)).toBeUndefined();
        expect(canonicalize(openPersonal(outcome.data, opened))).toBe(canonicalize(data));
        expect(outcome.disclosures.map(({ subject }) => subject).sort()).toEqual(Object.keys(children).sort());
        const some = openPersonal(outcome.data, opened.slice(1));
        const hidden = parsePointer(opened[0]?.pointer ?? '')?.reduce<unknown>(
          (at, name) => (Object.hasOwn(at ?? {}, name) ? (at as JsonObject)[name] : undefined),
          some,
        );
        expect(hidden).toBeUndefined();
        expect(({} as JsonObject)['fullName']).toBeUndefined();
      }),
    );
  });
});

describe('_sd', () => {
  const digest = 'A'.repeat(43);
  const sd = (pointers: readonly string[], clear: JsonObject = {}): JsonObject => ({
    ...clear,
    _sd: Object.fromEntries(pointers.map((pointer) => [pointer, digest])),
    _sd_alg: 'sha-256',
  });
  it.each<[string | undefined, JsonObject]>([
    [undefined, {}],
    [undefined, sd(['/a', '/b/c'], { b: { d: 1 }, list: [] })],
    [undefined, sd(['/b/c/d'], { b: {} })],
    ['SD_MALFORMED', { _sd_alg: 'sha-256' }],
    ['SD_MALFORMED', { _sd: { '/a': digest } }],
    ['SD_MALFORMED', { _sd: { '/a': digest }, _sd_alg: 'sha-512' }],
    ['SD_MALFORMED', { _sd: [digest], _sd_alg: 'sha-256' }],
    ['SD_MALFORMED', { _sd: { '/a': 1 }, _sd_alg: 'sha-256' }],
    ['SD_MALFORMED', { _sd: { '/a': `${digest}=` }, _sd_alg: 'sha-256' }],
    ['SD_MALFORMED', sd(['a'])],
    ['SD_MALFORMED', sd([''])],
    ['SD_MALFORMED', sd(['/_sd'])],
    ['SD_MALFORMED', sd(['/_sd/~1a'])],
    ['SD_MALFORMED', sd(['/_sd_alg'])],
    ['SD_PREFIX_PAIR', sd(['/a', '/a!', '/a/b'])],
    ['SD_IN_CLEAR', sd(['/a'], { a: 'x' })],
    ['SD_IN_CLEAR', sd(['/a/b'], { a: { b: 'x' } })],
    ['SD_IN_CLEAR', sd(['/a/b'], { a: 'x' })],
    ['SD_THROUGH_ARRAY', sd(['/a/0'], { a: [] })],
    ['SD_THROUGH_ARRAY', sd(['/a/0/b'], { a: [{ c: 1 }] })],
  ])('%s: %j', (fault, data) => expect(findSdFault(data)).toBe(fault));

  it('whatever it is, opening puts nothing over what stands in clear and never throws', () => {
    const data = sd(['/a/b', '/list/0', '/c'], { a: 'clear', list: ['x'], c: 'clear' });
    const opened = ['/a/b', '/list/0', '/c', 'no pointer', '/new/one'].map((pointer) => ({ pointer, value: 'opened' }));
    expect(openPersonal(data, opened)).toEqual({ a: 'clear', list: ['x'], c: 'clear', new: { one: 'opened' } });
  });
});
