/**
 * On which day of work a start begins. The demo's first day is an ordinary Wednesday of June 2023; a later start goes on
 * with the first working day after what the stack has seen, so that work time never runs back over kept state.
 */
import { agencyCalendar, isWorkingDay, type Calendar } from '#libs/calendar';
import type { WorkClock } from '#libs/config';
import {
  instantToMs,
  localDateOf,
  msToInstant,
  parseAgencyCode,
  parseLocalDate,
  startOfLocalDate,
  type Instant,
  type LocalDate,
} from '#libs/kernel';

const FIRST_DAY = parseLocalDate('2023-06-14');
/** The doors of a one-stop unit open at 08:00; the clock starts half an hour before (07:30 in Viet Nam). */
const OPENING_MS = 7.5 * 3_600_000;
const DAY_MS = 86_400_000;

const openingOf = (date: LocalDate): Instant => msToInstant(instantToMs(startOfLocalDate(date)) + OPENING_MS);

/** 07:30 in Viet Nam of the first day, or of the first working day of Hà Nội that begins after `reached`. */
export function nextWorkDay(calendar: Calendar, reached: Instant | undefined): Instant {
  if (reached === undefined) return openingOf(FIRST_DAY);
  const view = agencyCalendar(calendar, parseAgencyCode('H26'));
  for (let day = instantToMs(startOfLocalDate(localDateOf(reached))); ; day += DAY_MS) {
    const date = localDateOf(msToInstant(day));
    const opening = openingOf(date);
    if (opening > reached && isWorkingDay(view, date)) return opening;
  }
}

/** A clock that shows `work` at the real time `wallMs` and runs `rate` times as fast. */
export const clockFrom = (work: Instant, wallMs: number, rate: number): WorkClock => ({
  wall: msToInstant(wallMs),
  work,
  rate,
});
