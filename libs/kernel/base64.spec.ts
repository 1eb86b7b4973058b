import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeBase64, decodeBase64Url, encodeBase64, encodeBase64Url } from './base64.ts';

const bytes = fc.uint8Array({ maxLength: 200 });

describe('base64url', () => {
  it('writes and reads what the platform writes', () => {
    fc.assert(
      fc.property(bytes, (value) => {
        const text = Buffer.from(value).toString('base64url');
        expect(encodeBase64Url(value)).toBe(text);
        expect(decodeBase64Url(text)).toEqual(value);
      }),
    );
  });

  it.each(['A', 'AAAAA', 'AB', 'AAB', 'AA==', 'AA=', 'A+AA', 'A/AA', 'AA A', ' AAA', 'AAÀA', 'AA\n'])(
    'refuses %j, which no encoder writes',
    (text) => expect(decodeBase64Url(text)).toBeUndefined(),
  );

  it('accepts only the one spelling of each byte string', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'AQgw-_=/+Bz9'), maxLength: 8 }), (text) => {
        const read = decodeBase64Url(text);
        if (read !== undefined) expect(encodeBase64Url(read)).toBe(text);
      }),
    );
  });
});

describe('base64', () => {
  it('writes and reads what the platform writes', () => {
    fc.assert(
      fc.property(bytes, (value) => {
        const text = Buffer.from(value).toString('base64');
        expect(encodeBase64(value)).toBe(text);
        expect(decodeBase64(text)).toEqual(value);
      }),
    );
  });

  it.each(['AA', 'AAA', 'A===', '====', '=', 'AB==', 'AAB=', 'AA=A', 'AA==AA==', 'A-AA', 'A_AA'])(
    'refuses %j, which no encoder writes',
    (text) => expect(decodeBase64(text)).toBeUndefined(),
  );
});
