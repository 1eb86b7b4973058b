/** All chance of a simulation. A part with its own name has its own sequence, so that leaving one fault out moves no other. */
import { createHash } from 'node:crypto';
import { chance } from '../../libs/testing/chance.ts';

export class Dice {
  private readonly next: () => number;
  private readonly name: string;

  constructor(name: string) {
    this.name = name;
    this.next = chance(createHash('sha256').update(name).digest().readInt32LE(0));
  }

  part(name: string | number): Dice {
    return new Dice(`${this.name}/${name}`);
  }

  /** In [0, 1). */
  fraction(): number {
    return this.next();
  }

  isLess(probability: number): boolean {
    return this.next() < probability;
  }

  /** An integer in [from, to]. */
  between(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  oneOf<T>(things: readonly T[]): T {
    return things[Math.floor(this.next() * things.length)] as T;
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => Math.floor(this.next() * 256));
  }

  /** A UUID of version 7 whose time is given. */
  uuid7(ms: number): string {
    const time = ms.toString(16).padStart(12, '0');
    const rest = Buffer.from(this.bytes(10)).toString('hex');
    const variant = '89ab'[this.between(0, 3)] as string;
    return `${time.slice(0, 8)}-${time.slice(8)}-7${rest.slice(0, 3)}-${variant}${rest.slice(3, 6)}-${rest.slice(6, 18)}`;
  }
}
