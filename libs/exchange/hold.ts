/**
 * How much is held or quarantined (wire format 6: bounded per claimed source, and in all). A message beyond the bound is
 * dropped; its number stays missing on the sender's line, so it is sent again when there is room.
 *
 * Promises: a source that floods (10,000 far-ahead events) fills its own share and no more; when the whole is full, a source
 * with less than the largest share still gets its place, at the cost of the largest. So nobody's gap waits for another's.
 * Proved by `hold.spec.ts`.
 */
export interface HoldBounds {
  readonly perSource: number;
  readonly inAll: number;
}
/** A day of one district's mail is some 2,000 messages; ten sources may be that far out of order at once. */
export const HOLD_BOUNDS: HoldBounds = { perSource: 2_000, inAll: 20_000 };
/** Evidence for an operator, not work in progress. Whoever fills a share under a forged name only hides its own forgeries. */
export const QUARANTINE_BOUNDS: HoldBounds = { perSource: 5_000, inAll: 50_000 };

export interface HeldCounts {
  readonly total: number;
  readonly bySource: ReadonlyMap<string, number>;
}
export type Admission =
  | { readonly kind: 'admitted' }
  /** Admitted when one message of this source is dropped for it. */
  | { readonly kind: 'admitted-instead'; readonly of: string }
  | { readonly kind: 'dropped' };

export function admit(counts: HeldCounts, source: string, bounds: HoldBounds): Admission {
  const own = counts.bySource.get(source) ?? 0;
  if (own >= bounds.perSource) return { kind: 'dropped' };
  if (counts.total < bounds.inAll) return { kind: 'admitted' };
  const [largest, size] = largestOf(counts.bySource);
  return own + 1 < size ? { kind: 'admitted-instead', of: largest } : { kind: 'dropped' };
}

function largestOf(bySource: ReadonlyMap<string, number>): readonly [string, number] {
  let largest: readonly [string, number] = ['', 0];
  for (const entry of bySource) if (entry[1] > largest[1]) largest = entry;
  return largest;
}

/** One copy of the counts for a batch, changed in place: a copy for each message would cost the batch times the sources. */
interface WorkingCounts {
  total: number;
  readonly bySource: Map<string, number>;
}

const workingCopy = ({ total, bySource }: HeldCounts): WorkingCounts => ({ total, bySource: new Map(bySource) });

function count(counts: WorkingCounts, source: string, admission: Admission): void {
  if (admission.kind === 'dropped') return;
  counts.bySource.set(source, (counts.bySource.get(source) ?? 0) + 1);
  if (admission.kind === 'admitted') counts.total += 1;
  else counts.bySource.set(admission.of, (counts.bySource.get(admission.of) ?? 1) - 1);
}

/** The counts after one admission. */
export function countsAfter(counts: HeldCounts, source: string, admission: Admission): HeldCounts {
  if (admission.kind === 'dropped') return counts;
  const working = workingCopy(counts);
  count(working, source, admission);
  return working;
}

export interface Admitted<T> {
  readonly admitted: readonly T[];
  readonly dropped: readonly T[];
  /** How many messages of a source, of those held before, have to go for those admitted; the youngest first. */
  readonly evicted: ReadonlyMap<string, number>;
  readonly counts: HeldCounts;
}
/** A whole batch, in order; what is held may pass the bound by as much as one batch, until the evicted are gone. */
export function admitAll<T extends { readonly source: string }>(
  counts: HeldCounts,
  messages: readonly T[],
  bounds: HoldBounds,
): Admitted<T> {
  const admitted: T[] = [];
  const dropped: T[] = [];
  const evicted = new Map<string, number>();
  const now = workingCopy(counts);
  for (const message of messages) {
    const admission = admit(now, message.source, bounds);
    (admission.kind === 'dropped' ? dropped : admitted).push(message);
    if (admission.kind === 'admitted-instead') evicted.set(admission.of, (evicted.get(admission.of) ?? 0) + 1);
    count(now, message.source, admission);
  }
  return { admitted, dropped, evicted, counts: now };
}
