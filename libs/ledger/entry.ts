import { decodeBase64Url, DomainError, encodeBase64, encodeUtf8 } from '#libs/kernel';
import type { Hash, Sha256 } from '#libs/kernel';
import { leafHash } from './tree.ts';

/**
 * Log entry of a message (wire format 8): never the message itself, no name of a stream.
 *
 *     lienthong/entry/v1 LF
 *     base64 of the message hash LF
 *
 * @throws DomainError `MALFORMED` when `hash` is no hash
 */
export function entryText(hash: Hash): string {
  const bytes = decodeBase64Url(hash);
  if (bytes?.length !== 32) throw new DomainError('MALFORMED', 'not a hash', { what: 'hash' });
  return `lienthong/entry/v1\n${encodeBase64(bytes)}\n`;
}

/** Leaf hash of the message with this hash: what a frontier takes in and an inclusion proof starts from. */
export const entryLeafHash = (hash: Hash, sha256: Sha256): Uint8Array => leafHash(encodeUtf8(entryText(hash)), sha256);
