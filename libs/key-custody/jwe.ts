/**
 * Openings under way (wire format 4): compact JWE (RFC 7516), ECDH-ES (RFC 7518 4.6, RFC 8037) with A256GCM.
 *
 *     BASE64URL(header) ".." BASE64URL(iv, 12 bytes) "." BASE64URL(ciphertext) "." BASE64URL(tag, 16 bytes)
 *     header = exactly { "alg": "ECDH-ES", "enc": "A256GCM", "epk": { "crv": "X25519", "kty": "OKP", "x" }, "kid" }
 *     key    = SHA-256( 00000001 | Z | len "A256GCM" | len apu = 0 | len apv = 0 | 256 ), lengths of 32 bits, big-endian
 *
 * Strict on both ends: no other member, no second spelling, no all-zero Z, bounded sizes. `jwe.spec.ts` holds the vector,
 * the exchange with another implementation, and a tampering of every byte.
 */
import {
  createCipheriv,
  createDecipheriv,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hash,
  randomBytes,
} from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { DomainError, isJsonObject, isKeyLabel, isNodeId, type JsonObject } from '#libs/kernel';
import { decodeBase64url, encodeBase64url } from './base64url.ts';

/** Wire format 4: plaintext of one `openings` message. */
const MAX_PLAINTEXT_BYTES = 96_000;
/** Wire format 1: a message; nothing that arrived in one is longer. */
const MAX_COMPACT_CHARACTERS = 131_072;
/** A node id and a label of 48 characters each leave the header well under this. */
const MAX_HEADER_CHARACTERS = 512;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const X25519_BYTES = 32;
/** Of the header and of `epk` inside it, in the order in which they are written. */
const HEADER_MEMBERS = ['alg', 'enc', 'epk', 'crv', 'kty', 'x', 'kid'];

export interface Recipient {
  /** `<node id>#<label>`. */
  readonly kid: string;
  /** X25519, 32 bytes. */
  readonly publicKey: Uint8Array;
}
interface Ephemeral {
  readonly publicKey: string;
  readonly privateKey: KeyObject;
}

/**
 * Seals for one recipient with a fresh ephemeral key and iv.
 * @throws DomainError `JWE_TOO_LARGE` above 96,000 bytes, `JWE_INVALID` for a recipient key of wrong length or small order
 */
export function sealJwe(plaintext: Uint8Array, recipient: Recipient): string {
  return sealJweWith(plaintext, recipient, { ephemeral: createEphemeral(), iv: randomBytes(IV_BYTES) });
}

/** Only for the vectors: a repeated ephemeral key and iv would give away what was sealed. */
export function sealJweWith(
  plaintext: Uint8Array,
  recipient: Recipient,
  { ephemeral, iv }: { readonly ephemeral: Ephemeral; readonly iv: Uint8Array },
): string {
  if (plaintext.length > MAX_PLAINTEXT_BYTES) {
    throw new DomainError('JWE_TOO_LARGE', `openings of more than ${MAX_PLAINTEXT_BYTES} bytes`, {
      bytes: plaintext.length,
    });
  }
  const protectedHeader = Buffer.from(headerOf(recipient.kid, ephemeral.publicKey)).toString('base64url');
  const cipher = createCipheriv(
    'aes-256-gcm',
    deriveKey(ephemeral.privateKey, encodeBase64url(recipient.publicKey)),
    iv,
  );
  cipher.setAAD(Buffer.from(protectedHeader, 'ascii'));
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]).toString('base64url');
  return `${protectedHeader}..${encodeBase64url(iv)}.${ciphertext}.${cipher.getAuthTag().toString('base64url')}`;
}

/**
 * Opens with the key that the header names. `findKey` gives the private key of a `kid`, or undefined.
 * @throws DomainError `JWE_INVALID` with `details.reason`, `JWE_KEY_UNKNOWN` with `details.kid`
 */
