import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseCalendar } from '#libs/calendar';
import { emptyDirectory, type Directory } from '#libs/directory';
import type { AgencyCode, Instant } from '#libs/kernel';
import { workingDaysLeft } from './working-days-left.ts';

const file = join(import.meta.dirname, '../../../reference/working-calendar.json');
const calendar = parseCalendar(JSON.parse(readFileSync(file, 'utf8')));
const city = 'H26' as AgencyCode;
const directory: Directory = emptyDirectory([]);
/** Local time in Viet Nam, June 2023: the 14th is a Wednesday, the 17th and 18th are a weekend. */
const june = (day: number, hour: number): Instant =>
  new Date(Date.UTC(2023, 5, day, hour - 7)).toISOString() as Instant;
const left = (now: Instant, dueAt: Instant) => workingDaysLeft(calendar, directory, { agency: city, dueAt, now });

describe('working days left', () => {
  it.each([
    ['later the same day', june(14, 9), june(14, 17), 0],
    ['the next day', june(14, 9), june(15, 8), 1],
    ['over a weekend', june(14, 9), june(19, 9), 3],
    ['a moment overdue', june(14, 17), june(14, 16), -1],
    ['overdue on the next day', june(15, 9), june(14, 16), -1],
    ['overdue over a weekend', june(19, 9), june(16, 16), -1],
    ['two working days overdue', june(20, 9), june(16, 16), -2],
    ['exactly now', june(14, 16), june(14, 16), 0],
  ])('%s', (_, now, dueAt, days) => {
    expect(left(now, dueAt)).toBe(days);
  });

  it('counts no holiday: from Thursday to Thursday over Reunification Day and May Day of 2023', () => {
    expect(left('2023-04-27T02:00:00.000Z' as Instant, '2023-05-04T02:00:00.000Z' as Instant)).toBe(2);
  });

  it('is not known where the calendar does not reach', () => {
    expect(left(june(14, 9), '2299-01-01T00:00:00.000Z' as Instant)).toBeUndefined();
    expect(
      workingDaysLeft(calendar, directory, { agency: 'Z99.001' as AgencyCode, dueAt: june(15, 9), now: june(14, 9) }),
    ).toBeUndefined();
  });
});
