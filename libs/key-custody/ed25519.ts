/** SHA-256 and Ed25519 (RFC 8032) for the pure rooms, on node:crypto; without state but a cache of keys. */
import { createPublicKey, hash, verify, type KeyObject } from 'node:crypto';
import type { Sha256, SignatureCheck, VerifyAllEd25519, VerifyEd25519 } from '#libs/kernel';

const PUBLIC_KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
/** A province has some 3,300 agencies with a key or two each; an entry takes well under 1 KiB. */
const CACHED_KEYS = 8192;

/** The one-shot form takes 1.2 µs for 800 bytes, `createHash` 1.6 µs (bench/vault.ts). */
export const sha256: Sha256 = (bytes) => hash('sha256', bytes, 'buffer');

/** Key objects by raw public key, the longest unused one dropped first; a map keeps its order of insertion. */
const keys = new Map<string, KeyObject>();

function keyObjectOf(publicKey: Uint8Array): KeyObject {
  const name = Buffer.from(publicKey.buffer, publicKey.byteOffset, publicKey.length).toString('base64url');
  const known = keys.get(name);
  const key = known ?? createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: name }, format: 'jwk' });
  if (known) keys.delete(name);
  else if (keys.size >= CACHED_KEYS) keys.delete(keys.keys().next().value as string);
  keys.set(name, key);
  return key;
}

/** False for a wrong length, a key that is no point, a wrong signature. Never throws. */
export const verifyEd25519: VerifyEd25519 = (publicKey, bytes, signature) => {
  if (publicKey.length !== PUBLIC_KEY_BYTES || signature.length !== SIGNATURE_BYTES) return false;
  try {
    return verify(null, bytes, keyObjectOf(publicKey), signature);
  } catch {
    return false;
  }
};

/** One alone is not worth the way to another thread and back. */
const WORTH_ANOTHER_THREAD = 2;

/** In the thread pool of the platform: 11 µs of the caller's thread each, of some 118 (ADR 0017). */
export const verifyAllEd25519: VerifyAllEd25519 = (checks) =>
  checks.length < WORTH_ANOTHER_THREAD
    ? Promise.resolve(checks.map(({ publicKey, bytes, signature }) => verifyEd25519(publicKey, bytes, signature)))
    : Promise.all(checks.map(verifyBeside));

function verifyBeside({ publicKey, bytes, signature }: SignatureCheck): Promise<boolean> {
  if (publicKey.length !== PUBLIC_KEY_BYTES || signature.length !== SIGNATURE_BYTES) return Promise.resolve(false);
  return new Promise((resolve) => {
    try {
      verify(null, bytes, keyObjectOf(publicKey), signature, (error, holds) => resolve(error === null && holds));
    } catch {
      resolve(false);
    }
  });
}
