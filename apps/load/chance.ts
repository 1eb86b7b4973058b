/**
 * Chance as a function of a seed: the same path gives the same draws for ever, on every machine. Each purpose draws from a
 * path of its own (`seed/dossier/17/applicant`), so that a draw more in one place changes nothing in another. The numbers
 * are the bytes of SHA-256 over path and block; nothing here is secret or meant to be. Proved by `chance.spec.ts`.
 */
import { createHash } from 'node:crypto';
import { parseUuid, type Uuid } from '#libs/kernel';

const DRAW_BYTES = 6;
const DRAW_RANGE = 2 ** (8 * DRAW_BYTES);

export class Chance {
  private readonly path: string;
  private pool: Buffer = Buffer.alloc(0);
  private used = 0;
  private block = 0;

  constructor(path: string) {
    this.path = path;
  }

  /** A source of its own for one purpose. */
  of(purpose: string | number): Chance {
    return new Chance(`${this.path}/${purpose}`);
  }

  /** From 0 to before 1. */
  fraction(): number {
    return this.bytes(DRAW_BYTES).readUIntBE(0, DRAW_BYTES) / DRAW_RANGE;
  }

  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.fraction() * (most - least + 1));
  }

  happens(share: number): boolean {
    return this.fraction() < share;
  }

  /** Throws when there is nothing to pick from. */
  pick<T>(items: readonly T[]): T {
    const picked = items[this.between(0, items.length - 1)];
    if (picked === undefined) throw new Error(`nothing to pick from for ${this.path}`);
    return picked;
  }

  /** One of them, each as often as its weight says. Throws when all weights are 0. */
  weighted<T>(entries: readonly (readonly [T, number])[]): T {
    let rest = this.fraction() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [item, weight] of entries) {
      if (rest < weight) return item;
      rest -= weight;
    }
    throw new Error(`nothing to pick from for ${this.path}`);
  }

  shuffled<T>(items: readonly T[]): readonly T[] {
    return items
      .map((item) => ({ item, order: this.fraction() }))
      .sort((one, other) => one.order - other.order)
      .map(({ item }) => item);
  }

  digits(count: number): string {
    return Array.from({ length: count }, () => String(this.between(0, 9))).join('');
  }

  /** UUID of version 7 with the given time. */
  uuid7(ms: number): Uuid {
    const time = ms.toString(16).padStart(12, '0');
    const random = this.bytes(10);
    random[0] = ((random[0] ?? 0) & 0x0f) | 0x70;
    random[2] = ((random[2] ?? 0) & 0x3f) | 0x80;
    const tail = random.toString('hex');
    return parseUuid(`${time.slice(0, 8)}-${time.slice(8)}-${tail.slice(0, 4)}-${tail.slice(4, 8)}-${tail.slice(8)}`);
  }

  private bytes(count: number): Buffer {
    if (this.used + count > this.pool.length) {
      this.pool = createHash('sha256').update(`${this.path}#${this.block}`).digest();
      this.block += 1;
      this.used = 0;
    }
    this.used += count;
    return this.pool.subarray(this.used - count, this.used);
  }
}

/**
 * `count` items in the proportions of their shares, by largest remainder: a share is met as nearly as whole items allow,
 * not only on average. In the order of the entries; the caller shuffles.
 */
export function allot<T>(entries: readonly (readonly [T, number])[], count: number): readonly T[] {
  const total = entries.reduce((sum, [, share]) => sum + share, 0);
  const wanted = entries.map(([item, share]) => ({ item, exact: (share / total) * count }));
  const left = count - wanted.reduce((sum, { exact }) => sum + Math.floor(exact), 0);
  const rounded = new Set(
    [...wanted]
      .sort((one, other) => (other.exact % 1) - (one.exact % 1))
      .slice(0, left)
      .map(({ item }) => item),
  );
  return wanted.flatMap(({ item, exact }) =>
    Array.from({ length: Math.floor(exact) + (rounded.has(item) ? 1 : 0) }, () => item),
  );
}
