import type { Instant } from '#libs/kernel';

export interface Interval {
  /** Absent: from ever. */
  readonly validFrom?: Instant;
  /** First moment no longer valid; absent: no end yet. */
  readonly validTo?: Instant;
}

/** Of those good at `at`, the one with the latest start: the key to sign with, to announce and to seal for. */
export function newestInForce<K extends Interval>(keys: readonly K[], at: Instant): K | undefined {
  let newest: K | undefined;
  for (const key of keys) {
    const { validFrom = '', validTo } = key;
    const inForce = validFrom <= at && (validTo === undefined || at < validTo);
    if (inForce && (newest === undefined || validFrom > (newest.validFrom ?? ''))) newest = key;
  }
  return newest;
}
