import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { UNICODE_15_RANGES } from './unicode-15.generated.ts';
import { isAssigned, isNfc } from './unicode.ts';

const file = join(import.meta.dirname, '../../reference/unicode-15.0-assigned.json');
const { ranges } = JSON.parse(readFileSync(file, 'utf8')) as { ranges: [number, number][] };

describe('code points assigned in Unicode 15.0', () => {
  it('are generated from the reference data', () => {
    expect(UNICODE_15_RANGES).toEqual(ranges.flat());
  });

  it('are all of the ranges and nothing else', () => {
    const wrong: number[] = [];
    let range = 0;
    for (let codePoint = 0; codePoint <= 0x10ffff; codePoint++) {
      while (range < ranges.length && (ranges[range]?.[1] as number) < codePoint) range++;
      const expected = range < ranges.length && (ranges[range]?.[0] as number) <= codePoint;
      if (isAssigned(String.fromCodePoint(codePoint)) !== expected) wrong.push(codePoint);
    }
    expect(wrong).toEqual([]);
  });

  it('are looked for in the whole text', () => {
    expect(isAssigned('Nguyễn Thị Hòa 𠀀 😀')).toBe(true);
    for (const foreign of [
      '\u0378',
      '\uFFFF',
      '\u{1FFFE}',
      '\u{105D2}',
      '\uD800',
      '\uDC00',
      '\uD800a',
      '\uDC00\uD800',
    ]) {
      expect(isAssigned(`a${foreign}`)).toBe(false);
      expect(isAssigned(`${foreign}b`)).toBe(false);
    }
  });
});

describe('NFC', () => {
  it('knows composed from decomposed Vietnamese', () => {
    expect(isNfc('Nguyễn Thị Hòa'.normalize('NFC'))).toBe(true);
    expect(isNfc('Nguyễn Thị Hòa'.normalize('NFD'))).toBe(false);
  });

  it('is what the platform says it is, in long texts and at their seams too', () => {
    const letters = [
      'a',
      'ễ',
      '\u0301',
      '\u0323',
      '\u0338',
      'ậ',
      '가',
      '\u11a8',
      '𝅗',
      '\u{1d165}',
      '=',
      '\n',
      '\u0f71',
      '\u0f72',
    ];
    const text = fc.string({ unit: fc.constantFrom(...letters), maxLength: 12 });
    fc.assert(
      fc.property(fc.integer({ min: 2030, max: 2060 }), text, text, (before, seam, after) => {
        const whole = `${'x'.repeat(before)}${seam}${'y'.repeat(2030)}${after}`;
        const normal = whole.normalize('NFC');
        expect(isNfc(whole)).toBe(normal === whole);
        expect(isNfc(normal)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('of tens of thousands of marks is decided piece by piece', () => {
    expect(isNfc('\u0301\u0323'.repeat(60_000))).toBe(false);
    expect(isNfc(`x${'\u0338'.repeat(60_000)}`)).toBe(true);
    expect(isNfc(`=${'\u0323'.repeat(60_000)}\u0338`)).toBe(false);
  });
});
