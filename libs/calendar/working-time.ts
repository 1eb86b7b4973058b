/**
 * Working time and its sums: the due-date algorithm of a provincial system (domain 4.3, H), without its weakness on
 * receipts of a day off. Its example table and its properties are in working-time.spec.ts.
 *
 * Whole days keep the time of day; what is less than a day is added within the day first. An end of work (11:30, 17:00) is
 * inside working time for a due date, which may fall on it, and outside it for a receipt at noon, which waits for 13:30.
 */
import type { Instant } from '#libs/kernel';
import { endOfWork, hoursOn, nextWorkingDay, worksOn } from './agency-calendar.ts';
import type { AgencyCalendar } from './agency-calendar.ts';
import type { WorkingHours } from './calendar.ts';
import { HOUR_MS, toInstant, toLocal } from './local-time.ts';
import type { LocalTime } from './local-time.ts';

/**
 * When the count of something received at `at` begins: `at` itself in working time, else the next working time. After the
 * end of the day (step 2 of the algorithm), and on a day off, that is the start of the next working day.
 */
export function startOfCount(view: AgencyCalendar, at: Instant): LocalTime {
  const { day, ms } = toLocal(at);
  if (!worksOn(view, day)) return firstWorkAfter(view, day);
  return ms > hoursOn(view, day).dayEnd ? firstWorkAfter(view, day) : intoWork(view, { day, ms });
}

/** As {@link startOfCount}, but for a moment that is no receipt: the cut-off of receipts does not touch it. */
export function intoWork(view: AgencyCalendar, { day, ms }: LocalTime): LocalTime {
  if (!worksOn(view, day)) return firstWorkAfter(view, day);
  const hours = hoursOn(view, day);
  return ms > endOfWork(hours) ? firstWorkAfter(view, day) : { day, ms: fit(hours, ms) };
}

function firstWorkAfter(view: AgencyCalendar, day: number): LocalTime {
  const next = nextWorkingDay(view, day);
  return { day: next, ms: hoursOn(view, next).intervals[0].from };
}

function fit(hours: WorkingHours, ms: number): number {
  for (const { from, to } of hours.intervals) if (ms < to) return Math.max(ms, from);
  return endOfWork(hours);
}

/** Whole working days later at the same time of day; only where the hours of the two days differ it moves into them. */
export function shiftWorkingDays(view: AgencyCalendar, { day, ms }: LocalTime, days: number): LocalTime {
  let target = day;
  for (let i = 0; i < days; i += 1) target = nextWorkingDay(view, target);
  const hours = hoursOn(view, target);
  const inside = hours.intervals.some(({ from, to }) => from <= ms && ms <= to);
  return { day: target, ms: inside ? ms : fit(hours, ms) };
}

/** Steps 1, 3 and 4: the part below a day within the day, skipping the noon break, carried over its end; then the days. */
export function addWorkingMs(view: AgencyCalendar, start: LocalTime, ms: number): LocalTime {
  const perDay = msPerDay(hoursOn(view, start.day));
  return shiftWorkingDays(view, addRest(view, start, ms % perDay), Math.floor(ms / perDay));
}

function addRest(view: AgencyCalendar, start: LocalTime, ms: number): LocalTime {
  if (ms === 0) return start;
  let rest = ms;
  let at = start;
  for (;;) {
    for (const { from, to } of hoursOn(view, at.day).intervals) {
      const room = to - Math.max(from, at.ms);
      if (room <= 0) continue;
      if (rest <= room) return { day: at.day, ms: to - room + rest };
      rest -= room;
    }
    at = { day: nextWorkingDay(view, at.day), ms: 0 };
  }
}

const msPerDay = (hours: WorkingHours): number => hours.intervals.reduce((sum, { from, to }) => sum + (to - from), 0);

/** Milliseconds of working time in [from, to); 0 when `to` is not later. @throws DomainError `CALENDAR_NOT_COVERED` */
export function workingMsBetween(view: AgencyCalendar, from: Instant, to: Instant): number {
  const [first, last] = [toLocal(from), toLocal(to)];
  let sum = 0;
  for (let day = first.day; day <= last.day; day += 1) {
    if (!worksOn(view, day)) continue;
    const begin = day === first.day ? first.ms : 0;
    const end = day === last.day ? last.ms : Infinity;
    for (const interval of hoursOn(view, day).intervals)
      sum += Math.max(0, Math.min(interval.to, end) - Math.max(interval.from, begin));
  }
  return sum;
}

/**
 * `days` working days after a receipt at `at`, at the same time of day.
 * @throws DomainError `CALENDAR_NOT_COVERED`
 */
export const addWorkingDays = (view: AgencyCalendar, at: Instant, days: number): Instant =>
  toInstant(shiftWorkingDays(view, startOfCount(view, at), days));

/**
 * `hours` working hours after a receipt at `at`; as many hours as a day of work has are a working day (8 hours: the same
 * time on the next working day, not the evening of this one).
 * @throws DomainError `CALENDAR_NOT_COVERED`
 */
export const addWorkingHours = (view: AgencyCalendar, at: Instant, hours: number): Instant =>
  toInstant(addWorkingMs(view, startOfCount(view, at), hours * HOUR_MS));
