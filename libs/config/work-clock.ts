import { isInstant, instantToMs, isJsonObject, msToInstant } from '#libs/kernel';
import type { Instant } from '#libs/kernel';
import type { Reading } from './setting.ts';

/**
 * A clock of work, for a demonstration in another year and faster than life: at real time `wall` it shows `work`, and runs
 * `rate` times as fast. All nodes of a stack are given the same three. Leases, tokens and timers keep to the real clock.
 */
export interface WorkClock {
  readonly wall: Instant;
  readonly work: Instant;
  readonly rate: number;
}

/** Real time in milliseconds since 1970 comes from `wallNow`; without a setting its time is shown as it is. */
export function workClock(setting: WorkClock | undefined, wallNow: () => number): { now(): Instant } {
  if (!setting) return { now: () => msToInstant(wallNow()) };
  const [wall, work] = [instantToMs(setting.wall), instantToMs(setting.work)];
  return { now: () => msToInstant(Math.round(work + (wallNow() - wall) * setting.rate)) };
}

/** `{"wall":"2026-11-24T08:00:00.000Z","work":"2023-06-14T00:30:00.000Z","rate":240}` */
export function readWorkClock(value: unknown): Reading<WorkClock> {
  if (!isJsonObject(value)) return PROBLEM;
  const { wall, work, rate, ...others } = value as Record<string, unknown>;
  const areInstants = typeof wall === 'string' && isInstant(wall) && typeof work === 'string' && isInstant(work);
  const isRate = typeof rate === 'number' && rate > 0 && rate <= 100_000;
  return areInstants && isRate && Object.keys(others).length === 0 ? { value: { wall, work, rate } } : PROBLEM;
}

const PROBLEM = {
  problem: {
    en: 'must hold wall and work (UTC times with milliseconds) and rate (above 0, at most 100000), and nothing else',
    vi: 'phải gồm wall và work (thời điểm UTC có mili giây) và rate (lớn hơn 0, tối đa 100000), không gì khác',
  },
} as const;
