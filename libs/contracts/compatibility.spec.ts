import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '#libs/kernel';
import {
  code,
  contract,
  flag,
  integer,
  label,
  line,
  list,
  mapOf,
  object,
  openCode,
  optional,
  personalLine,
  requiredWhen,
  title,
  titled,
  LABEL,
  tuple,
  type Member,
} from './build.ts';
import { committedRendering, differs, findBreaks, openRendering } from './index.ts';
import type { Contract } from './schema.ts';

const reason = 'a word';
const members = {
  by: code('Bởi', 'By', ['self', 'proxy']),
  why: openCode('Lý do', 'Why', ['late', 'lost']),
  number: integer('Số', 'Number', { min: 1, max: 10 }),
  word: line('Chữ', 'Word', { max: 20, reason }),
  note: optional(line('Ghi chú', 'Note', { max: 20, reason })),
  done: flag('Xong', 'Done'),
  tags: list('Nhãn', 'Tags', label('Nhãn', 'Tag'), { max: 5 }),
  range: tuple('Khoảng', 'Range', integer('Từ', 'From'), integer('Đến', 'To')),
  applicant: object({ fullName: personalLine('Tên', 'Name', { subject: 'applicant', max: 50 }) }),
  papers: mapOf('Giấy tờ', 'Papers', {
    names: LABEL,
    value: object({ form: code('Dạng', 'Form', ['paper', 'electronic']) }),
  }),
} satisfies Record<string, Member>;
type Members = Record<string, Member>;

const version = (all: Members, rules: Parameters<typeof object>[1] = {}): Contract =>
  contract('dossier', 'sample', { title: title('Mẫu', 'Sample'), data: object(all, rules), example: {} });
const published = version(members);
const without = (name: keyof typeof members): Members =>
  Object.fromEntries(Object.entries(members).filter(([key]) => key !== name));
const breaks = (now: Contract, rendering: (of: Contract) => JsonObject = openRendering): string[] =>
  findBreaks(rendering(published), rendering(now)).map(({ pointer, message }) => `${pointer}: ${message}`);

describe('a minor version', () => {
  it('may change nothing, and words', () => {
    expect(breaks(published)).toEqual([]);
    expect(breaks(version({ ...members, word: titled('Từ', 'Term', members.word) }))).toEqual([]);
  });

  it('may add optional members, at any level, personal ones too', () => {
    const more = {
      ...members,
      extra: optional(flag('Thêm', 'Extra')),
      applicant: object({
        fullName: members.applicant.properties['fullName'] as Member,
        phone: optional(personalLine('Điện thoại', 'Phone', { subject: 'applicant', max: 20 })),
      }),
      papers: mapOf('Giấy tờ', 'Papers', {
        names: LABEL,
        value: object({
          form: code('Dạng', 'Form', ['paper', 'electronic']),
          copies: optional(integer('Bản', 'Copies')),
        }),
      }),
      signer: optional(
        object({
          unit: label('Phòng', 'Unit'),
          fullName: personalLine('Tên', 'Name', { subject: 'officer', max: 50 }),
        }),
      ),
    };
    expect(breaks(version(more))).toEqual([]);
    expect(breaks(version(more), committedRendering)).toEqual([]);
  });

  it('may lengthen a list of codes that was published as one that grows', () => {
    expect(breaks(version({ ...members, why: openCode('Lý do', 'Why', ['late', 'lost', 'torn']) }))).toEqual([]);
  });
});

