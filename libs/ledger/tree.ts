/**
 * Merkle tree of RFC 6962 §2.1 over SHA-256. A leaf is hashed behind 0x00 and a node behind 0x01, so that no node passes
 * for a leaf. A tree of n leaves splits at the largest power of two below n.
 */
import type { Sha256 } from '#libs/kernel';

export const HASH_BYTES = 32;

/** Leaf hash of an entry's bytes. */
export function leafHash(entry: Uint8Array, sha256: Sha256): Uint8Array {
  const bytes = new Uint8Array(1 + entry.length);
  bytes.set(entry, 1);
  return sha256(bytes);
}

export function nodeHash(left: Uint8Array, right: Uint8Array, sha256: Sha256): Uint8Array {
  const bytes = new Uint8Array(1 + left.length + right.length);
  bytes[0] = 1;
  bytes.set(left, 1);
  bytes.set(right, 1 + left.length);
  return sha256(bytes);
}

/** Root of the tree without leaves. */
export const emptyRoot = (sha256: Sha256): Uint8Array => sha256(new Uint8Array(0));

/** Largest power of two below `count`, which is at least 2. */
export function splitOf(count: number): number {
  let split = 1;
  while (split * 2 < count) split *= 2;
  return split;
}

export const sameHash = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);
