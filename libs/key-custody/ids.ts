/**
 * UUID version 7 (RFC 9562 5.7, method 1): 48 bits of milliseconds, a counter of 12 bits that is seeded at random in its
 * lower half each millisecond, 62 random bits. Within a process every value is greater than the one before it, also when
 * the clock stands still or goes back: a full counter borrows the next millisecond. Proved by `ids.spec.ts`.
 */
import { randomBytes } from 'node:crypto';
import type { Uuid } from '#libs/kernel';
import type { Ids } from '#libs/use-cases';

const COUNTER_MAX = 0xfff;
const RANDOM_BYTES_PER_ID = 10;
const IDS_PER_DRAW = 256;
/** Of disclosures (wire format 4): some five to an event. */
const SALT_BYTES = 32;
const SALTS_PER_DRAW = 64;

/** Ids of one process. `nowMs` gives Unix milliseconds; a test hands in its own. */
export function createIds(nowMs: () => number = Date.now): Ids {
  let lastMs = -1;
  let counter = 0;
  const random = randomPool(RANDOM_BYTES_PER_ID * IDS_PER_DRAW);

  const advance = (seed: number): void => {
    const now = nowMs();
    if (now > lastMs) {
      lastMs = now;
      counter = seed;
    } else if (counter < COUNTER_MAX) {
      counter += 1;
    } else {
      lastMs += 1;
      counter = seed;
    }
  };

  return {
    uuid7: () => {
      const bytes = random(RANDOM_BYTES_PER_ID);
      advance(bytes.readUInt16BE(8) & 0x7ff);
      bytes.writeUInt8((bytes.readUInt8(0) & 0x3f) | 0x80, 0);
      return format(lastMs, counter, bytes);
    },
    randomBytes: randomPool(SALTS_PER_DRAW * SALT_BYTES),
  };
}

function format(ms: number, counter: number, random: Buffer): Uuid {
  const time = ms.toString(16).padStart(12, '0');
  const low = counter.toString(16).padStart(3, '0');
  const tail = random.toString('hex', 0, 8);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${low}-${tail.slice(0, 4)}-${tail.slice(4)}` as Uuid;
}

/** One draw from the system serves many: a call costs 2 µs, whatever its length. What is given is given once. */
function randomPool(bytesPerDraw: number): (length: number) => Buffer {
  let pool = Buffer.alloc(0);
  return (length) => {
    if (length > bytesPerDraw) return randomBytes(length);
    if (pool.length < length) pool = randomBytes(bytesPerDraw);
    const bytes = pool.subarray(0, length);
    pool = pool.subarray(length);
    return bytes;
  };
}
