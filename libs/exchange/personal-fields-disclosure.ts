/**
 * A disclosure opens one committed field (wire format 4):
 *
 *   disclosure = base64url(UTF-8 of JCS of [salt, pointer, value])     salt = base64url of 32 random bytes
 *   digest     = base64url(SHA-256(ASCII of the disclosure))
 *
 * Reading is strict: a disclosure has one spelling, so that a digest commits to one value.
 */
import {
  canonicalize,
  decodeBase64Url,
  decodeCanonicalPart,
  encodeBase64Url,
  encodeUtf8,
  hashOf,
  isHash,
  parsePointer,
  type Hash,
  type JsonObject,
  type JsonValue,
  type Sha256,
} from '#libs/kernel';

/** Of one event or command together (wire format 4). */
export const MAX_DISCLOSURES_BYTES = 90_000;

export interface OpenedField {
  readonly pointer: string;
  readonly value: JsonValue;
}
export interface Disclosure extends OpenedField {
  /** base64url of 32 bytes. */
  readonly salt: string;
}

export const writeDisclosure = ({ salt, pointer, value }: Disclosure): string =>
  encodeBase64Url(encodeUtf8(canonicalize([salt, pointer, value])));

/** Undefined for anything that `writeDisclosure` would not write. */
export function parseDisclosure(disclosure: string): Disclosure | undefined {
  const bytes = decodeBase64Url(disclosure);
  const parts = bytes && decodeCanonicalPart(bytes, MAX_DISCLOSURES_BYTES);
  if (!Array.isArray(parts) || parts.length !== 3) return undefined;
  const [salt, pointer, value] = parts as [JsonValue, JsonValue, JsonValue];
  if (typeof salt !== 'string' || typeof pointer !== 'string') return undefined;
  /** A salt has the length and the grammar of a hash. */
  return isHash(salt) && parsePointer(pointer) !== undefined ? { salt, pointer, value } : undefined;
}

export const digestOf = (disclosure: string, sha256: Sha256): Hash => hashOf(encodeUtf8(disclosure), sha256);

/** The field that a disclosure opens, if it is well formed and its digest stands at its pointer in `sd` (`data._sd`). */
export function checkDisclosure(sd: JsonObject, disclosure: string, sha256: Sha256): Disclosure | undefined {
  const parsed = parseDisclosure(disclosure);
  if (parsed === undefined || !Object.hasOwn(sd, parsed.pointer)) return undefined;
  return sd[parsed.pointer] === digestOf(disclosure, sha256) ? parsed : undefined;
}
