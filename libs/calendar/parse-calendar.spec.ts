import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { DomainError } from '#libs/kernel';
import type { Instant } from '#libs/kernel';
import { calendarVersionAt, findCalendar, parseCalendar } from './index.ts';

interface Json {
  [member: string]: unknown;
}
const text = readFileSync(new URL('../../reference/working-calendar.json', import.meta.url), 'utf8');
const file = (): Json & { days: Json[]; hours: Json[]; cutOffs: Json[]; agencyHours: Json[] } => JSON.parse(text);

function problemsOf(json: unknown): readonly string[] {
  try {
    parseCalendar(json);
  } catch (error) {
    if (error instanceof DomainError && error.code === 'REFERENCE_DATA_INVALID')
      return error.details['problems'] as readonly string[];
    throw error;
  }
  return [];
}

describe('the working calendar of reference/', () => {
  it('is read whole', () => {
    const calendar = parseCalendar(file());
    expect(calendar.version).toBe('1');
    expect(calendar.days.size).toBe(92);
    expect(calendar.saturdayReception?.agencies.size).toBe(17);
    expect(calendar.hours.map(({ id, dayEnd }) => [id, dayEnd / 3_600_000])).toEqual([
      ['hanoi', 17.5],
      ['province-observed', 17],
    ]);
  });

  it('takes an earlier end of the day where the data lay it on some hours', () => {
    const json = file();
    json.cutOffs[2] = { ...json.cutOffs[2], hours: ['hanoi'] };
    expect(parseCalendar(json).hours[0]?.dayEnd).toBe(17 * 3_600_000);
  });
});

describe('calendar version', () => {
  const calendar = parseCalendar(file());

  it('names the year in Viet Nam and the edition', () => {
    expect(calendarVersionAt(calendar, '2023-06-14T01:31:07.480Z' as Instant)).toBe('vn-2023.1');
    expect(calendarVersionAt(calendar, '2023-12-31T17:00:00.000Z' as Instant)).toBe('vn-2024.1');
  });

  it('finds the edition again, and nothing else', () => {
    expect(findCalendar([calendar], 'vn-2023.1')).toBe(calendar);
    for (const other of ['vn-2023.2', 'vn-2021.1', 'vn-2028.1', 'vn-2023', '1', '']) {
      expect(findCalendar([calendar], other)).toBeUndefined();
    }
  });
});

describe('a faulty calendar', () => {
  it.each([
    ['no object', () => 'calendar', /must be an object/],
    ['another format', () => ({ ...file(), format: 'x' }), /\$\.format/],
    ['an unknown member', () => ({ ...file(), holliday: [] }), /holliday is not known/],
    ['a missing list', () => ({ ...file(), days: undefined }), /days is missing/],
    ['a coverage backwards', () => ({ ...file(), coverage: { from: '2027-01-01', to: '2022-01-01' } }), /ends before/],
  ])('%s is refused', (_what, json, problem) => {
    expect(problemsOf(json()).join('\n')).toMatch(problem);
  });

  it.each([
    ['a day that does not exist', { date: '2023-02-30' }, /a date that exists/],
    ['a weekday that does not fit', { weekday: 'Tue' }, /is no Tue/],
    ['work on a holiday', { works: true }, /does not fit holiday/],
    ['an unknown kind', { kind: 'festival' }, /one of holiday/],
    ['an unknown source', { source: 'hearsay' }, /source hearsay/],
    ['a day twice', { date: '2022-01-03', weekday: 'Mon' }, /stands twice/],
    ['a day outside the coverage', { date: '2021-01-01', weekday: 'Fri' }, /outside the coverage/],
    ['a swap with nothing', { kind: 'swap-work', works: true, swappedWith: '2022-01-03' }, /no swap-off/],
  ])('%s is refused', (_what, change, problem) => {
    const json = file();
    json.days[0] = { ...json.days[0], ...change };
    expect(problemsOf(json).join('\n')).toMatch(problem);
  });

  it.each([
    [
      'an agency with two sets of hours',
      (json: Json) => (json['agencyHours'] as Json[]).push({ agency: 'H26', hours: 'hanoi', provenance: 'x' }),
      /H26 stands twice/,
    ],
    [
      'an interval of three times',
      (json: Json) => ((json['hours'] as Json[])[0]!['intervals'] = [['08:00', '12:00', '13:00']]),
      /two times/,
    ],
    ['works that is no flag', (json: Json) => ((json['days'] as Json[])[0]!['works'] = 'no'), /true or false/],
  ])('%s is refused', (_what, change, problem) => {
    const json = file();
    change(json);
    expect(problemsOf(json).join('\n')).toMatch(problem);
  });

  it('with a day lost does not add up', () => {
    const json = file();
    json.days = json.days.filter(({ date }) => date !== '2023-09-01');
    expect(problemsOf(json)).toEqual(['$.derived.workingDays.2023: the table has 250 working days']);
  });

  it('shows all its problems at once', () => {
    const json = file();
    json.hours[0] = { ...json.hours[0], minutesPerDay: 400 };
    json.hours[1] = { ...json.hours[1], intervals: [['13:30', '17:00'], ['07:00', '11:30']] }; // prettier-ignore
    json.cutOffs = [];
    json.agencyHours[0] = { agency: 'Hanoi', hours: 'none' };
    const problems = problemsOf(json);
    for (const expected of [/480 minutes/, /out of order/, /hand-over/, /instant/, /agency code/, /hours none/])
      expect(problems).toContainEqual(expect.stringMatching(expected));
  });
});