describe('a minor version may not', () => {
  it.each<[string, Members, RegExp]>([
    ['remove a member', without('note'), /note: member removed/],
    ['remove a required member', without('word'), /word: member removed/],
    ['require a member that was optional', { ...members, note: members.note.optional }, /note is newly required/],
    ['add a required member', { ...members, extra: flag('Thêm', 'Extra') }, /extra is newly required/],
    ['make a required member optional', { ...members, done: optional(members.done) }, /done is no longer required/],
    ['remove a code', { ...members, by: code('Bởi', 'By', ['self']) }, /code proxy removed/],
    [
      'add a code to a closed list',
      { ...members, by: code('Bởi', 'By', ['self', 'proxy', 'post']) },
      /code post added to a closed list/,
    ],
    [
      'remove a code from a list that grows',
      { ...members, why: openCode('Lý do', 'Why', ['late']) },
      /code lost removed/,
    ],
    ['close a list that grows', { ...members, why: code('Lý do', 'Why', ['late', 'lost']) }, /x-extensible changed/],
    ['change a type', { ...members, number: line('Số', 'Number', { max: 5, reason }) }, /type changed/],
    ['change a pattern', { ...members, word: label('Chữ', 'Word') }, /pattern changed/],
    ['narrow a text to codes', { ...members, word: code('Chữ', 'Word', ['one']) }, /narrowed to a list of codes/],
    ['drop a list of codes', { ...members, by: line('Bởi', 'By', { max: 9, reason }) }, /list of codes dropped/],
    [
      'shorten a text',
      { ...members, word: line('Chữ', 'Word', { max: 10, reason }) },
      /maxLength changed from 20 to 10/,
    ],
    [
      'lengthen a text: older readers refuse it',
      { ...members, word: line('Chữ', 'Word', { max: 30, reason }) },
      /maxLength changed/,
    ],
    [
      'narrow a number',
      { ...members, number: integer('Số', 'Number', { min: 2, max: 10 }) },
      /minimum changed from 1 to 2/,
    ],
    [
      'shorten a list',
      { ...members, tags: list('Nhãn', 'Tags', label('Nhãn', 'Tag'), { max: 4 }) },
      /maxItems changed/,
    ],
    [
      'change what a list holds',
      { ...members, tags: list('Nhãn', 'Tags', integer('Nhãn', 'Tag'), { max: 5 }) },
      /items: type changed/,
    ],
    [
      'lengthen a tuple',
      { ...members, range: tuple('Khoảng', 'Range', integer('A', 'A'), integer('B', 'B'), integer('C', 'C')) },
      /length of the tuple changed/,
    ],
    [
      'change the names of entries',
      { ...members, papers: mapOf('Giấy tờ', 'Papers', { names: '^[a-z]+$', value: flag('Có', 'There') }) },
      /member removed/,
    ],
    [
      'change entries',
      {
        ...members,
        papers: mapOf('Giấy tờ', 'Papers', { names: LABEL, value: object({ form: code('Dạng', 'Form', ['paper']) }) }),
      },
      /code electronic removed/,
    ],
    [
      'make a clear member personal',
      { ...members, word: personalLine('Chữ', 'Word', { subject: 'applicant', max: 20 }) },
      /x-personal changed from false/,
    ],
    [
      'show a personal member',
      { ...members, applicant: object({ fullName: line('Tên', 'Name', { max: 50, reason }) }) },
      /x-personal changed/,
    ],
    [
      "make it somebody else's",
      { ...members, applicant: object({ fullName: personalLine('Tên', 'Name', { subject: 'officer', max: 50 }) }) },
      /x-personal changed/,
    ],
  ])('%s', (_, now, expected) => {
    expect(breaks(version(now)).join('\n')).toMatch(expected);
  });

  it('set a new condition on a member there is, or drop one', () => {
    const now = version(members, {
      allOf: [requiredWhen('by', 'proxy', ['note'])],
      dependentRequired: { note: ['word'] },
    });
    expect(breaks(now)).toEqual([
      expect.stringMatching(/what note demands changed/),
      expect.stringMatching(/condition added/),
    ]);
    expect(findBreaks(openRendering(now), openRendering(published)).map(({ message }) => message)).toEqual([
      'what note demands changed',
      expect.stringMatching(/condition dropped/),
    ]);
  });

  it('move a member between the clear part and _sd', () => {
    const now = version({ ...members, word: personalLine('Chữ', 'Word', { subject: 'applicant', max: 20 }) });
    const found = breaks(now, committedRendering).join('\n');
    expect(found).toMatch(/properties\/word: member removed/);
    expect(found).toMatch(/_sd: \/word is newly required/);
  });
});

describe('differs', () => {
  it('sees any change but the order of members', () => {
    expect(differs({ a: 1, b: [1, 2] }, { b: [1, 2], a: 1 })).toBe(false);
    expect(differs({ a: 1, b: [1, 2] }, { a: 1, b: [2, 1] })).toBe(true);
    expect(
      differs(openRendering(published), openRendering(version({ ...members, done: flag('Đã xong', 'Done') }))),
    ).toBe(true);
  });
});
