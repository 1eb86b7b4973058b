import { isLocalDate } from '#libs/kernel';
import type { LocalDate } from '#libs/kernel';
import type { Calendar, CalendarDay } from './calendar.ts';
import { dateOfDay, dayOfDate, weekdayOf } from './local-time.ts';
import type { ReferenceValue } from './reference-value.ts';

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
export const DAY_KINDS = ['holiday', 'compensation', 'swap-off', 'swap-work'] as const;
const STATUSES = ['confirmed', 'by-rule', 'unknown'] as const;

export function readDays(root: ReferenceValue): Calendar['days'] {
  const sources = new Set(
    root
      .at('sources')
      .entries()
      .map(([key]) => key),
  );
  const days = new Map<LocalDate, CalendarDay>();
  for (const item of root.at('days').items()) {
    const day = readDay(item, sources);
    if (days.has(day.date)) item.refuse(`${day.date} stands twice`);
    days.set(day.date, day);
  }
  return days;
}

function readDay(item: ReferenceValue, sources: ReadonlySet<string>): CalendarDay {
  item.only('date weekday kind works nameVi nameEn source status compensates swappedWith note');
  const day: CalendarDay = {
    date: item.at('date').date(),
    kind: item.at('kind').oneOf(DAY_KINDS),
    works: item.at('works').flag(),
    status: item.at('status').oneOf(STATUSES),
    nameVi: item.at('nameVi').text(),
    nameEn: item.at('nameEn').text(),
    source: item.at('source').text(),
  };
  if (!sources.has(day.source)) item.refuse(`source ${day.source} is not known`);
  if (day.works !== (day.kind === 'swap-work')) item.refuse(`works does not fit ${day.kind}`);
  const weekday = item.at('weekday').oneOf(WEEKDAYS);
  if (isLocalDate(day.date) && WEEKDAYS[weekdayOf(dayOfDate(day.date))] !== weekday) item.refuse(`is no ${weekday}`);
  return day;
}

/** What only the whole table can show: days outside the coverage, swaps and compensations that point nowhere. */
export function checkDays(root: ReferenceValue, { days, coverage }: Calendar): void {
  for (const item of root.at('days').items()) {
    const day = days.get(item.at('date').text() as LocalDate);
    if (!day || !isLocalDate(day.date)) continue;
    if (day.date < coverage.from || day.date > coverage.to) item.refuse(`${day.date} is outside the coverage`);
    checkCompensation(item, days);
    checkSwap(item, day, days);
  }
}

function checkCompensation(item: ReferenceValue, days: Calendar['days']): void {
  for (const holiday of item.optional('compensates')?.items() ?? [])
    if (days.get(holiday.text() as LocalDate)?.kind !== 'holiday') holiday.refuse('is no holiday of the table');
}

function checkSwap(item: ReferenceValue, day: CalendarDay, days: Calendar['days']): void {
  if (day.kind !== 'swap-off' && day.kind !== 'swap-work') return;
  const wanted = day.kind === 'swap-off' ? 'swap-work' : 'swap-off';
  const other = days.get(item.at('swappedWith').text() as LocalDate);
  if (other?.kind !== wanted) item.refuse(`is swapped with no ${wanted}`);
}

/** The file states its working days per year; a table that was cut or doubled somewhere does not add up. */
export function checkWorkingDays(root: ReferenceValue, calendar: Calendar): void {
  const stated = root.optional('derived')?.only('workingDays').at('workingDays').entries() ?? [];
  const counted = countWorkingDays(calendar);
  for (const [year, value] of stated)
    if (value.count() !== counted.get(year)) value.refuse(`the table has ${counted.get(year) ?? 0} working days`);
}

function countWorkingDays({ coverage, days }: Calendar): ReadonlyMap<string, number> {
  const counted = new Map<string, number>();
  for (let day = dayOfDate(coverage.from); day <= dayOfDate(coverage.to); day += 1) {
    const date = dateOfDay(day);
    const works = days.get(date)?.works ?? weekdayOf(day) % 6 !== 0;
    if (works) counted.set(date.slice(0, 4), (counted.get(date.slice(0, 4)) ?? 0) + 1);
  }
  return counted;
}
