import type { Clock, KeyCustody } from '#libs/use-cases';
import { encodeBase64url } from './base64url.ts';
import type { Interval } from './in-force.ts';
import { readKeyDirectory } from './key-directory.ts';
import type { KeyPair } from './key-file.ts';
import { createNodeKeyCustody } from './node-key-custody.ts';
import { systemClock } from './system-clock.ts';

/**
 * Opens the keys of a node under `dir` (layout: `key-file.ts`). Reads once; a key added later needs a new custody.
 * @throws DomainError `KEYS_UNREADABLE` with every problem in `details.problems`
 */
export function openKeyCustody(dir: string, clock: Clock = systemClock): KeyCustody {
  return createNodeKeyCustody(readKeyDirectory(dir), clock);
}

/** The public half of a key, as a directory statement gives it (wire format 3). */
export interface PublicKey extends Interval {
  readonly owner: string;
  readonly label: string;
  readonly keyId: string;
  /** base64url of 32 bytes. */
  readonly publicKey: string;
}
export interface PublicKeys {
  readonly signing: readonly PublicKey[];
  /** All, oldest first; who seals takes the newest that is good, {@link newestInForce}. */
  readonly encryption: readonly PublicKey[];
  readonly log: PublicKey;
}

/** What a registrar needs to state about a node and its agencies. @throws DomainError `KEYS_UNREADABLE` */
export function publicKeys(dir: string): PublicKeys {
  const { signing, encryption, log } = readKeyDirectory(dir);
  const byStart = (a: KeyPair, b: KeyPair): number => (a.validFrom ?? '').localeCompare(b.validFrom ?? '');
  return {
    signing: signing.map(publicHalf),
    encryption: encryption.toSorted(byStart).map(publicHalf),
    log: publicHalf(log),
  };
}

function publicHalf({ owner, keyId, publicKey, validFrom, validTo }: KeyPair): PublicKey {
  return {
    owner,
    label: keyId.slice(owner.length + 1),
    keyId,
    publicKey: encodeBase64url(publicKey),
    ...(validFrom === undefined ? {} : { validFrom }),
    ...(validTo === undefined ? {} : { validTo }),
  };
}
