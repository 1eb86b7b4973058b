import { DomainError } from '#libs/kernel';
import type { Sha256 } from '#libs/kernel';
import { emptyRoot, HASH_BYTES, nodeHash } from './tree.ts';

/**
 * The right edge of a growing tree (a compact range): one hash for each complete subtree, largest first, which are as many
 * as `size` has binary ones. Appending costs two hashes on average, and nothing else of the log is needed to go on.
 */
export interface Frontier {
  readonly size: number;
  /** Roots of the complete subtrees, largest first; with `size` enough to make the frontier again. */
  readonly hashes: readonly Uint8Array[];
  /** Takes in the hash of the next leaf. */
  append(leaf: Uint8Array): void;
  root(): Uint8Array;
}

/** A frontier, empty or from what an earlier one held. @throws DomainError `MALFORMED` when size and hashes do not fit */
export function createFrontier(sha256: Sha256, from: Pick<Frontier, 'size' | 'hashes'> = NOTHING): Frontier {
  checkParts(from);
  const hashes = [...from.hashes];
  let size = from.size;
  return {
    get size() {
      return size;
    },
    get hashes() {
      return [...hashes];
    },
    append(leaf) {
      if (leaf.length !== HASH_BYTES) throw new DomainError('MALFORMED', 'not a leaf hash', { what: 'leaf hash' });
      let merged = leaf;
      // each trailing one of the size is a complete subtree that this leaf makes part of the next larger one
      for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2)
        merged = nodeHash(hashes.pop() ?? merged, merged, sha256);
      hashes.push(merged);
      size += 1;
    },
    root: () =>
      hashes.length === 0 ? emptyRoot(sha256) : hashes.reduceRight((right, left) => nodeHash(left, right, sha256)),
  };
}

const NOTHING = { size: 0, hashes: [] } as const;

function checkParts({ size, hashes }: Pick<Frontier, 'size' | 'hashes'>): void {
  let ones = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) ones += rest % 2;
  const fits = Number.isSafeInteger(size) && size >= 0 && ones === hashes.length;
  if (!fits || hashes.some(({ length }) => length !== HASH_BYTES))
    throw new DomainError('MALFORMED', 'size and hashes of a frontier do not fit', { size, hashes: hashes.length });
}
