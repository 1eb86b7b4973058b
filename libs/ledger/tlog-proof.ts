/**
 * C2SP tlog-proof: a proof that an entry is in a log, to be checked offline.
 *
 *     c2sp.org/tlog-proof@v1 LF
 *     extra <base64> LF            optional, proves nothing
 *     index <decimal> LF
 *     base64 of a hash LF          as many as the inclusion proof has
 *     LF
 *     the checkpoint, as it came
 */
import { decodeBase64, DomainError, encodeBase64 } from '#libs/kernel';
import type { Sha256, VerifyEd25519 } from '#libs/kernel';
import { verifyCheckpoint } from './checkpoint.ts';
import type { VerifiedCheckpoint } from './checkpoint.ts';
import { PROOF_INVALID, PROOF_MALFORMED } from './error-codes.ts';
import { HASH_BYTES } from './tree.ts';
import { verifyInclusion } from './verify-proof.ts';
import type { VerifierKey } from './vkey.ts';

const HEADER = 'c2sp.org/tlog-proof@v1';
/** A tree of 2^53 leaves is no higher. */
const MAX_HASHES = 53;

export interface TlogProof {
  readonly index: number;
  readonly hashes: readonly Uint8Array[];
  /** The whole signed note. */
  readonly checkpoint: string;
  readonly extra?: Uint8Array;
}

export function formatTlogProof({ index, hashes, checkpoint, extra }: TlogProof): string {
  const lines = [
    HEADER,
    ...(extra ? [`extra ${encodeBase64(extra)}`] : []),
    `index ${index}`,
    ...hashes.map(encodeBase64),
  ];
  return `${lines.join('\n')}\n\n${checkpoint}`;
}

/** Reads the form only. @throws DomainError `PROOF_MALFORMED` */
export function parseTlogProof(file: string): TlogProof {
  const match = /^(.+)\n(?:extra (.*)\n)?index (0|[1-9]\d*)\n((?:.+\n)*)\n([^]*)$/.exec(file);
  const [, header, extra, index, lines = '', checkpoint = ''] = match ?? [];
  if (header !== HEADER) throw malformed('no header and index that are known here');
  const hashes = lines.split('\n').slice(0, -1);
  if (!Number.isSafeInteger(Number(index)) || hashes.length > MAX_HASHES) throw malformed('larger than any log');
  return {
    index: Number(index),
    hashes: hashes.map(decodeHash),
    checkpoint,
    ...(extra !== undefined && { extra: decode(extra) }),
  };
}

function decodeHash(base64: string): Uint8Array {
  const hash = decode(base64);
  if (hash.length !== HASH_BYTES) throw malformed('a line that is no hash');
  return hash;
}

function decode(base64: string): Uint8Array {
  const bytes = decodeBase64(base64);
  if (!bytes) throw malformed('a line that is no base64');
  return bytes;
}

export interface ProvedEntry {
  readonly index: number;
  readonly checkpoint: VerifiedCheckpoint;
}

/**
 * Where the entry with this leaf hash stands in the log that signed the proof's checkpoint.
 * @throws DomainError `PROOF_MALFORMED`, `PROOF_INVALID` (not this leaf, or not at this index), and what `verifyCheckpoint` throws
 */
export function verifyTlogProof(
  file: string,
  known: { readonly leaf: Uint8Array; readonly log: VerifierKey; readonly witnesses?: readonly VerifierKey[] },
  { sha256, verify }: { readonly sha256: Sha256; readonly verify: VerifyEd25519 },
): ProvedEntry {
  const { index, hashes, checkpoint: note } = parseTlogProof(file);
  const checkpoint = verifyCheckpoint(note, known, verify);
  const { size, root } = checkpoint;
  if (!verifyInclusion({ index, size, leaf: known.leaf, root, proof: hashes }, sha256))
    throw new DomainError(PROOF_INVALID, `the entry does not stand at index ${index} of ${size}`, { index, size });
  return { index, checkpoint };
}

const malformed = (what: string): DomainError => new DomainError(PROOF_MALFORMED, `not a tlog-proof: ${what}`);
