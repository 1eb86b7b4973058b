import { describe, expect, it } from '@jest/globals';
import { isPrintableInData, validateJson } from './canonical-rules.ts';
import { DomainError } from './domain-error.ts';
import { isAssigned, isNfc } from './unicode.ts';

function faultOf(value: unknown, place: 'message' | 'data' = 'data'): unknown {
  try {
    validateJson(value, place);
    return 'none';
  } catch (error) {
    return error instanceof DomainError ? [error.code, error.details['pointer']] : error;
  }
}
const nested = (levels: number): unknown => (levels === 0 ? 1 : { d: nested(levels - 1) });

describe('what we are about to write', () => {
  it('passes when it keeps the rules', () => {
    expect(faultOf({ note: 'Hòa giải\tvà\nký', fee: 8000, files: [{ a: true }], gone: undefined })).toBe('none');
    expect(faultOf({ data: { note: 'a\nb' }, type: 't' }, 'message')).toBe('none');
  });

  it.each([
    ['NOT_NFC', { note: 'Hòa'.normalize('NFD') }, '/note'],
    ['NOT_NFC', { people: [{ ['Hòa'.normalize('NFD')]: 1 }] }, `/people/0/${'Hòa'.normalize('NFD')}`],
    ['NOT_NFC', { note: '\u0378' }, '/note'],
    ['NUMBER', { fee: 1.5 }, '/fee'],
    ['NUMBER', { fee: 2 ** 53 }, '/fee'],
    ['NOT_CANONICAL', { fee: Infinity }, '/fee'],
    ['NOT_CANONICAL', { note: '\ud800' }, '/note'],
    ['NULL', { note: [null] }, '/note/0'],
    ['CONTROL_CHARACTER', { note: 'a\u0001' }, '/note'],
    ['CONTROL_CHARACTER', { note: 'a\r\n' }, '/note'],
    ['CONTROL_CHARACTER', { note: '\u0085' }, '/note'],
    ['NOT_JSON', { note: () => 1 }, '/note'],
    ['NOT_JSON', { notes: [undefined] }, '/notes/0'],
  ])('is refused with %s', (code, value, pointer) => expect(faultOf(value)).toEqual([code, pointer]));

  it('is judged by the same rules where one look tells, whatever stands beside', () => {
    const wrong: string[] = [];
    for (let code = 0; code < 0x3000; code += 1) {
      const text = `aề${String.fromCharCode(code)}ơ`;
      const keeps = isAssigned(text) && isNfc(text) && isPrintableInData(text);
      if ((faultOf({ [text]: text }) === 'none') !== keeps) wrong.push(code.toString(16));
    }
    expect(wrong).toEqual([]);
  });

  it('may hold line breaks and tabs inside data only', () => {
    expect(faultOf({ authid: 'a\tb', data: {} }, 'message')).toEqual(['CONTROL_CHARACTER', '/authid']);
    expect(faultOf({ other: { data: { note: 'a\nb' } } }, 'message')).toEqual([
      'CONTROL_CHARACTER',
      '/other/data/note',
    ]);
  });

  it('has at most 16 levels, the message being the first', () => {
    expect(faultOf(nested(16), 'message')).toBe('none');
    expect(faultOf(nested(17), 'message')).toEqual(['DEPTH', '/d'.repeat(16)]);
    expect(faultOf(nested(15))).toBe('none');
    expect(faultOf(nested(16))).toEqual(['DEPTH', '/d'.repeat(15)]);
  });
});
