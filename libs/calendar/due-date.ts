import { laterOf } from '#libs/kernel';
import type { Instant } from '#libs/kernel';
import { endOfWork, hoursOn, nextWorkingDay, worksOn } from './agency-calendar.ts';
import type { AgencyCalendar } from './agency-calendar.ts';
import { toInstant, toLocal } from './local-time.ts';
import {
  addWorkingDays,
  addWorkingHours,
  addWorkingMs,
  intoWork,
  startOfCount,
  workingMsBetween,
} from './working-time.ts';

export type LimitUnit = 'working-day' | 'working-hour' | 'calendar-day' | 'instant';

/** Time limit of a procedure (thời hạn giải quyết). `instant` has the value 0: the result on the day of receipt. */
export interface ProcessingLimit {
  readonly value: number;
  readonly unit: LimitUnit;
}

/** Nghị định 107/2021, as one province answers citizens: 8 working hours (domain 4.3, M and L: a default, not a law). */
export const INTAKE_ANSWER_HOURS = 8;

/**
 * Due date of what is received at `receivedAt` under `limit` (domain 4.3).
 *
 * Working days and hours: {@link addWorkingDays}, {@link addWorkingHours}. Calendar days: every day counts, the day after
 * the start of the count is the first; the limit ends with the working time of its last day, and a last day off moves on
 * to the next working day (Bộ luật Dân sự 2015, Điều 148(5)). Instant: {@link instantDueAt}.
 * @throws DomainError `CALENDAR_NOT_COVERED`
 */
export function dueAt(view: AgencyCalendar, receivedAt: Instant, limit: ProcessingLimit): Instant {
  switch (limit.unit) {
    case 'working-day':
      return addWorkingDays(view, receivedAt, limit.value);
    case 'working-hour':
      return addWorkingHours(view, receivedAt, limit.value);
    case 'calendar-day':
      return endOfDayOnOrAfter(view, startOfCount(view, receivedAt).day + limit.value);
    case 'instant':
      return instantDueAt(view, receivedAt);
  }
}

/** Same-day procedures: the end of work of the day, or of the next working day when received after 15:00 (Nghị định 23/2015 Art 7). */
export function instantDueAt(view: AgencyCalendar, receivedAt: Instant): Instant {
  const start = startOfCount(view, receivedAt);
  const late = start.ms > view.calendar.cutOffs.instant;
  return endOfDayOnOrAfter(view, late ? start.day + 1 : start.day);
}

/**
 * Last moment of a period that the law counts in days for what an office has to do: a period in working days ends with the
 * work of its last day, whatever the hour at which it began (Bộ luật Dân sự 2015, Điều 148); other units as {@link dueAt}.
 * @throws DomainError `CALENDAR_NOT_COVERED`
 */
export function endOfPeriod(view: AgencyCalendar, from: Instant, within: ProcessingLimit): Instant {
  const due = dueAt(view, from, within);
  return within.unit === 'working-day' ? endOfDayOnOrAfter(view, toLocal(due).day) : due;
}

function endOfDayOnOrAfter(view: AgencyCalendar, day: number): Instant {
  const last = worksOn(view, day) ? day : nextWorkingDay(view, day);
  return toInstant({ day: last, ms: endOfWork(hoursOn(view, last)) });
}

/**
 * Clock rule `restart` (Nghị định 61/2018 Art 19(4)): once the dossier is full, the limit begins again from the start.
 * The time already used and the time of waiting are both forgotten: nothing else may be taken off.
 */
export const dueAtRestarted = (view: AgencyCalendar, providedAt: Instant, limit: ProcessingLimit): Instant =>
  dueAt(view, providedAt, limit);

/** A supplement asked for and provided, and the due date in force when it was asked for. */
export interface Waiting {
  readonly dueAt: Instant;
  readonly askedAt: Instant;
  readonly providedAt: Instant;
}

/**
 * Clock rule `stop-and-subtract` (scoring of Decision 766): the clock stands while the applicant is waited for, in the unit
 * of the limit. Working units: `dueAt` moves on by the working time waited. Calendar days: by the days waited. Instant: the
 * result is due on the day the dossier is full. What was overdue when it was asked stays overdue. Never earlier than `dueAt`.
 * @throws DomainError `CALENDAR_NOT_COVERED`
 */
export function dueAtAfterWaiting(view: AgencyCalendar, waiting: Waiting, unit: LimitUnit): Instant {
  const { askedAt, providedAt } = waiting;
  switch (unit) {
    case 'working-day':
    case 'working-hour': {
      const waited = workingMsBetween(view, askedAt, providedAt);
      return waited === 0
        ? waiting.dueAt
        : toInstant(addWorkingMs(view, intoWork(view, toLocal(waiting.dueAt)), waited));
    }
    case 'calendar-day': {
      const waited = Math.max(0, toLocal(providedAt).day - toLocal(askedAt).day);
      return laterOf(waiting.dueAt, endOfDayOnOrAfter(view, toLocal(waiting.dueAt).day + waited));
    }
    case 'instant':
      return laterOf(waiting.dueAt, instantDueAt(view, providedAt));
  }
}

/**
 * Latest hand-over of a dossier received at the counter or by post: on the same working day; received after 15:00, or on a
 * day without processing, at the start of the next working day (Nghị định 61/2018 Art 18(2)). What came online is handed
 * over at once (Art 18(1)) and has no such date.
 * @throws DomainError `CALENDAR_NOT_COVERED`
 */
export function handOverBy(view: AgencyCalendar, receivedAt: Instant): Instant {
  const { day, ms } = toLocal(receivedAt);
  if (worksOn(view, day) && ms <= view.calendar.cutOffs.handOver)
    return toInstant({ day, ms: endOfWork(hoursOn(view, day)) });
  const next = nextWorkingDay(view, day);
  return toInstant({ day: next, ms: hoursOn(view, next).intervals[0].from });
}

/** When an online submission must have its answer. @throws DomainError `CALENDAR_NOT_COVERED` */
export const intakeAnswerBy = (view: AgencyCalendar, submittedAt: Instant, hours = INTAKE_ANSWER_HOURS): Instant =>
  addWorkingHours(view, submittedAt, hours);
