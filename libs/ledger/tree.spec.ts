import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  consistencyProof,
  createFrontier,
  emptyRoot,
  inclusionProof,
  leafHash,
  rangeHash,
  subtreesOf,
  verifyConsistency,
  verifyInclusion,
} from './index.ts';

const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest());
const fixtures = fileURLToPath(new URL('../../test/fixtures/merkle-vectors/', import.meta.url));
const bytesOf = (base64: string | null): Uint8Array => new Uint8Array(Buffer.from(base64 ?? '', 'base64'));

interface Vector {
  readonly file: string;
  readonly wantErr: boolean;
  readonly proof: string[] | null;
  readonly leafIdx: number;
  readonly treeSize: number;
  readonly root: string | null;
  readonly leafHash: string | null;
  readonly size1: number;
  readonly size2: number;
  readonly root1: string | null;
  readonly root2: string | null;
}
const vectorsOf = (kind: 'inclusion' | 'consistency'): Vector[] =>
  readdirSync(join(fixtures, kind), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const file = join(entry.parentPath, entry.name);
      return { file: file.slice(fixtures.length), ...(JSON.parse(readFileSync(file, 'utf8')) as Omit<Vector, 'file'>) };
    });

describe('public vectors of transparency-dev/merkle', () => {
  const [inclusion, consistency] = [vectorsOf('inclusion'), vectorsOf('consistency')];

  it('are all there', () => {
    expect([inclusion.length, consistency.length]).toEqual([98, 98]);
  });

  it.each(inclusion)('$file', (vector) => {
    const claim = {
      index: vector.leafIdx,
      size: vector.treeSize,
      leaf: bytesOf(vector.leafHash),
      root: bytesOf(vector.root),
      proof: (vector.proof ?? []).map(bytesOf),
    };
    expect(verifyInclusion(claim, sha256)).toBe(!vector.wantErr);
  });

  it.each(consistency)('$file', (vector) => {
    const claim = {
      from: { size: vector.size1, root: bytesOf(vector.root1) },
      to: { size: vector.size2, root: bytesOf(vector.root2) },
      proof: (vector.proof ?? []).map(bytesOf),
    };
    expect(verifyConsistency(claim, sha256)).toBe(!vector.wantErr);
  });
});

const leavesOf = (count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, i) => leafHash(new Uint8Array([i % 256, i >> 8]), sha256));
const leaves = leavesOf(300);
const source = { read: subtreesOf((index) => leaves[index] ?? new Uint8Array(0), sha256), sha256 };
const rootOf = (size: number): Uint8Array => (size === 0 ? emptyRoot(sha256) : rangeHash(0, size, source));

describe('a frontier', () => {
  it('has the root of the tree at every size', () => {
    const frontier = createFrontier(sha256);
    expect(frontier.root()).toEqual(emptyRoot(sha256));
    for (const leaf of leaves) {
      frontier.append(leaf);
      expect(frontier.root()).toEqual(rootOf(frontier.size));
    }
  });

  it('goes on from what an earlier one held', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 150 }), fc.integer({ min: 0, max: 150 }), (first, more) => {
        const before = createFrontier(sha256);
        for (const leaf of leaves.slice(0, first)) before.append(leaf);
        const after = createFrontier(sha256, { size: before.size, hashes: before.hashes });
        for (const leaf of leaves.slice(first, first + more)) after.append(leaf);
        expect(after.root()).toEqual(rootOf(first + more));
      }),
    );
  });

  it('refuses what does not fit', () => {
    const malformed = expect.objectContaining({ code: 'MALFORMED' });
    expect(() => createFrontier(sha256, { size: 3, hashes: [rootOf(2)] })).toThrow(malformed);
    expect(() => createFrontier(sha256, { size: 1, hashes: [new Uint8Array(31)] })).toThrow(malformed);
    expect(() => createFrontier(sha256, { size: -1, hashes: [] })).toThrow(malformed);
    expect(() => createFrontier(sha256).append(new Uint8Array(20))).toThrow(malformed);
  });
});

