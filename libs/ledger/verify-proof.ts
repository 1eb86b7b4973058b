/** Verification of proofs, after RFC 9162 §2.1.3.2 and §2.1.4.2 (the trees are those of RFC 6962). */
import type { Sha256 } from '#libs/kernel';
import { HASH_BYTES, nodeHash, sameHash } from './tree.ts';

const half = (value: number): number => Math.floor(value / 2);
const isOdd = (value: number): boolean => value % 2 === 1;
const areHashes = (...hashes: readonly Uint8Array[]): boolean => hashes.every(({ length }) => length === HASH_BYTES);
/** Sizes beyond 2^53 cannot be told apart in a number and are refused. */
const areCounts = (...values: readonly number[]): boolean =>
  values.every((value) => Number.isSafeInteger(value) && value >= 0);

export interface InclusionClaim {
  readonly index: number;
  readonly size: number;
  readonly leaf: Uint8Array;
  readonly root: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** Whether the leaf stands at `index` in the tree with this size and root. Never throws. */
export function verifyInclusion(claim: InclusionClaim, sha256: Sha256): boolean {
  const { index, size, leaf, root, proof } = claim;
  if (!areCounts(index, size) || index >= size || !areHashes(leaf, root, ...proof)) return false;
  const path = new Path(index, size - 1);
  let hash = leaf;
  for (const sibling of proof) {
    if (path.isAtRoot) return false;
    hash = path.isRight ? nodeHash(sibling, hash, sha256) : nodeHash(hash, sibling, sha256);
    path.climb();
  }
  return path.isAtRoot && sameHash(hash, root);
}

export interface ConsistencyClaim {
  readonly from: { readonly size: number; readonly root: Uint8Array };
  readonly to: { readonly size: number; readonly root: Uint8Array };
  readonly proof: readonly Uint8Array[];
}

/** Whether the smaller tree is the beginning of the larger one. Nothing is proved about size 0. Never throws. */
export function verifyConsistency({ from, to, proof }: ConsistencyClaim, sha256: Sha256): boolean {
  if (!areCounts(from.size, to.size) || from.size === 0 || from.size > to.size) return false;
  if (from.size === to.size) return proof.length === 0 && sameHash(from.root, to.root);
  return proof.length > 0 && areHashes(from.root, to.root, ...proof) && joins({ from, to, proof }, sha256);
}

function joins({ from, to, proof }: ConsistencyClaim, sha256: Sha256): boolean {
  const path = new Path(from.size - 1, to.size - 1);
  path.climbWhileRightChild();
  // a complete old tree is itself the first subtree of the path, and its root is not repeated in the proof
  const [first = from.root, ...rest] = path.isLeftmost ? [from.root, ...proof] : proof;
  let [oldHash, newHash] = [first, first];
  for (const sibling of rest) {
    if (path.isAtRoot) return false;
    if (path.isRight) oldHash = nodeHash(sibling, oldHash, sha256);
    newHash = path.isRight ? nodeHash(sibling, newHash, sha256) : nodeHash(newHash, sibling, sha256);
    path.climb();
  }
  return path.isAtRoot && sameHash(oldHash, from.root) && sameHash(newHash, to.root);
}

/** The way from a node to the root: `fn` is its number in its level, `sn` that of the last node there (names of RFC 9162). */
class Path {
  #fn: number;
  #sn: number;

  constructor(fn: number, sn: number) {
    this.#fn = fn;
    this.#sn = sn;
  }

  get isAtRoot(): boolean {
    return this.#sn === 0;
  }
  get isLeftmost(): boolean {
    return this.#fn === 0;
  }
  /** Whether the sibling on this level stands to the left. */
  get isRight(): boolean {
    return isOdd(this.#fn) || this.#fn === this.#sn;
  }

  /** One level up; from the last node of a level with no sibling to its right, up to where it has one to its left. */
  climb(): void {
    if (this.isRight) while (this.#fn !== 0 && !isOdd(this.#fn)) this.#halve();
    this.#halve();
  }

  climbWhileRightChild(): void {
    while (isOdd(this.#fn)) this.#halve();
  }

  #halve(): void {
    this.#fn = half(this.#fn);
    this.#sn = half(this.#sn);
  }
}
