import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatPointer, hasPrefixPair, parsePointer } from './json-pointer.ts';

const names = fc.array(fc.string({ unit: fc.constantFrom('a', '/', '~', '0', '1', 'ễ', '') }), {
  minLength: 1,
  maxLength: 15,
});

describe('a pointer', () => {
  it('is read back as the member names it was made of', () => {
    fc.assert(fc.property(names, (path) => expect(parsePointer(formatPointer(path))).toEqual(path)));
  });

  it.each(['', 'a', 'a/b', '/~', '/~2', '/a~', '~0/a', '/a'.repeat(16), '/'.repeat(100_000)])('is not %j', (text) =>
    expect(parsePointer(text)).toBeUndefined(),
  );

  it('unescapes ~1 and ~0 once', () => expect(parsePointer('/~01/a~1b')).toEqual(['~1', 'a/b']));
});

describe('a prefix pair', () => {
  it.each([
    [true, ['/a', '/a/b']],
    [true, ['/a/b/c', '/x', '/a']],
    [true, ['/a', '/a']],
    [true, ['/a/b', '/a!', '/a']],
    [true, ['/a', '/a/']],
    [false, ['/a', '/ab', '/b/a']],
    [false, ['/a!', '/a', '/a-b/c']],
    [false, []],
  ])('%s: %j', (expected, pointers) => expect(hasPrefixPair(pointers)).toBe(expected));

  it('is found as by comparing each with each', () => {
    const pointers = fc.uniqueArray(
      fc.array(fc.constantFrom('a', 'b', 'a!', ''), { minLength: 1, maxLength: 3 }).map(formatPointer),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(pointers, (all) => {
        const pairs = all.some((one) => all.some((other) => other.startsWith(`${one}/`)));
        expect(hasPrefixPair(all)).toBe(pairs);
      }),
    );
  });
});
