/**
 * Data keys of the vault at rest: version 1 (one byte), iv (12), AES-256-GCM of the 32-byte key (32), tag (16).
 * A random iv is good for 2^32 wraps under one key; a node makes a few data keys per dossier.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { DomainError } from '#libs/kernel';

const VERSION = 1;
const IV_END = 13;
const KEY_END = 45;
const WRAPPED_BYTES = 61;
const PURPOSE = Buffer.from('lienthong/wrap/v1');

export function wrapKey(wrappingKey: Uint8Array, key: Uint8Array): Buffer {
  if (key.length !== 32) throw new DomainError('MALFORMED', 'a data key has 32 bytes', { bytes: key.length });
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', wrappingKey, iv);
  cipher.setAAD(PURPOSE);
  return Buffer.concat([Buffer.of(VERSION), iv, cipher.update(key), cipher.final(), cipher.getAuthTag()]);
}

/** @throws DomainError `VAULT_KEY_WRONG` when it was wrapped under another key, or changed since */
export function unwrapKey(wrappingKey: Uint8Array, wrapped: Uint8Array): Buffer {
  if (wrapped.length !== WRAPPED_BYTES || wrapped[0] !== VERSION) throw wrong();
  const decipher = createDecipheriv('aes-256-gcm', wrappingKey, wrapped.subarray(1, IV_END), { authTagLength: 16 });
  decipher.setAAD(PURPOSE);
  decipher.setAuthTag(wrapped.subarray(KEY_END));
  try {
    return Buffer.concat([decipher.update(wrapped.subarray(IV_END, KEY_END)), decipher.final()]);
  } catch {
    throw wrong();
  }
}

const wrong = (): DomainError =>
  new DomainError('VAULT_KEY_WRONG', 'a data key was not wrapped under this wrapping key, or its row was changed');
