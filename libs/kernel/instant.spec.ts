import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Instant, LocalDate } from './ids.ts';
import {
  instantToMs,
  isInstant,
  isLocalDate,
  localDateOf,
  msToInstant,
  msToNearestInstant,
  parseInstant,
  parseLocalDate,
  startOfLocalDate,
} from './instant.ts';

const milliseconds = fc.integer({
  min: Date.parse('0000-01-02T00:00:00.000Z'),
  max: Date.parse('9999-12-30T00:00:00.000Z'),
});

describe('an instant', () => {
  it.each([
    '2023-02-30T00:00:00.000Z',
    '2023-02-29T00:00:00.000Z',
    '1900-02-29T00:00:00.000Z',
    '2023-04-31T00:00:00.000Z',
    '2023-00-01T00:00:00.000Z',
    '2023-13-01T00:00:00.000Z',
    '2023-01-00T00:00:00.000Z',
    '2023-01-01T24:00:00.000Z',
    '2023-01-01T00:60:00.000Z',
    '2016-12-31T23:59:60.000Z',
    '2023-01-01T00:00:00Z',
    '2023-01-01T00:00:00.00Z',
    '2023-01-01T00:00:00.000z',
    '2023-01-01T00:00:00.000+00:00',
    '2023-01-01 00:00:00.000Z',
    '2023-01-01T00:00:00.000Z\n',
    '+002023-01-01T00:00:00.000Z',
    '',
  ])('is not %j', (text) => {
    expect(isInstant(text)).toBe(false);
    expect(() => parseInstant(text)).toThrow(expect.objectContaining({ code: 'MALFORMED' }));
  });

  it('may lie on 29 February of a leap year, and in year 0000', () => {
    for (const text of ['2024-02-29T23:59:59.999Z', '2000-02-29T00:00:00.000Z', '0000-01-01T00:00:00.000Z']) {
      expect(isInstant(text)).toBe(true);
      expect(msToInstant(instantToMs(text as Instant))).toBe(text);
    }
  });

  it('is any millisecond, and compares as text as it does in time', () => {
    fc.assert(
      fc.property(milliseconds, milliseconds, (a, b) => {
        expect(instantToMs(msToInstant(a))).toBe(a);
        expect(msToInstant(a) < msToInstant(b)).toBe(a < b);
      }),
    );
  });

  it('agrees with the calendar of the platform on which days exist', () => {
    const day = fc.tuple(
      fc.integer({ min: 0, max: 9999 }),
      fc.integer({ min: 0, max: 13 }),
      fc.integer({ min: 0, max: 32 }),
    );
    fc.assert(
      fc.property(day, ([year, month, date]) => {
        const digits = (value: number, length = 2): string => String(value).padStart(length, '0');
        const text = `${digits(year, 4)}-${digits(month)}-${digits(date)}`;
        const parsed = new Date(`${text}T00:00:00.000Z`);
        const exists = !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(text);
        expect(isLocalDate(text)).toBe(exists);
      }),
    );
  });

  it('is refused outside the four-digit years', () => {
    for (const ms of [Number.NaN, Infinity, Date.parse('9999-12-31T23:59:59.999Z') + 1, -8e15]) {
      expect(() => msToInstant(ms)).toThrow(expect.objectContaining({ code: 'MALFORMED' }));
    }
  });
});

describe('a date in Viet Nam', () => {
  it('begins at 17:00 UTC of the day before', () => {
    expect(startOfLocalDate('2023-06-14' as LocalDate)).toBe('2023-06-13T17:00:00.000Z');
    expect(localDateOf('2023-06-13T17:00:00.000Z' as Instant)).toBe('2023-06-14');
    expect(localDateOf('2023-06-13T16:59:59.999Z' as Instant)).toBe('2023-06-13');
  });

  it('ends with year 9999, as instants do', () => {
    expect(localDateOf('9999-12-31T17:00:00.000Z' as Instant)).toBe('9999-12-31');
    expect(msToNearestInstant(Number.MAX_VALUE)).toBe('9999-12-31T23:59:59.999Z');
    expect(msToNearestInstant(-Number.MAX_VALUE)).toBe('0000-01-01T00:00:00.000Z');
  });

  it('holds every instant from its start to that of the next', () => {
    fc.assert(
      fc.property(milliseconds, (ms) => {
        const start = instantToMs(startOfLocalDate(localDateOf(msToInstant(ms))));
        expect(start <= ms && ms < start + 86_400_000).toBe(true);
      }),
    );
  });

  it('is refused when it does not exist', () => {
    expect(parseLocalDate('2023-06-14')).toBe('2023-06-14');
    expect(() => parseLocalDate('2023-06-31')).toThrow(expect.objectContaining({ code: 'MALFORMED' }));
  });
});
