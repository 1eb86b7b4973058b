/** Building of inclusion and consistency proofs (RFC 6962 §2.1.1, §2.1.2) from a reader of hashes. */
import { DomainError } from '#libs/kernel';
import type { Sha256 } from '#libs/kernel';
import { PROOF_OUT_OF_RANGE } from './error-codes.ts';
import { nodeHash, splitOf } from './tree.ts';

/** Root of the complete subtree of 2^level leaves that begins at leaf `index` × 2^level; level 0 is a leaf hash. */
export type SubtreeReader = (level: number, index: number) => Uint8Array;

/** Reads subtrees from leaf hashes alone, each reckoned once: for a log that keeps no tiles. */
export function subtreesOf(readLeaf: (index: number) => Uint8Array, sha256: Sha256): SubtreeReader {
  const known = new Map<string, Uint8Array>();
  const read: SubtreeReader = (level, index) => {
    if (level === 0) return readLeaf(index);
    const key = `${level}/${index}`;
    const found = known.get(key) ?? nodeHash(read(level - 1, index * 2), read(level - 1, index * 2 + 1), sha256);
    known.set(key, found);
    return found;
  };
  return read;
}

export interface ProofSource {
  readonly read: SubtreeReader;
  readonly sha256: Sha256;
}

/** Hash of the tree over leaves [start, end), where `start` is a multiple of a power of two not below the count. */
export function rangeHash(start: number, end: number, source: ProofSource): Uint8Array {
  const count = end - start;
  if (count === 1) return source.read(0, start);
  const split = splitOf(count);
  const isComplete = split * 2 === count;
  if (isComplete) return source.read(Math.log2(count), start / count);
  return nodeHash(rangeHash(start, start + split, source), rangeHash(start + split, end, source), source.sha256);
}

/**
 * From the leaf's sibling up to the root's child, for leaf `index` in the tree of `size` leaves.
 * @throws DomainError `PROOF_OUT_OF_RANGE`
 */
export function inclusionProof(index: number, size: number, source: ProofSource): readonly Uint8Array[] {
  checkRange(index >= 0 && index < size, { index, size });
  const fromTop: Uint8Array[] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const middle = start + splitOf(end - start);
    const [siblingStart, siblingEnd] = index < middle ? [middle, end] : [start, middle];
    fromTop.push(rangeHash(siblingStart, siblingEnd, source));
    [start, end] = index < middle ? [start, middle] : [middle, end];
  }
  return fromTop.reverse();
}

/**
 * That the tree of `from` leaves is the beginning of that of `to` leaves. Empty when they are equal.
 * @throws DomainError `PROOF_OUT_OF_RANGE`, also for `from` 0: the empty tree is the beginning of every other
 */
export function consistencyProof(from: number, to: number, source: ProofSource): readonly Uint8Array[] {
  checkRange(from > 0 && from <= to, { from, to });
  const fromTop: Uint8Array[] = [];
  let [start, end] = [0, to];
  while (end !== from) {
    const middle = start + splitOf(end - start);
    const [siblingStart, siblingEnd] = from <= middle ? [middle, end] : [start, middle];
    fromTop.push(rangeHash(siblingStart, siblingEnd, source));
    [start, end] = from <= middle ? [start, middle] : [middle, end];
  }
  // the verifier has the old root itself; only where that is no subtree of the new tree is its last part needed
  if (start > 0) fromTop.push(rangeHash(start, end, source));
  return fromTop.reverse();
}

function checkRange(holds: boolean, details: Record<string, number>): void {
  const whole = Object.values(details).every((value) => Number.isSafeInteger(value));
  if (!holds || !whole) throw new DomainError(PROOF_OUT_OF_RANGE, 'the tree has no such proof', details);
}
