import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parseCalendar } from '#libs/calendar';
import { parseAgencyCode, parseProcedureCode } from '#libs/kernel';
import type { AgencyCode, Instant } from '#libs/kernel';
import {
  deadlineRules,
  feeFor,
  findNumberedVersion,
  findVersion,
  legsOf,
  limitFor,
  parseProcedures,
  procedureRules,
} from './index.ts';
import type { ProcedureVersion, RouteStep, SubmissionChannel } from './index.ts';

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../reference/${name}`, import.meta.url), 'utf8'));
const procedures = parseProcedures(read('procedures.json'), read('rules.json'));
const calendar = parseCalendar(read('working-calendar.json'));
const vn = (text: string): Instant => new Date(`${text.replace(' ', 'T')}:00+07:00`).toISOString() as Instant;
const wall = (at: Instant | undefined): string =>
  at === undefined ? '–' : new Date(Date.parse(at) + 7 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');

function versionOf(code: string, version = 1): ProcedureVersion {
  const found = findNumberedVersion(procedures, parseProcedureCode(code), version);
  if (!found) throw new Error(`no ${code} version ${version}`);
  return found;
}

describe('versions', () => {
  const code = parseProcedureCode('1.001612');
  it.each([
    ['2021-01-03 23:59', undefined],
    ['2021-01-04 00:00', 1],
    ['2025-06-30 23:59', 1],
    ['2025-07-01 00:00', 2],
  ])('of 1.001612 at %s: %s', (at, version) => {
    expect(findVersion(procedures, code, vn(at))?.version).toBe(version);
  });

  it('are found by a code with a local suffix', () => {
    const local = parseProcedureCode('1.001193.000.00.00.H26');
    expect(findVersion(procedures, local, vn('2023-06-14 08:00'))?.code).toBe('1.001193');
    expect(findNumberedVersion(procedures, parseProcedureCode('9.999999'), 1)).toBeUndefined();
  });
});

describe('limits and fees by channel and case', () => {
  it('a version without cases has the standard one', () => {
    expect(limitFor(versionOf('1.001731'), 'direct')).toEqual({ value: 5, unit: 'working-day' });
    expect(feeFor(versionOf('1.004194'), 'direct')).toBe(15000);
    expect(feeFor(versionOf('1.004194'), 'online')).toBe(7000);
    expect(feeFor(versionOf('1.004194'), 'public-post')).toBe(15000);
    expect(() => limitFor(versionOf('1.004194'), 'direct', 'by-list')).toThrow(
      expect.objectContaining({
        code: 'PROCEDURE_CASE_UNKNOWN',
        details: expect.objectContaining({ cases: ['standard'] }),
      }),
    );
  });

  it('a version with cases has them beside it', () => {
    const json = structuredClone(read('procedures.json')) as { procedures: { code: string; versions: object[] }[] };
    const version = json.procedures.find(({ code }) => code === '1.004194')?.versions[0];
    Object.assign(version ?? {}, {
      limitOnline: { value: 2, unit: 'workingDay' },
      cases: [
        {
          code: 'by-list',
          nameVi: 'Theo danh sách',
          limit: { value: 4, unit: 'workingDay' },
          fee: 10000,
          feeOnline: 5000,
        },
      ],
    });
    const found = findNumberedVersion(parseProcedures(json, read('rules.json')), parseProcedureCode('1.004194'), 1);
    expect(found && limitFor(found, 'online')).toEqual({ value: 2, unit: 'working-day' });
    expect(found && limitFor(found, 'online', 'by-list')).toEqual({ value: 4, unit: 'working-day' });
    expect(found && feeFor(found, 'online', 'by-list')).toBe(5000);
  });
});

describe('routes', () => {
  const route = (code: string, version = 1) =>
    legsOf(versionOf(code, version)).map(({ level, limit }) => `${level} ${limit.value} ${limit.unit}`);

  it('are legs, each with what its steps take together', () => {
    expect(route('1.001731')).toEqual(['commune 2 working-day', 'district 3 working-day', 'commune 0 instant']);
    expect(route('2.000286')).toEqual([
      'commune 17 working-day',
      'district 10 working-day',
      'city 7 working-day',
      'commune 0 instant',
    ]);
    expect(route('1.010041')).toEqual(['commune 4 working-hour']);
    expect(route('2.000488')).toEqual(['district 2 calendar-day', 'city 8 calendar-day', 'district 0 instant']);
  });

  it('add days and hours of one leg up in hours, eight to the day (domain 4.3, step 1)', () => {
    const version = versionOf('1.010041');
    const [first] = version.route;
    const days = { ...first, step: 9, task: 'appraise', limit: { value: 2, unit: 'working-day' } } as RouteStep;
    expect(legsOf({ ...version, route: [...version.route, days] })[0]?.limit).toEqual({
      value: 20,
      unit: 'working-hour',
    });
  });

  it('leave custody in place for steps that run side by side', () => {
    const legs = legsOf(versionOf('2.002621'));
    expect(legs).toHaveLength(1);
    expect(legs[0]?.alongside.map(({ role }) => role)).toEqual(['socialInsurance']);
    expect(legs[0]?.limit).toEqual({ value: 3, unit: 'working-day' });
  });
});

describe('the deadlines of a dossier', () => {
  const [commune, district, city] = ['H26.129.01', 'H26.129', 'H26'].map(parseAgencyCode) as [
    AgencyCode,
    AgencyCode,
    AgencyCode,
  ];
  const places = new Map([
    [commune, { level: 'commune', superiors: [district, city] }],
    [district, { level: 'district', superiors: [city] }],
    [city, { level: 'city', superiors: [] }],
    [parseAgencyCode('H57'), { level: 'province', superiors: [] }],
    [parseAgencyCode('G01'), { level: 'ministry', superiors: [] }],
  ]);
  const basis = {
    calendar,
    agency: commune,
    at: vn('2023-06-14 08:31'),
    findAgency: (code: AgencyCode) => places.get(code),
  };
  const rules = (code: string, channel: SubmissionChannel = 'direct', version = 1) =>
    deadlineRules({ ...basis, rules: procedures.rules, version: versionOf(code, version), channel });

  it('are reckoned by the version, the channel and the calendar in force', () => {
    const bound = rules('1.001731');
    expect(bound.clock).toEqual({ rule: 'restart', calendarVersion: 'vn-2023.1' });
    expect(bound.limit).toEqual({ value: 5, unit: 'working-day' });
    expect(wall(bound.receiptDue(vn('2023-06-14 08:31')))).toBe('2023-06-21 08:31');
    expect(wall(bound.restart(vn('2023-06-16 10:00')))).toBe('2023-06-23 10:00');
    expect(wall(bound.intakeAnswerDue(vn('2023-06-17 09:00')))).toBe('2023-06-20 08:00');
  });

  it('stop the clock for a tax or charge fixed on the way, and take off the time waited', () => {
    expect(rules('1.013978').paymentClockEffect).toBe('stop');
    expect(rules('1.001612').paymentClockEffect).toBe('run');
    const after = rules('1.010803', 'direct', 2);
    expect(after.clock.rule).toBe('stop-and-subtract');
    const waiting = {
      dueAt: vn('2023-06-21 08:31'),
      askedAt: vn('2023-06-15 10:00'),
      providedAt: vn('2023-06-16 10:00'),
    };
    expect(wall(after.subtract(waiting))).toBe('2023-06-22 08:31');
  });

  it('hand over online dossiers at once, others on the day', () => {
    expect(rules('1.001731', 'online').handOverBy(vn('2023-06-14 08:31'))).toBeUndefined();
    expect(wall(rules('1.001731').handOverBy(vn('2023-06-14 15:30')))).toBe('2023-06-15 08:00');
    expect(wall(rules('1.001731', 'public-post').handOverBy(vn('2023-06-14 09:00')))).toBe('2023-06-14 17:30');
  });

  it.each([
    ['the district, by the task', 'H26.129', { step: 'appraise' }, '2023-06-19 09:00'],
    ['the district, by a task of another leg', 'H26.129', { step: 'verify' }, '2023-06-19 09:00'],
    ['back at the commune', 'H26.129.01', { step: 'deliver' }, '2023-06-14 17:30'],
    ['a commune from the start, for want of competence', 'H26.129.01', { step: 'receive' }, '2023-06-16 09:00'],
    ['a step by its number', 'H26.129', { step: 'decide', stepNumber: 4 }, '2023-06-19 09:00'],
    ['a level the route does not know', 'H57', { step: 'decide' }, '–'],
    ['a ministry', 'G01', { step: 'opinion' }, '–'],
    ['an agency nobody knows', 'H99', { step: 'appraise' }, '–'],
  ])('give the leg of %s', (_what, to, route, due) => {
    expect(wall(rules('1.001731').legDue(vn('2023-06-14 09:00'), parseAgencyCode(to), route))).toBe(due);
  });

  it('count the leg of an agency by its own working hours', () => {
    const inHue = { ...versionOf('1.010803') };
    const bound = deadlineRules({ ...basis, rules: procedures.rules, version: inHue, channel: 'direct' });
    expect(wall(bound.legDue(vn('2023-06-14 07:10'), parseAgencyCode('H57'), { step: 'decide' }))).toBe(
      '2023-06-30 07:10',
    );
    expect(wall(bound.legDue(vn('2023-06-14 07:10'), city, { step: 'decide' }))).toBe('2023-06-30 08:00');
  });

  it('give the deadline of a step', () => {
    expect(wall(rules('1.001731').stepDue(vn('2023-06-14 09:00'), { step: 'appraise' }))).toBe('2023-06-16 09:00');
    expect(wall(rules('1.001731').stepDue(vn('2023-06-14 09:00'), { step: 'decide', stepNumber: 2 }))).toBe(
      '2023-06-16 09:00',
    );
    expect(rules('1.001731').stepDue(vn('2023-06-14 09:00'), { step: 'audit' })).toBeUndefined();
  });

  it('are refused beyond the calendar', () => {
    expect(() => rules('1.001731').receiptDue(vn('2027-12-30 09:00'))).toThrow(
      expect.objectContaining({ code: 'CALENDAR_NOT_COVERED' }),
    );
  });

  describe('as a decision asks for them', () => {
    const asked = { code: parseProcedureCode('1.001731'), case: 'standard', channel: 'direct', at: basis.at } as const;
    const bound = procedureRules({ ...basis, procedures });

    it('by what is in force', () => {
      const found = bound.findInForce(asked);
      expect(found).toMatchObject({ version: 1, deadlines: { limit: { value: 5 } } });
      expect(bound.findInForce({ ...asked, case: 'by-list' })).toBe('case-unknown');
      expect(bound.findInForce({ ...asked, code: parseProcedureCode('9.999999') })).toBe('unknown');
      expect(bound.findInForce({ ...asked, at: vn('2021-06-30 23:59') })).toBe('unknown');
    });

    it('by the version a dossier keeps', () => {
      const { code } = asked;
      expect(bound.findDeadlines({ code, version: 2, case: 'standard' }, 'direct')?.limit.value).toBe(3);
      expect(bound.findDeadlines({ code, version: 9, case: 'standard' }, 'direct')).toBeUndefined();
      expect(bound.findDeadlines({ code, version: 1, case: 'by-list' }, 'direct')).toBeUndefined();
    });
  });
});