export function openJwe(compact: string, findKey: (kid: string) => KeyObject | undefined): Buffer {
  const { protectedHeader, iv, ciphertext, tag } = splitCompact(compact);
  const { kid, epk } = parseHeader(protectedHeader);
  const privateKey = findKey(kid);
  if (!privateKey) throw new DomainError('JWE_KEY_UNKNOWN', 'sealed for a key that this node does not hold', { kid });
  const decipher = createDecipheriv('aes-256-gcm', deriveKey(privateKey, epk), iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(protectedHeader, 'ascii'));
  decipher.setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  } catch {
    throw invalid('does not open');
  }
}

function createEphemeral(): Ephemeral {
  const { publicKey, privateKey } = generateKeyPairSync('x25519');
  return { publicKey: publicKey.export({ format: 'jwk' }).x as string, privateKey };
}

function deriveKey(privateKey: KeyObject, publicKey: string): Buffer {
  const shared = sharedSecret(privateKey, publicKey);
  if (shared.every((byte) => byte === 0)) throw invalid('all-zero shared secret');
  return hash('sha256', Buffer.concat([KDF_ROUND, shared, KDF_OTHER_INFO]), 'buffer');
}

function sharedSecret(privateKey: KeyObject, x: string): Buffer {
  try {
    const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x }, format: 'jwk' });
    return diffieHellman({ privateKey, publicKey });
  } catch {
    throw invalid('no key can be agreed with this public key');
  }
}

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const KDF_ROUND = uint32(1);
const KDF_OTHER_INFO = Buffer.concat([uint32(7), Buffer.from('A256GCM'), uint32(0), uint32(0), uint32(256)]);

interface CompactParts {
  readonly protectedHeader: string;
  readonly iv: Buffer;
  readonly ciphertext: Buffer;
  readonly tag: Buffer;
}

function splitCompact(compact: string): CompactParts {
  if (compact.length > MAX_COMPACT_CHARACTERS) throw invalid('too large');
  const parts = compact.split('.');
  const [protectedHeader = '', encryptedKey] = parts;
  if (parts.length !== 5 || encryptedKey !== '') throw invalid('not five parts, the second empty');
  const iv = decodePart(parts[2], (length) => length === IV_BYTES);
  const ciphertext = decodePart(parts[3], (length) => length <= MAX_PLAINTEXT_BYTES);
  const tag = decodePart(parts[4], (length) => length === TAG_BYTES);
  return { protectedHeader, iv, ciphertext, tag };
}

function decodePart(text: string | undefined, fits: (length: number) => boolean): Buffer {
  const bytes = decodeBase64url(text ?? '');
  if (!bytes || !fits(bytes.length)) throw invalid('not canonical base64url of the right size');
  return bytes;
}

function parseHeader(protectedHeader: string): { kid: string; epk: string } {
  const bytes = protectedHeader.length <= MAX_HEADER_CHARACTERS ? decodeBase64url(protectedHeader) : undefined;
  const header = bytes && parseObject(bytes.toString('utf8'));
  const kid = header?.['kid'];
  const epk = isJsonObject(header?.['epk']) ? header['epk']['x'] : undefined;
  if (!isKid(kid) || !isPublicKey(epk)) throw invalid('header');
  if (JSON.stringify(header, HEADER_MEMBERS) !== headerOf(kid, epk)) throw invalid('header');
  return { kid, epk };
}

/** As it is written: in the order of RFC 8785. Other implementations may order and space it as they like. */
const headerOf = (kid: string, x: string): string =>
  JSON.stringify({ alg: 'ECDH-ES', enc: 'A256GCM', epk: { crv: 'X25519', kty: 'OKP', x }, kid });

/** A member that stands twice would be read differently by different parsers, so members are counted in the text. */
function parseObject(text: string): JsonObject | undefined {
  const members = text.match(/"(?:[^"\\]|\\.)*"\s*:?/g)?.filter((token) => token.endsWith(':'));
  if (members?.length !== HEADER_MEMBERS.length) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isPublicKey = (value: unknown): value is string =>
  typeof value === 'string' && decodeBase64url(value)?.length === X25519_BYTES;

function isKid(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  const [node = '', label = '', more] = value.split('#');
  return isNodeId(node) && isKeyLabel(label) && more === undefined;
}

const invalid = (reason: string): DomainError =>
  new DomainError('JWE_INVALID', `not openings that can be opened: ${reason}`, { reason });
