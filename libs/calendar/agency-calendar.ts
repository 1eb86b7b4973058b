import { DomainError } from '#libs/kernel';
import type { AgencyCode, Instant, LocalDate } from '#libs/kernel';
import { isCovered, isValidOn } from './calendar.ts';
import type { Calendar, DayInterval, SaturdayReception, WorkingHours } from './calendar.ts';
import { CALENDAR_NOT_COVERED } from './error-codes.ts';
import { dateOfDay, dayOfDate, toInstant, weekdayOf } from './local-time.ts';

const SATURDAY = 6;

/** A calendar as one agency works by it. Made by {@link agencyCalendar}; every function of deadlines takes one. */
export interface AgencyCalendar {
  readonly calendar: Calendar;
  readonly agency: AgencyCode;
  /** All hours of that agency, one for each interval of validity. */
  readonly hours: readonly WorkingHours[];
  readonly saturdayReception?: SaturdayReception;
}

/** From `from` to before `to`. */
export interface TimeInterval {
  readonly from: Instant;
  readonly to: Instant;
}

/**
 * The calendar of an agency. Hours are set for a city or province and hold for what is below it: the nearest of the agency
 * and its `superiors` (nearest first, as the directory gives them) that has hours decides. The parent is not read out of
 * the code: codes outlive parents.
 * @throws DomainError `CALENDAR_NOT_COVERED` when none of them has hours.
 */
export function agencyCalendar(
  calendar: Calendar,
  agency: AgencyCode,
  superiors: readonly AgencyCode[] = [],
): AgencyCalendar {
  const owner = [agency, ...superiors].find((code) => calendar.agencyHours.has(code));
  if (owner === undefined)
    throw new DomainError(CALENDAR_NOT_COVERED, `no working hours are known for ${agency}`, { agency });
  const id = calendar.agencyHours.get(owner);
  const { saturdayReception } = calendar;
  return {
    calendar,
    agency,
    hours: calendar.hours.filter((hours) => hours.id === id),
    ...(saturdayReception?.agencies.has(agency) && { saturdayReception }),
  };
}

/** @throws DomainError `CALENDAR_NOT_COVERED`: no day is ever guessed beyond the table. */
export function worksOn(view: AgencyCalendar, day: number): boolean {
  const { calendar } = view;
  if (!isCovered(calendar, day)) throw notCovered(view, day);
  return calendar.days.get(dateOfDay(day))?.works ?? weekdayOf(day) % 6 !== 0;
}

export function hoursOn(view: AgencyCalendar, day: number): WorkingHours {
  const date = dateOfDay(day);
  const found = view.hours.find(({ validFrom, validTo }) => isValidOn(date, validFrom, validTo));
  if (!found) throw notCovered(view, day);
  return found;
}

export function nextWorkingDay(view: AgencyCalendar, day: number): number {
  let next = day + 1;
  while (!worksOn(view, next)) next += 1;
  return next;
}

export const endOfWork = (hours: WorkingHours): number => (hours.intervals.at(-1) ?? hours.intervals[0]).to;

/** Whether work is done on that date in Viet Nam. @throws DomainError `CALENDAR_NOT_COVERED` */
export const isWorkingDay = (view: AgencyCalendar, date: LocalDate): boolean => worksOn(view, dayOfDate(date));

/** Working time of that date, in order; empty on a day off. @throws DomainError `CALENDAR_NOT_COVERED` */
export function workingIntervals(view: AgencyCalendar, date: LocalDate): readonly TimeInterval[] {
  const day = dayOfDate(date);
  return worksOn(view, day) ? intervalsAt(day, hoursOn(view, day).intervals) : [];
}

/**
 * When a dossier may be received at the counter: the working time, and on a Saturday of reception its morning, in which no
 * working time runs (Quyết định 14/2010/QĐ-TTg; domain 7.2). A swapped Saturday is a full working day.
 * @throws DomainError `CALENDAR_NOT_COVERED`
 */
export function receptionIntervals(view: AgencyCalendar, date: LocalDate): readonly TimeInterval[] {
  const day = dayOfDate(date);
  if (worksOn(view, day)) return workingIntervals(view, date);
  const reception = view.saturdayReception;
  if (!reception || weekdayOf(day) !== SATURDAY) return [];
  if (!isValidOn(date, reception.validFrom, reception.validTo)) return [];
  const kind = view.calendar.days.get(date)?.kind;
  return kind !== undefined && reception.notOn.has(kind) ? [] : intervalsAt(day, reception.intervals);
}

const intervalsAt = (day: number, intervals: readonly DayInterval[]): readonly TimeInterval[] =>
  intervals.map(({ from, to }) => ({ from: toInstant({ day, ms: from }), to: toInstant({ day, ms: to }) }));

function notCovered({ agency, calendar }: AgencyCalendar, day: number): DomainError {
  const { coverage, version } = calendar;
  const date = dateOfDay(day);
  const text = `the working calendar (edition ${version}) covers ${coverage.from} to ${coverage.to}, not ${date}`;
  return new DomainError(CALENDAR_NOT_COVERED, text, { agency, date, from: coverage.from, to: coverage.to });
}
