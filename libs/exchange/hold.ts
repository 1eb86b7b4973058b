/**
 * How much is held (wire format 6: bounded per claimed source, and in all). A message beyond the bound is dropped; its number
 * stays missing on the sender's line, so it is sent again when there is room. What is held has passed stage 4: its source is
 * no mere claim, and there are no more sources than the directory gives keys to.
 *
 * Promises: a source that floods (10,000 far-ahead events) fills its own share and no more; when the whole is full, a source
 * with less than the largest share still gets its place, at the cost of the largest, so each of n sources can have its nth
 * part; a message costs the same however many sources there are. Proved by `hold.spec.ts`.
 */
export interface HoldBounds {
  readonly perSource: number;
  readonly inAll: number;
}
/** A day of one district's mail is some 2,000 messages; ten sources may be that far out of order at once. */
export const HOLD_BOUNDS: HoldBounds = { perSource: 2_000, inAll: 20_000 };

export interface HeldCounts {
  readonly total: number;
  readonly bySource: ReadonlyMap<string, number>;
}
export interface Admitted<T> {
  readonly admitted: readonly T[];
  readonly dropped: readonly T[];
  /** How many messages of a source, of those held before, have to go for those admitted; the youngest first. */
  readonly evicted: ReadonlyMap<string, number>;
}

/** A whole batch, in order. */
export function admitAll<T extends { readonly source: string }>(
  counts: HeldCounts,
  messages: readonly T[],
  bounds: HoldBounds,
): Admitted<T> {
  const shares = new Shares(counts.bySource);
  const isAdmitted = messages.map(() => false);
  /** Places in this batch, by source: the youngest of all that is held, so the first to go. */
  const fresh = new Map<string, number[]>();
  const evicted = new Map<string, number>();
  let { total } = counts;
  messages.forEach(({ source }, at) => {
    const place = placeFor(shares.of(source), { total, largest: shares.largest }, bounds);
    if (place === 'none') return;
    if (place === 'free') total += 1;
    else {
      const largest = shares.takeFromLargest();
      const youngest = fresh.get(largest)?.pop();
      if (youngest === undefined) evicted.set(largest, (evicted.get(largest) ?? 0) + 1);
      else isAdmitted[youngest] = false;
    }
    shares.give(source);
    isAdmitted[at] = true;
    const own = fresh.get(source);
    if (own) own.push(at);
    else fresh.set(source, [at]);
  });
  const [admitted, dropped] = [true, false].map((kept) => messages.filter((_, at) => isAdmitted[at] === kept));
  return { admitted: admitted ?? [], dropped: dropped ?? [], evicted };
}

function placeFor(
  own: number,
  { total, largest }: { readonly total: number; readonly largest: number },
  { perSource, inAll }: HoldBounds,
): 'free' | 'of-the-largest' | 'none' {
  if (own >= perSource) return 'none';
  if (total < inAll) return 'free';
  return own + 1 < largest ? 'of-the-largest' : 'none';
}

/** Sizes by source and sources by size: one more, one less and the largest cost the same for ten sources and for ten thousand. */
class Shares {
  largest = 0;
  private readonly sizes = new Map<string, number>();
  private readonly bySize = new Map<number, Set<string>>();

  constructor(sizes: ReadonlyMap<string, number>) {
    for (const [source, size] of sizes) this.move(source, size);
  }

  of(source: string): number {
    return this.sizes.get(source) ?? 0;
  }

  give(source: string): void {
    this.move(source, this.of(source) + 1);
  }

  /** Gives whose. */
  takeFromLargest(): string {
    const [source = ''] = this.bySize.get(this.largest) ?? [];
    this.move(source, this.largest - 1);
    return source;
  }

  private move(source: string, size: number): void {
    const before = this.of(source);
    this.bySize.get(before)?.delete(source);
    const peers = this.bySize.get(size) ?? new Set<string>();
    this.bySize.set(size, peers.add(source));
    this.sizes.set(source, size);
    if (size > this.largest) this.largest = size;
    // Only ever by one, to where this source has just gone.
    else if (before === this.largest && this.bySize.get(before)?.size === 0) this.largest = size;
  }
}
