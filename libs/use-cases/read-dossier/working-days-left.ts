import { agencyCalendar, isWorkingDay, type Calendar } from '#libs/calendar';
import { superiorsOf, type Directory } from '#libs/directory';
import {
  DomainError,
  instantToMs,
  localDateOf,
  msToInstant,
  type AgencyCode,
  type Instant,
  type LocalDate,
} from '#libs/kernel';

const DAY_MS = 86_400_000;
/** Nobody plans further; a due date beyond it is a mistake and shown without a count. */
const MAX_DAYS = 3660;

export interface DueFor {
  readonly agency: AgencyCode;
  readonly dueAt: Instant;
  readonly now: Instant;
}

/**
 * Working days of the agency between now and the due date: 0 on the day itself, −1 from the first moment overdue, then one
 * more for each working day. Undefined where the calendar does not reach (domain 7).
 */
export function workingDaysLeft(
  calendar: Calendar,
  directory: Directory,
  { agency, dueAt, now }: DueFor,
): number | undefined {
  try {
    const view = agencyCalendar(calendar, agency, superiorsOf(directory, agency, now));
    const count = (from: Instant, to: Instant): number =>
      datesAfter(from, to).filter((date) => isWorkingDay(view, date)).length;
    return now <= dueAt ? count(now, dueAt) : -Math.max(1, count(dueAt, now));
  } catch (error) {
    if (error instanceof DomainError && error.code === 'CALENDAR_NOT_COVERED') return undefined;
    throw error;
  }
}

/** Dates in Viet Nam after that of `from`, up to that of `to`. */
function datesAfter(from: Instant, to: Instant): readonly LocalDate[] {
  const last = localDateOf(to);
  const dates: LocalDate[] = [];
  for (let ms = instantToMs(from) + DAY_MS; dates.length < MAX_DAYS; ms += DAY_MS) {
    const date = localDateOf(msToInstant(ms));
    if (date > last) break;
    dates.push(date);
  }
  return dates;
}
