import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseAgencyCode } from '#libs/kernel';
import type { Instant } from '#libs/kernel';
import {
  addWorkingDays,
  agencyCalendar,
  dueAt,
  dueAtAfterWaiting,
  dueAtRestarted,
  handOverBy,
  intakeAnswerBy,
  parseCalendar,
  workingMsBetween,
} from './index.ts';
import type { LimitUnit } from './index.ts';

const calendar = parseCalendar(
  JSON.parse(readFileSync(new URL('../../reference/working-calendar.json', import.meta.url), 'utf8')),
);
const hue = agencyCalendar(calendar, parseAgencyCode('H57'));
const yenVien = agencyCalendar(calendar, parseAgencyCode('H26.129.01'), [parseAgencyCode('H26')]);
const vn = (text: string): Instant => new Date(`${text.replace(' ', 'T')}:00+07:00`).toISOString() as Instant;
const wall = (at: Instant): string =>
  new Date(Date.parse(at) + 7 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');

describe('calendar days', () => {
  it.each([
    ['2023-06-14 10:00', 15, '2023-06-29 17:00'],
    ['2023-06-14 10:00', 10, '2023-06-26 17:00'], // the last day is a Saturday: on Monday
    ['2023-06-16 17:30', 15, '2023-07-04 17:00'], // after the day's end on a Friday: counts from Monday
    ['2023-08-23 10:00', 10, '2023-09-05 17:00'], // Quốc khánh on a Saturday, with its compensation
    ['2025-04-16 10:00', 10, '2025-04-26 17:00'], // a swapped Saturday works
  ])('received %s, %i days: due %s', (received, value, due) => {
    expect(wall(dueAt(hue, vn(received), { value, unit: 'calendar-day' }))).toBe(due);
  });
});

describe('instant procedures', () => {
  it.each([
    ['2023-06-14 08:31', '2023-06-14 17:30'],
    ['2023-06-14 15:00', '2023-06-14 17:30'],
    ['2023-06-14 15:01', '2023-06-15 17:30'], // after 15:00: the next working day
    ['2023-06-16 16:00', '2023-06-19 17:30'],
    ['2023-06-17 09:00', '2023-06-19 17:30'], // Saturday reception: processed on Monday
    ['2023-06-18 15:30', '2023-06-19 17:30'],
    ['2023-06-14 05:00', '2023-06-14 17:30'],
  ])('received %s: due %s', (received, due) => {
    expect(wall(dueAt(yenVien, vn(received), { value: 0, unit: 'instant' }))).toBe(due);
  });
});

describe('hand-over from the counter or the post (Art 18(2))', () => {
  it.each([
    ['2023-06-14 09:00', '2023-06-14 17:30'],
    ['2023-06-14 15:00', '2023-06-14 17:30'],
    ['2023-06-14 15:01', '2023-06-15 08:00'],
    ['2023-06-16 16:59', '2023-06-19 08:00'],
    ['2023-06-17 10:00', '2023-06-19 08:00'], // a Saturday of reception is no day of processing
  ])('received %s: by %s', (received, by) => {
    expect(wall(handOverBy(yenVien, vn(received)))).toBe(by);
  });
});

it('an online submission is answered within 8 working hours', () => {
  expect(wall(intakeAnswerBy(hue, vn('2023-06-14 20:00')))).toBe('2023-06-16 07:00');
  expect(wall(intakeAnswerBy(hue, vn('2023-06-14 10:00'), 4))).toBe('2023-06-14 16:00');
});

describe('after a supplement', () => {
  const limit = { value: 5, unit: 'working-day' } as const;
  const received = vn('2023-06-14 09:00');
  const waiting = {
    dueAt: dueAt(hue, received, limit),
    askedAt: vn('2023-06-16 10:00'),
    providedAt: vn('2023-06-19 15:30'),
  };

  it('restart counts the whole limit again', () => {
    expect(wall(waiting.dueAt)).toBe('2023-06-21 09:00');
    expect(wall(dueAtRestarted(hue, waiting.providedAt, limit))).toBe('2023-06-26 15:30');
  });

  it('stop-and-subtract takes off the working time waited, and not the weekend in it', () => {
    // Friday 10:00 to Monday 15:30 is one working day and three and a half hours
    expect(wall(dueAtAfterWaiting(hue, waiting, 'working-day'))).toBe('2023-06-22 14:30');
  });

  it.each<[LimitUnit, [due: string, asked: string, provided: string], string]>([
    ['calendar-day', ['2023-06-29 17:00', '2023-06-16 10:00', '2023-06-19 15:30'], '2023-07-03 17:00'],
    ['calendar-day', ['2023-06-29 17:00', '2023-06-16 10:00', '2023-06-16 15:30'], '2023-06-29 17:00'],
    ['instant', ['2023-06-14 17:00', '2023-06-14 09:00', '2023-06-16 15:30'], '2023-06-19 17:00'],
    ['instant', ['2023-06-14 17:00', '2023-06-14 09:00', '2023-06-14 10:30'], '2023-06-14 17:00'],
    ['working-hour', ['2023-06-14 11:30', '2023-06-14 10:00', '2023-06-14 10:30'], '2023-06-14 14:00'],
    ['working-hour', ['2023-06-14 11:30', '2023-06-16 18:00', '2023-06-18 10:30'], '2023-06-14 11:30'],
  ])('stop-and-subtract in %s: due, asked, provided at %j: due %s', (unit, [due, asked, provided], moved) => {
    const after = dueAtAfterWaiting(hue, { dueAt: vn(due), askedAt: vn(asked), providedAt: vn(provided) }, unit);
    expect(wall(after)).toBe(moved);
  });

  it('moves a due date that somebody set on a day off, or in the evening, from the next working time on', () => {
    const [askedAt, providedAt] = [vn('2023-06-14 09:00'), vn('2023-06-14 11:00')];
    for (const due of ['2023-06-17 10:00', '2023-06-16 21:00'])
      expect(wall(dueAtAfterWaiting(hue, { dueAt: vn(due), askedAt, providedAt }, 'working-day'))).toBe(
        '2023-06-19 09:00',
      );
  });

  it('never moves a due date back, and keeps the working time that was left', () => {
    const start = Date.parse('2022-02-01T00:00:00Z');
    const minutes = fc.integer({ min: 0, max: 60 * 24 * 90 });
    const at = (minute: number): Instant => new Date(start + minute * 60_000).toISOString() as Instant;
    fc.assert(
      fc.property(minutes, minutes, minutes, fc.integer({ min: 1, max: 30 }), (a, b, c, days) => {
        const [first = 0, second = 0, third = 0] = [a, b, c].sort((x, y) => x - y);
        const old = addWorkingDays(hue, at(first), days);
        const [askedAt, providedAt] = [at(second), at(third)];
        const moved = dueAtAfterWaiting(hue, { dueAt: old, askedAt, providedAt }, 'working-day');
        expect(moved >= old).toBe(true);
        expect(workingMsBetween(hue, old, moved)).toBe(workingMsBetween(hue, askedAt, providedAt));
      }),
    );
  });
});
