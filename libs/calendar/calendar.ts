/**
 * Working calendars as data (domain 7): a table of days with validity and version, hours of work by agency, cut-offs, and
 * Saturday reception. Nothing here is a constant of law: every number comes from the file that the version names.
 */
import { localDateOf } from '#libs/kernel';
import type { AgencyCode, Instant, LocalDate } from '#libs/kernel';
import { dayOfDate } from './local-time.ts';

/** Day off by law; weekday off for a holiday on a rest day; weekday off worked elsewhere; rest day worked instead. */
export type DayKind = 'holiday' | 'compensation' | 'swap-off' | 'swap-work';
/** `unknown`: depends on a decision not found or not yet taken; the entry is the best guess. */
export type DayStatus = 'confirmed' | 'by-rule' | 'unknown';

export interface CalendarDay {
  readonly date: LocalDate;
  readonly kind: DayKind;
  readonly works: boolean;
  readonly status: DayStatus;
  readonly nameVi: string;
  readonly nameEn: string;
  readonly source: string;
}

/** Half-open, in milliseconds since midnight in Viet Nam. */
export interface DayInterval {
  readonly from: number;
  readonly to: number;
}

export interface WorkingHours {
  readonly id: string;
  readonly intervals: readonly [DayInterval, ...DayInterval[]];
  /** What is received after this counts from the next working day: the end of work, or an earlier cut-off of the data. */
  readonly dayEnd: number;
  readonly validFrom: LocalDate;
  readonly validTo?: LocalDate;
}

/** Reception without processing: a dossier may be received, no working time runs (domain 7.2). */
export interface SaturdayReception {
  readonly intervals: readonly DayInterval[];
  readonly agencies: ReadonlySet<AgencyCode>;
  readonly notOn: ReadonlySet<DayKind>;
  readonly validFrom: LocalDate;
  readonly validTo?: LocalDate;
}

export interface Calendar {
  /** Edition of the table, e.g. `1`; see {@link calendarVersionAt} for what an event records. */
  readonly version: string;
  /** First and last day the table speaks of, both included. */
  readonly coverage: { readonly from: LocalDate; readonly to: LocalDate };
  readonly days: ReadonlyMap<LocalDate, CalendarDay>;
  readonly hours: readonly WorkingHours[];
  readonly agencyHours: ReadonlyMap<AgencyCode, string>;
  /** Milliseconds since midnight. `handOver`: Nghị định 61/2018 Art 18(2); `instant`: Nghị định 23/2015 Art 7. */
  readonly cutOffs: { readonly handOver: number; readonly instant: number };
  readonly saturdayReception?: SaturdayReception;
}

/** `from` included, `to` excluded; an absent `to` is open. */
export const isValidOn = (date: LocalDate, from: LocalDate, to: LocalDate | undefined): boolean =>
  date >= from && (to === undefined || date < to);

export const isCovered = (calendar: Calendar, day: number): boolean =>
  day >= dayOfDate(calendar.coverage.from) && day <= dayOfDate(calendar.coverage.to);

/**
 * What an event records: `vn-<year>.<edition>`, the year in Viet Nam at `at` (so that a reader sees which yearly notice was
 * meant) and the edition of the table. Days beyond that year are reckoned with the same edition; the edition alone decides
 * the dates, and {@link findCalendar} needs nothing else to find it again.
 */
export const calendarVersionAt = (calendar: Calendar, at: Instant): string =>
  `vn-${localDateOf(at).slice(0, 4)}.${calendar.version}`;

/** The edition that a recorded calendar version names, if it is among those kept and covers that year. */
export function findCalendar(editions: readonly Calendar[], calendarVersion: string): Calendar | undefined {
  const match = /^vn-(\d{4})\.([1-9]\d*)$/.exec(calendarVersion);
  if (!match) return undefined;
  const [, year = '', edition] = match;
  return editions.find(
    ({ version, coverage }) =>
      version === edition && coverage.from.slice(0, 4) <= year && year <= coverage.to.slice(0, 4),
  );
}
