/**
 * Wall clock of Viet Nam in numbers: days since 1970-01-01, milliseconds since local midnight. The zone keeps one offset
 * (kernel `instant.ts`), so that days and hours add up exactly.
 */
import { instantToMs, msToInstant, VIET_NAM_OFFSET_MS } from '#libs/kernel';
import type { Instant, LocalDate } from '#libs/kernel';

const DAY_MS = 86_400_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;

export interface LocalTime {
  readonly day: number;
  readonly ms: number;
}

export function toLocal(at: Instant): LocalTime {
  const local = instantToMs(at) + VIET_NAM_OFFSET_MS;
  const day = Math.floor(local / DAY_MS);
  return { day, ms: local - day * DAY_MS };
}

export const toInstant = ({ day, ms }: LocalTime): Instant => msToInstant(day * DAY_MS + ms - VIET_NAM_OFFSET_MS);

export const dateOfDay = (day: number): LocalDate => msToInstant(day * DAY_MS).slice(0, 10) as LocalDate;
export const dayOfDate = (date: LocalDate): number => Date.parse(`${date}T00:00:00Z`) / DAY_MS;

/** 0 is Sunday; 1970-01-01 was a Thursday. */
export const weekdayOf = (day: number): number => (((day + 4) % 7) + 7) % 7;
