import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCalendar } from '#libs/calendar';
import { workClock } from '#libs/config';
import type { Instant } from '#libs/kernel';
import { clockFrom, nextWorkDay } from './work-day.ts';

const calendar = parseCalendar(
  JSON.parse(readFileSync(join(import.meta.dirname, '../../reference/working-calendar.json'), 'utf8')),
);
const after = (reached?: string): string => nextWorkDay(calendar, reached as Instant | undefined);

describe('the day of work of a start', () => {
  it('is Wednesday 14 June 2023, 07:30 in Viet Nam, at first', () => {
    expect(after()).toBe('2023-06-14T00:30:00.000Z');
  });

  it.each([
    ['the next day, after an afternoon', '2023-06-14T10:30:00.000Z', '2023-06-15T00:30:00.000Z'],
    ['the same day, when only its night was reached', '2023-06-14T18:00:00.000Z', '2023-06-15T00:30:00.000Z'],
    ['never the moment itself', '2023-06-15T00:30:00.000Z', '2023-06-16T00:30:00.000Z'],
    ['Monday, after a Friday', '2023-06-16T05:00:00.000Z', '2023-06-19T00:30:00.000Z'],
    ['after the holidays of 2 September', '2023-08-31T12:00:00.000Z', '2023-09-05T00:30:00.000Z'],
  ])('is %s', (_, reached, day) => {
    expect(after(reached)).toBe(day);
  });

  it('is not guessed beyond the calendar', () => {
    expect(() => after('2027-12-31T12:00:00.000Z')).toThrow();
  });

  it('begins when the nodes begin, and runs as fast as asked', () => {
    const clock = workClock(clockFrom(after() as Instant, 1_000_000, 240), () => 1_015_000);
    expect(clock.now()).toBe('2023-06-14T01:30:00.000Z');
  });
});