describe('proofs', () => {
  const sizes = fc.integer({ min: 1, max: leaves.length });
  /** A size, and something from 1 to it. */
  const pairs = sizes.chain((size) => fc.tuple(fc.integer({ min: 1, max: size }), fc.constant(size)));
  const flips = fc.record({ hash: fc.nat(20), bit: fc.nat(255) });
  const flip = (hash: Uint8Array, bit: number): Uint8Array =>
    hash.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));

  it('of inclusion verify for every leaf of every size, and with a flipped bit never', () => {
    fc.assert(
      fc.property(pairs, flips, ([place, size], { hash, bit }) => {
        const index = place - 1;
        const proof = inclusionProof(index, size, source);
        const claim = { index, size, leaf: leaves[index]!, root: rootOf(size), proof };
        expect(verifyInclusion(claim, sha256)).toBe(true);
        expect(verifyInclusion({ ...claim, leaf: flip(claim.leaf, bit) }, sha256)).toBe(false);
        expect(verifyInclusion({ ...claim, root: flip(claim.root, bit) }, sha256)).toBe(false);
        if (proof.length === 0) return;
        const broken = proof.map((sibling, i) => (i === hash % proof.length ? flip(sibling, bit) : sibling));
        expect(verifyInclusion({ ...claim, proof: broken }, sha256)).toBe(false);
        expect(verifyInclusion({ ...claim, proof: proof.slice(1) }, sha256)).toBe(false);
      }),
    );
  });

  it('of inclusion never verify at another index', () => {
    fc.assert(
      fc.property(pairs, fc.nat(299), ([place, size], other) => {
        fc.pre(other !== place - 1);
        const proof = inclusionProof(place - 1, size, source);
        const claim = { index: other, size, leaf: leaves[place - 1]!, root: rootOf(size), proof };
        expect(verifyInclusion(claim, sha256)).toBe(false);
      }),
    );
  });

  it('of consistency verify between any two sizes, and with a flipped bit never', () => {
    fc.assert(
      fc.property(pairs, flips, ([from, to], { hash, bit }) => {
        const proof = consistencyProof(from, to, source);
        const claim = { from: { size: from, root: rootOf(from) }, to: { size: to, root: rootOf(to) }, proof };
        expect(verifyConsistency(claim, sha256)).toBe(true);
        const forged = { ...claim, from: { size: from, root: flip(claim.from.root, bit) } };
        expect(verifyConsistency(forged, sha256)).toBe(false);
        expect(verifyConsistency({ ...claim, to: { size: to, root: flip(claim.to.root, bit) } }, sha256)).toBe(false);
        if (proof.length === 0) return;
        const broken = proof.map((sibling, i) => (i === hash % proof.length ? flip(sibling, bit) : sibling));
        expect(verifyConsistency({ ...claim, proof: broken }, sha256)).toBe(false);
      }),
    );
  });

  it('never join a log to one with a rewritten leaf', () => {
    fc.assert(
      fc.property(pairs, fc.nat(299), ([from, to], rewritten) => {
        fc.pre(from < to && rewritten < from);
        const other = leaves.map((leaf, i) => (i === rewritten ? flip(leaf, 0) : leaf));
        const read = subtreesOf((index) => other[index] ?? new Uint8Array(0), sha256);
        const root = rangeHash(0, to, { read, sha256 });
        const proof = consistencyProof(from, to, { read, sha256 });
        const claim = { from: { size: from, root: rootOf(from) }, to: { size: to, root }, proof };
        expect(verifyConsistency(claim, sha256)).toBe(false);
      }),
    );
  });

  it('are refused where the tree has none', () => {
    const refused = expect.objectContaining({ code: 'PROOF_OUT_OF_RANGE' });
    for (const [index, size] of [
      [5, 5],
      [-1, 5],
      [0, 0],
      [0.5, 5],
    ] as const)
      expect(() => inclusionProof(index, size, source)).toThrow(refused);
    for (const [from, to] of [
      [0, 5],
      [6, 5],
      [1, Infinity],
    ] as const)
      expect(() => consistencyProof(from, to, source)).toThrow(refused);
  });
});
