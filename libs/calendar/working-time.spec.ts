import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { localDateOf, parseAgencyCode } from '#libs/kernel';
import type { Instant, LocalDate } from '#libs/kernel';
import {
  addWorkingDays,
  addWorkingHours,
  agencyCalendar,
  dueAt,
  isWorkingDay,
  parseCalendar,
  receptionIntervals,
  workingIntervals,
  workingMsBetween,
} from './index.ts';
import type { LimitUnit } from './index.ts';

const json: unknown = JSON.parse(
  readFileSync(new URL('../../reference/working-calendar.json', import.meta.url), 'utf8'),
);
const calendar = parseCalendar(json);
const code = parseAgencyCode;
/** Thừa Thiên Huế: the hours of the provincial system whose algorithm and examples domain 4.3 gives. */
const hue = agencyCalendar(calendar, code('H57'));
/** Yên Viên, Gia Lâm: hours of Hà Nội, reception on Saturday mornings. */
const yenVien = agencyCalendar(calendar, code('H26.129.01'), [code('H26.129'), code('H26')]);

/** Wall clock of Viet Nam, `2025-04-24 16:00`. */
const vn = (text: string): Instant => new Date(`${text.replace(' ', 'T')}:00+07:00`).toISOString() as Instant;
const wall = (at: Instant): string =>
  new Date(Date.parse(at) + 7 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
const HOUR = 3_600_000;

describe('due dates by the algorithm of a provincial system (domain 4.3)', () => {
  it.each([
    ['2025-04-24 16:00', 2, '2025-04-26 16:00'], // the swapped Saturday works
    ['2025-04-29 17:30', 1, '2025-05-06 07:00'], // after the day's end; two holidays, a swapped day, a weekend
    ['2025-01-24 10:00', 2, '2025-02-04 10:00'], // Tết
    ['2025-04-24 06:10', 1, '2025-04-25 07:00'], // before work
    ['2025-04-24 11:30', 1, '2025-04-25 13:30'], // the noon break
    ['2025-04-24 12:45', 1, '2025-04-25 13:30'],
    ['2025-04-24 17:00', 1, '2025-04-25 17:00'], // the last moment of the day
    ['2023-06-17 09:00', 1, '2023-06-20 07:00'], // received on a Saturday: counts from Monday
  ])('received %s, %i working days: due %s', (received, days, due) => {
    expect(wall(addWorkingDays(hue, vn(received), days))).toBe(due);
  });

  it.each([
    ['2023-06-14 08:00', 3, '2023-06-14 11:00'],
    ['2023-06-14 10:30', 2, '2023-06-14 14:30'], // over the noon break
    ['2023-06-14 07:30', 4, '2023-06-14 11:30'], // ends with the morning
    ['2023-06-14 13:30', 4, '2023-06-15 07:30'], // over the end of the day
    ['2023-06-16 16:00', 3, '2023-06-19 09:00'], // over a weekend
    ['2023-06-14 07:00', 8, '2023-06-15 07:00'], // eight hours are a day: the next one, same time
    ['2023-06-14 16:30', 12, '2023-06-16 10:30'],
    ['2023-06-17 09:00', 4, '2023-06-19 11:00'], // the weakness mended: never due on the Saturday of receipt
  ])('received %s, %i working hours: due %s', (received, hours, due) => {
    expect(wall(addWorkingHours(hue, vn(received), hours))).toBe(due);
  });

  it('takes the hours of the agency', () => {
    expect(wall(addWorkingDays(yenVien, vn('2023-06-14 17:20'), 1))).toBe('2023-06-15 17:20');
    expect(wall(addWorkingDays(hue, vn('2023-06-14 17:20'), 1))).toBe('2023-06-16 07:00');
    expect(wall(addWorkingHours(yenVien, vn('2023-06-14 11:00'), 2))).toBe('2023-06-14 14:30');
  });

  it('takes a cut-off that the data lay on the hours for receipts, and for nothing else', () => {
    const cutOffs = (json as { cutOffs: { id: string }[] }).cutOffs.map((cutOff) => ({
      ...cutOff,
      ...(cutOff.id === 'day-end' && { hours: ['hanoi'] }),
    }));
    const view = agencyCalendar(parseCalendar({ ...(json as object), cutOffs }), code('H26'));
    expect(wall(addWorkingDays(view, vn('2023-06-14 17:00'), 1))).toBe('2023-06-15 17:00');
    expect(wall(addWorkingDays(view, vn('2023-06-14 17:01'), 1))).toBe('2023-06-16 08:00');
    expect(wall(addWorkingHours(view, vn('2023-06-14 16:00'), 1.5))).toBe('2023-06-14 17:30');
  });

  it('keeps the same moment where the hours change in between', () => {
    const early = { ...calendar.hours[1]!, validTo: '2023-06-16' as LocalDate };
    const late = { ...calendar.hours[0]!, id: early.id, validFrom: '2023-06-16' as LocalDate };
    const view = agencyCalendar({ ...calendar, hours: [early, late] }, code('H57'));
    expect(wall(addWorkingDays(view, vn('2023-06-14 07:10'), 2))).toBe('2023-06-16 08:00');
    expect(wall(addWorkingDays(view, vn('2023-06-14 11:20'), 2))).toBe('2023-06-16 11:20');
  });
});

describe('days', () => {
  it('work from Monday to Friday, unless the table says otherwise', () => {
    const works = (date: string) => isWorkingDay(hue, date as LocalDate);
    expect(['2023-06-14', '2023-06-17', '2023-06-18'].map(works)).toEqual([true, false, false]);
    expect(['2024-04-29', '2024-05-04', '2024-05-01'].map(works)).toEqual([false, true, false]);
  });

  it('have working time, and on some Saturdays reception without it', () => {
    const saturday = '2023-06-17' as LocalDate;
    expect(workingIntervals(yenVien, saturday)).toEqual([]);
    expect(receptionIntervals(yenVien, saturday)).toEqual([
      { from: vn('2023-06-17 08:00'), to: vn('2023-06-17 12:00') },
    ]);
    expect(workingIntervals(hue, '2023-06-16' as LocalDate)).toEqual([
      { from: vn('2023-06-16 07:00'), to: vn('2023-06-16 11:30') },
      { from: vn('2023-06-16 13:30'), to: vn('2023-06-16 17:00') },
    ]);
  });

  it.each([
    ['an agency without it', 'H26.129.18', '2023-06-17', 0],
    ['a Saturday before it began', 'H26.129.01', '2022-06-18', 0],
    ['a Saturday after it ended', 'H26.129.01', '2025-07-05', 0],
    ['a holiday on a Saturday', 'H26.129.01', '2023-04-29', 0],
    ['a Sunday', 'H26.129.01', '2023-06-18', 0],
    ['a swapped Saturday: the whole day', 'H26.129.01', '2024-05-04', 2],
    ['any working day', 'H26.129.18', '2023-06-14', 2],
  ])('reception on %s', (_what, agency, date, intervals) => {
    const view = agencyCalendar(calendar, code(agency), [code('H26')]);
    expect(receptionIntervals(view, date as LocalDate)).toHaveLength(intervals);
  });
});

describe('what the calendar does not cover is refused', () => {
  const refused = expect.objectContaining({ code: 'CALENDAR_NOT_COVERED' });
  it.each([
    ['a receipt before it', () => addWorkingDays(hue, vn('2021-12-31 10:00'), 1)],
    ['a receipt after it', () => addWorkingDays(hue, vn('2028-01-03 10:00'), 1)],
    ['a due date beyond it', () => addWorkingDays(hue, vn('2027-12-31 10:00'), 1)],
    ['hours beyond it', () => addWorkingHours(hue, vn('2027-12-31 16:00'), 2)],
    ['calendar days beyond it', () => dueAt(hue, vn('2027-12-20 10:00'), { value: 15, unit: 'calendar-day' })],
    ['a day asked about', () => isWorkingDay(hue, '2031-01-01' as LocalDate)],
    ['an agency without hours', () => agencyCalendar(calendar, code('H01'))],
    ['an agency whose superiors are not given', () => agencyCalendar(calendar, code('H26.129.01'))],
  ])('%s', (_what, act) => {
    expect(act).toThrow(refused);
  });
});

describe('properties', () => {
  const instants = fc
    .integer({ min: Date.parse('2022-01-04T00:00:00Z'), max: Date.parse('2027-06-30T00:00:00Z') })
    .map((ms) => new Date(ms).toISOString() as Instant);
  /** Where off-by-one errors live: the full minutes round every end of work and cut-off. */
  const edges = fc
    .tuple(fc.integer({ min: 0, max: 1500 }), fc.constantFrom(7, 8, 11.5, 12, 13.5, 15, 17, 17.5), fc.integer({ min: -1, max: 1 }))
    .map(([day, hour, ms]) =>
      new Date(Date.parse('2022-02-01T00:00:00+07:00') + day * 24 * HOUR + hour * HOUR + ms).toISOString() as Instant,
    ); // prettier-ignore
  const receipts = fc.oneof(instants, edges);
  const views = fc.constantFrom(hue, yenVien);
  const values = fc.integer({ min: 0, max: 60 });
  const units = fc.constantFrom<LimitUnit>('working-day', 'working-hour', 'calendar-day', 'instant');
  const limits = fc.record({ value: values, unit: units });

  it('a later receipt is never due earlier', () => {
    const pairs = fc.oneof(
      fc.tuple(receipts, receipts),
      fc
        .tuple(edges, fc.integer({ min: 0, max: 20 * HOUR }))
        .map(([at, gap]): [Instant, Instant] => [at, new Date(Date.parse(at) + gap).toISOString() as Instant]),
    );
    fc.assert(
      fc.property(views, pairs, limits, (view, [a, b], limit) => {
        const [first, second] = a < b ? [a, b] : [b, a];
        expect(dueAt(view, first, limit) <= dueAt(view, second, limit)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('what is due is due in working time', () => {
    fc.assert(
      fc.property(views, receipts, limits, (view, at, limit) => {
        const due = dueAt(view, at, limit);
        const intervals = workingIntervals(view, localDateOf(due));
        expect(intervals.some(({ from, to }) => from <= due && due <= to)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('n and then m working days are n + m', () => {
    fc.assert(
      fc.property(views, receipts, values, values, (view, at, n, m) => {
        expect(addWorkingDays(view, addWorkingDays(view, at, n), m)).toBe(addWorkingDays(view, at, n + m));
      }),
    );
  });

  it('a limit in working hours holds exactly that much working time', () => {
    fc.assert(
      fc.property(views, receipts, values, (view, at, hours) => {
        expect(workingMsBetween(view, addWorkingHours(view, at, 0), addWorkingHours(view, at, hours))).toBe(
          hours * HOUR,
        );
      }),
    );
  });

  it('another reading of the same edition gives the same date', () => {
    const again = agencyCalendar(parseCalendar(structuredClone(json)), code('H57'));
    fc.assert(
      fc.property(receipts, limits, (at, limit) => {
        expect(dueAt(again, at, limit)).toBe(dueAt(hue, at, limit));
      }),
    );
  });
});
