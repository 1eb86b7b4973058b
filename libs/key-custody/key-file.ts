/**
 * A key as it stands in its file: one JSON Web Key (RFC 7517, RFC 8037) per file, named after its `kid`.
 *
 * | folder        | key                                  | members                                                    |
 * | ------------- | ------------------------------------ | ---------------------------------------------------------- |
 * | `signing/`    | agency and node signing keys         | `kty` `OKP`, `crv` `Ed25519`, `kid`, `x`, `d`, intervals    |
 * | `log/`        | log key, exactly one                 | the same                                                   |
 * | `encryption/` | node encryption keys                 | `kty` `OKP`, `crv` `X25519`, `kid`, `x`, `d`, intervals     |
 * | `wrapping/`   | wraps the vault's data keys, exactly one | `kty` `oct`, `kid`, `k` (32 bytes)                      |
 * | `request/`    | request secrets                      | `kty` `oct`, `kid`, `k` (32 bytes), `validFrom`             |
 *
 * `kid` is `<agency code, node id or registrar>#<label>`; intervals are `validFrom?` and `validTo?` (UTC, milliseconds).
 */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import {
  isAgencyCode,
  isInstant,
  isJsonObject,
  isKeyLabel,
  isNodeId,
  type Instant,
  type JsonObject,
  type KeyId,
} from '#libs/kernel';
import { decodeBase64url } from './base64url.ts';
import type { Interval } from './in-force.ts';

export const PURPOSES = ['signing', 'log', 'encryption', 'wrapping', 'request'] as const;
export type Purpose = (typeof PURPOSES)[number];

interface Key extends Interval {
  readonly keyId: KeyId;
  readonly owner: string;
}
export interface KeyPair extends Key {
  readonly publicKey: Buffer;
  readonly privateKey: KeyObject;
}
export interface SecretKey extends Key {
  readonly secret: Buffer;
}

const CURVES: Partial<Record<Purpose, string>> = { signing: 'Ed25519', log: 'Ed25519', encryption: 'X25519' };
const MEMBERS = new Set(['kty', 'crv', 'kid', 'x', 'd', 'k', 'validFrom', 'validTo']);
const SECRET_BYTES = 32;

/** What is wrong with the text of a key file, for a person to read; never quotes the key. */
export class KeyFault extends Error {}

export function parseKeyPair(purpose: Purpose, text: string): KeyPair {
  const jwk = parseMembers(text);
  const curve = CURVES[purpose] as string;
  if (jwk['kty'] !== 'OKP' || jwk['crv'] !== curve) throw new KeyFault(`"kty" and "crv" must be "OKP" and "${curve}"`);
  const x = bytesOf(jwk, 'x');
  const d = bytesOf(jwk, 'd');
  const privateKey = createPrivateKey({
    key: { kty: 'OKP', crv: curve, x: x.toString('base64url'), d: d.toString('base64url') },
    format: 'jwk',
  });
  const derived = createPublicKey(privateKey).export({ format: 'jwk' }).x;
  if (derived !== jwk['x']) throw new KeyFault('"x" is not the public half of "d"');
  return { ...parseName(jwk), ...parseInterval(jwk), publicKey: x, privateKey };
}

export function parseSecretKey(text: string): SecretKey {
  const jwk = parseMembers(text);
  if (jwk['kty'] !== 'oct') throw new KeyFault('"kty" must be "oct"');
  return { ...parseName(jwk), ...parseInterval(jwk), secret: bytesOf(jwk, 'k') };
}

export const isKeyOwner = (name: string): boolean => isAgencyCode(name) || isNodeId(name);

function parseMembers(text: string): JsonObject {
  let jwk: unknown;
  try {
    jwk = JSON.parse(text);
  } catch {
    throw new KeyFault('is no JSON');
  }
  if (!isJsonObject(jwk)) throw new KeyFault('is no JSON object');
  const unknown = Object.keys(jwk).filter((member) => !MEMBERS.has(member));
  if (unknown.length > 0) throw new KeyFault(`has unknown members: ${unknown.join(', ')}`);
  return jwk;
}

function parseName(jwk: JsonObject): Pick<Key, 'keyId' | 'owner'> {
  const kid = jwk['kid'];
  const [owner = '', label = '', more] = typeof kid === 'string' ? kid.split('#') : [];
  if (!isKeyOwner(owner) || !isKeyLabel(label) || more !== undefined) {
    throw new KeyFault('"kid" must be "<agency code or node id>#<label>"');
  }
  return { keyId: kid as KeyId, owner };
}

function parseInterval(jwk: JsonObject): Interval {
  return { ...instantOf(jwk, 'validFrom'), ...instantOf(jwk, 'validTo') };
}

function instantOf(jwk: JsonObject, member: 'validFrom' | 'validTo'): Partial<Record<typeof member, Instant>> {
  const text = jwk[member];
  if (text === undefined) return {};
  if (typeof text !== 'string' || !isInstant(text)) {
    throw new KeyFault(`"${member}" must be a UTC time such as 2023-01-01T00:00:00.000Z`);
  }
  return { [member]: text };
}

function bytesOf(jwk: JsonObject, member: string): Buffer {
  const text = jwk[member];
  const bytes = typeof text === 'string' ? decodeBase64url(text) : undefined;
  if (bytes?.length !== SECRET_BYTES) throw new KeyFault(`"${member}" must be base64url of ${SECRET_BYTES} bytes`);
  return bytes;
}
