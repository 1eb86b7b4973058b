/** Key custody over key material that has been read: nothing here touches a file again. */
import { createHmac, sign, timingSafeEqual } from 'node:crypto';
import { DomainError } from '#libs/kernel';
import type { Clock, KeyCustody, SigningKey } from '#libs/use-cases';
import { newestInForce, type Interval } from './in-force.ts';
import type { KeyMaterial } from './key-directory.ts';
import type { KeyPair, SecretKey } from './key-file.ts';
import { openJwe, sealJwe } from './jwe.ts';
import { unwrapKey, wrapKey } from './key-wrap.ts';

/** `clock` decides which of an owner's signing keys is in force; it is the clock that gives `recordedtime`. */
export function createNodeKeyCustody(keys: KeyMaterial, clock: Clock): KeyCustody {
  const signing = Map.groupBy(keys.signing.map(signerOf), ({ owner }) => owner);
  const encryption = new Map(keys.encryption.map((key) => [key.keyId as string, key.privateKey]));
  const secrets = new Map(keys.request.map((key) => [labelOf(key), key.secret]));
  const newest = keys.request.at(-1) as SecretKey;
  const log = signerOf(keys.log).key;

  return {
    signingKey: (owner) => {
      const at = clock.now();
      const signer = newestInForce(signing.get(owner) ?? [], at);
      if (!signer) throw new DomainError('KEY_MISSING', `no signing key of ${owner} is in force`, { owner, at });
      return signer.key;
    },
    logKey: () => log,
    openJwe: (compact) => openJwe(compact, (kid) => encryption.get(kid)),
    sealJwe,
    wrap: (key) => wrapKey(keys.wrapping.secret, key),
    unwrap: (wrapped) => unwrapKey(keys.wrapping.secret, wrapped),
    requestHmac: (bytes) => fingerprint(newest, bytes),
    requestHmacs: (bytes) => keys.request.toReversed().map((secret) => fingerprint(secret, bytes)),
    matchesRequestHmac: (kept, bytes) => {
      const [label = '', digest = ''] = kept.split('.');
      const secret = secrets.get(label);
      return secret !== undefined && equal(digest, hmac(secret, bytes));
    },
  };
}

interface Signer extends Interval {
  readonly owner: string;
  readonly key: SigningKey;
}

function signerOf(pair: KeyPair): Signer {
  const { keyId, publicKey, privateKey } = pair;
  return { ...pair, key: { keyId, publicKey, sign: (bytes) => sign(null, bytes, privateKey) } };
}

const labelOf = (key: SecretKey): string => key.keyId.split('#')[1] as string;
const hmac = (secret: Uint8Array, bytes: Uint8Array): string =>
  createHmac('sha256', secret).update(bytes).digest('base64url');

const fingerprint = (key: SecretKey, bytes: Uint8Array): string => `${labelOf(key)}.${hmac(key.secret, bytes)}`;

function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
