import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalize } from './canonical.ts';
import type { JsonObject, JsonValue } from './json.ts';

describe('canonical JSON', () => {
  it('sorts members by UTF-16 code units (the example of RFC 8785, 3.2.3)', () => {
    const object = {
      '\u20ac': 1,
      '\r': 2,
      '\ufb33': 3,
      '1': 4,
      '\ud83d\ude00': 5,
      '\u0080': 6,
      '\u00f6': 7,
    };
    expect(Object.values(JSON.parse(canonicalize(object)) as object).length).toBe(7);
    expect(canonicalize(object)).toBe('{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}');
  });

  it('sorts names that look like numbers as text', () => {
    expect(canonicalize({ 9: 'b', 10: 'a' })).toBe('{"10":"a","9":"b"}');
  });

  it('writes no white space, absent members or minus zero', () => {
    expect(canonicalize({ b: [1, { d: true, c: 'x' }, -0], a: undefined })).toBe('{"b":[1,{"c":"x","d":true},0]}');
    expect(canonicalize({ a: {}, b: [] })).toBe('{"a":{},"b":[]}');
  });

  it('keeps a member called __proto__ and pollutes nothing', () => {
    const parsed = JSON.parse('{"z":1,"__proto__":{"polluted":"yes"},"a":{"constructor":2}}') as JsonObject;
    expect(canonicalize(parsed)).toBe('{"__proto__":{"polluted":"yes"},"a":{"constructor":2},"z":1}');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it.each([['\ud800'], [{ '\udc00': 1 }], [Infinity], [[Number.NaN]]])(
    'refuses %j, which JCS cannot write',
    (value) => {
      expect(() => canonicalize(value as JsonValue)).toThrow(expect.objectContaining({ code: 'NOT_CANONICAL' }));
    },
  );

  it('is the same however the members came, and once written stays as it is', () => {
    fc.assert(
      fc.property(fc.json({ depthSize: 'medium', stringUnit: 'grapheme' }), (text) => {
        const value = JSON.parse(text) as JsonValue;
        const canonical = canonicalize(value);
        expect(JSON.parse(canonical)).toEqual(value);
        expect(canonicalize(JSON.parse(canonical) as JsonValue)).toBe(canonical);
      }),
    );
  });
});
