/** Times for people: Viet Nam time, day first. */
import { instantToMs, msToInstant, VIET_NAM_OFFSET_MS, type Instant } from '#libs/kernel';

/** `14/06/2023 08:12` */
export function showTime(instant: string): string {
  const local = msToInstant(instantToMs(instant as Instant) + VIET_NAM_OFFSET_MS);
  return `${showDate(local)} ${local.slice(11, 16)}`;
}
const showDate = (local: string): string => `${local.slice(8, 10)}/${local.slice(5, 7)}/${local.slice(0, 4)}`;

/** `2.4 s`, `3 min 05 s` */
export function showDuration(ms: number): string {
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}

/** Working days left, as it is said. */
export function showDaysLeft(days: number): string {
  if (days < 0) return `quá hạn ${-days} ngày làm việc · ${-days} working days overdue`;
  return `còn ${days} ngày làm việc · ${days} working days left`;
}

/** How long something has lasted, as an operator reads it at a glance: `45 s`, `12 min`, `3 h`, `2 d`. */
export function showAge(seconds: number): string {
  if (seconds < 90) return `${seconds} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return seconds < 129_600 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`;
}
