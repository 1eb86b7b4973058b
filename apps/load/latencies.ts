/** Latencies of any number in little room: counted by size, each size an eighth of a doubling (so within 9 %). */
const PER_DOUBLING = 8;

export class Latencies {
  private readonly counts = new Map<number, number>();
  private total = 0;

  /** Milliseconds. */
  add(ms: number): void {
    const size = Math.round(Math.log2(Math.max(ms, 0.01)) * PER_DOUBLING);
    this.counts.set(size, (this.counts.get(size) ?? 0) + 1);
    this.total += 1;
  }

  /** The time within which that share (0.95) of them was answered; 0 when there are none. */
  within(share: number): number {
    let seen = 0;
    for (const [size, count] of [...this.counts].sort(([one], [other]) => one - other)) {
      seen += count;
      if (seen >= this.total * share) return Math.round(2 ** (size / PER_DOUBLING) * 10) / 10;
    }
    return 0;
  }
}
