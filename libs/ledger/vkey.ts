/**
 * Verifier keys of C2SP signed-note:
 *
 *     <key name>+hex(key id)+base64(signature type || 32-byte Ed25519 public key)
 *     key id = SHA-256(key name || LF || signature type || public key)[:4]
 */
import { decodeBase64, DomainError, encodeBase64, encodeUtf8 } from '#libs/kernel';
import type { Sha256 } from '#libs/kernel';
import { VKEY_MALFORMED } from './error-codes.ts';

/** Ed25519 over the text of a note. */
export const NOTE_SIGNATURE = 0x01;
/** Ed25519 over a checkpoint with a time (C2SP tlog-cosignature). */
export const COSIGNATURE = 0x04;
export type SignatureType = typeof NOTE_SIGNATURE | typeof COSIGNATURE;

export interface VerifierKey {
  readonly name: string;
  /** Eight hexadecimal digits, lower case. Tells keys apart, proves nothing. */
  readonly keyId: string;
  readonly type: SignatureType;
  readonly publicKey: Uint8Array;
}

/** Not empty, no Unicode space, no plus; NEL is a space of Unicode that `\s` does not know. */
export const isKeyName = (text: string): boolean => /^[^\s\u0085+]+$/u.test(text) && text.isWellFormed();

export const formatHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** The key with its id. @throws DomainError `VKEY_MALFORMED` */
export function verifierKey({ name, type, publicKey }: Omit<VerifierKey, 'keyId'>, sha256: Sha256): VerifierKey {
  if (!isKeyName(name) || publicKey.length !== 32) throw malformed(name);
  const id = sha256(new Uint8Array([...encodeUtf8(`${name}\n`), type, ...publicKey]));
  return { name, keyId: formatHex(id.subarray(0, 4)), type, publicKey };
}

export const formatVkey = ({ name, keyId, type, publicKey }: VerifierKey): string =>
  `${name}+${keyId}+${encodeBase64(new Uint8Array([type, ...publicKey]))}`;

/** @throws DomainError `VKEY_MALFORMED`, also for signature types this room does not verify and an id of another key */
export function parseVkey(text: string, sha256: Sha256): VerifierKey {
  // base64 may hold a plus, names and ids may not
  const [, name = '', keyId, base64 = ''] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/u.exec(text) ?? [];
  const [type, ...publicKey] = decodeBase64(base64) ?? [];
  if (type !== NOTE_SIGNATURE && type !== COSIGNATURE) throw malformed(text);
  const key = verifierKey({ name, type, publicKey: new Uint8Array(publicKey) }, sha256);
  if (key.keyId !== keyId) throw malformed(text);
  return key;
}

const malformed = (text: string): DomainError =>
  new DomainError(VKEY_MALFORMED, 'not a verifier key of Ed25519 notes or cosignatures', { text });
