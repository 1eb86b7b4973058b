/** The working time of one day, as milliseconds since 1970: what is planned happens within it. */
import { agencyCalendar, receptionIntervals, workingIntervals } from '#libs/calendar';
import { DomainError, instantToMs, localDateOf, type Instant, type LocalDate } from '#libs/kernel';
import { CITY, type DayReference } from './reference.ts';

const MINUTE_MS = 60_000;

export interface WorkDay {
  readonly date: LocalDate;
  readonly intervals: readonly { readonly from: number; readonly to: number }[];
}

/**
 * The rest of the working time of the day of `start` in Hà Nội; on a Saturday of reception the morning in which dossiers
 * are received. Throws `DAY_WITHOUT_WORK` when nothing is left, `CALENDAR_NOT_COVERED` beyond the calendar.
 */
export function workDayFrom({ calendar }: DayReference, start: Instant): WorkDay {
  const date = localDateOf(start);
  const view = agencyCalendar(calendar, CITY);
  const working = workingIntervals(view, date);
  const open = working.length > 0 ? working : receptionIntervals(view, date);
  const intervals = open
    .map(({ from, to }) => ({ from: Math.max(instantToMs(from), instantToMs(start)), to: instantToMs(to) }))
    .filter(({ from, to }) => from < to);
  if (intervals.length === 0) {
    throw new DomainError('DAY_WITHOUT_WORK', `no work is done on ${date} after ${start}`, { date, start });
  }
  return { date, intervals };
}

const lengthOf = ({ intervals }: WorkDay): number => intervals.reduce((sum, { from, to }) => sum + (to - from), 0);

/** `minutes` of working time after `ms`; undefined when the day ends before. */
export function laterIn({ intervals }: WorkDay, ms: number, minutes: number): number | undefined {
  let rest = minutes * MINUTE_MS;
  for (const { from, to } of intervals) {
    const start = Math.max(from, ms);
    if (start >= to) continue;
    if (rest < to - start) return start + rest;
    rest -= to - start;
  }
  return undefined;
}

/** The moment at which that share of the working time, from 0 to before 1, is over. */
export function momentAt(day: WorkDay, share: number): number {
  const moment = laterIn(day, 0, (share * lengthOf(day)) / MINUTE_MS);
  return Math.floor(moment ?? day.intervals.at(-1)?.to ?? 0);
}
