/**
 * Instants as wire format 1 spells them, and dates of Viet Nam, which has kept UTC+07:00 without summer time since 1975:
 * a date there begins at 00:00 local time (wire format 7). Nothing here reads a clock.
 */
import { DomainError } from './domain-error.ts';
import type { Instant, LocalDate } from './ids.ts';

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const DATE = /^\d{4}-\d\d-\d\d$/;
const DAYS_OF_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
export const VIET_NAM_OFFSET_MS = 7 * 3_600_000;

const numberAt = (text: string, at: number): number => (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;

function isRealDate(text: string): boolean {
  const year = numberAt(text, 0) * 100 + numberAt(text, 2);
  const month = numberAt(text, 5);
  const day = numberAt(text, 8);
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day >= 1 && day <= (DAYS_OF_MONTH[month - 1] ?? 0) + (leap ? 1 : 0);
}

/** `2023-06-14T01:31:07.480Z`: a real instant in UTC with milliseconds, hour 00–23, no second 60. */
export const isInstant = (text: string): text is Instant =>
  INSTANT.test(text) &&
  isRealDate(text) &&
  numberAt(text, 11) <= 23 &&
  numberAt(text, 14) <= 59 &&
  numberAt(text, 17) <= 59;

/** Throws `MALFORMED`. */
export function parseInstant(text: string): Instant {
  if (isInstant(text)) return text;
  throw new DomainError('MALFORMED', 'not an instant', { what: 'instant' });
}

/** Milliseconds since 1970-01-01T00:00:00Z. */
export const instantToMs = (instant: Instant): number => Date.parse(instant);

/** Milliseconds since 1970-01-01T00:00:00Z, truncated to whole ones. Throws `MALFORMED` outside years 0000 to 9999. */
export function msToInstant(ms: number): Instant {
  const date = new Date(ms);
  return parseInstant(Number.isNaN(date.getTime()) ? '' : date.toISOString());
}

const FIRST_MS = Date.parse('0000-01-01T00:00:00.000Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');
/** Like {@link msToInstant}, but total over numbers: beyond years 0000 to 9999 the nearest instant that can be written. */
export const msToNearestInstant = (ms: number): Instant => msToInstant(Math.min(Math.max(ms, FIRST_MS), LAST_MS));

/** `2023-06-14`: a real date. */
export const isLocalDate = (text: string): text is LocalDate => DATE.test(text) && isRealDate(text);

/** Throws `MALFORMED`. */
export function parseLocalDate(text: string): LocalDate {
  if (isLocalDate(text)) return text;
  throw new DomainError('MALFORMED', 'not a date', { what: 'date' });
}

/** The first moment of a date in Viet Nam: `2023-06-14` gives `2023-06-13T17:00:00.000Z`. */
export const startOfLocalDate = (date: LocalDate): Instant =>
  msToInstant(Date.parse(`${date}T00:00:00.000Z`) - VIET_NAM_OFFSET_MS);

/** The date in Viet Nam at an instant: `2023-06-13T17:00:00.000Z` gives `2023-06-14`; in the last hours of year 9999 its last. */
export const localDateOf = (instant: Instant): LocalDate =>
  msToNearestInstant(instantToMs(instant) + VIET_NAM_OFFSET_MS).slice(0, 10) as LocalDate;
