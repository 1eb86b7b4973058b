/**
 * Stage 3 of wire format 6: is the key that a message names one of its source, known, good when the message was recorded,
 * and not revoked (wire format 3). Codes in this order; `TOO_EARLY` is no code here but a time to wait for, since it is
 * judged only once the signature holds.
 */
import {
  instantToMs,
  msToInstant,
  splitSource,
  type Hash,
  type Instant,
  type KeyId,
  type Message,
  type SourceParts,
} from '#libs/kernel';

export type KeyCode = 'KEY_NOT_OF_SOURCE' | 'KEY_UNKNOWN' | 'KEY_NOT_VALID_THEN' | 'KEY_REVOKED';

/** A key as the border needs it; `findKey` of the directory gives one. Valid in [`validFrom`, `validTo`). */
export interface BorderKey {
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
  readonly validFrom: Instant;
  readonly validTo?: Instant;
  readonly revoked?: object;
}
/** A node and a registrar may bear the same name, so the kind of the source says whose keys are asked. */
export type FindKey = (kind: SourceParts['kind'], keyId: KeyId) => BorderKey | undefined;

export interface KeyDeps {
  readonly findKey: FindKey;
  /** Whether a message under a revoked key is believed: by proof from a `believed` log, or by a recorded act of an operator. */
  readonly isBelieved?: (hash: Hash) => boolean;
}
export type KeyFound =
  | { readonly ok: true; readonly publicKey: Uint8Array }
  | { readonly ok: false; readonly stage: 'key'; readonly code: KeyCode };

/** Wire format 3 (c). */
const AHEAD_MAX_MS = 300_000;

const refused = (code: KeyCode): KeyFound => ({ ok: false, stage: 'key', code });

const isValidThen = ({ validFrom, validTo }: BorderKey, then: string): boolean =>
  validFrom <= then && (validTo === undefined || then < validTo);

/** Stage 3 of a message that has passed stage 2 and has this hash. */
export function findGoodKey(message: Message, hash: Hash, { findKey, isBelieved }: KeyDeps): KeyFound {
  const source = splitSource(message.source);
  const owner = message.keyid.slice(0, message.keyid.indexOf('#'));
  if (source?.name !== owner) return refused('KEY_NOT_OF_SOURCE');
  const key = findKey(source.kind, message.keyid as KeyId);
  if (key === undefined) return refused('KEY_UNKNOWN');
  if (!isValidThen(key, message.recordedtime)) return refused('KEY_NOT_VALID_THEN');
  if (key.revoked !== undefined && isBelieved?.(hash) !== true) return refused('KEY_REVOKED');
  return { ok: true, publicKey: key.publicKey };
}

/** When a message from the future may be judged on: 300 s before its `recordedtime`; undefined when that is no later than `now`. */
export function findEarliest(recordedtime: Instant, now: Instant): Instant | undefined {
  const earliest = instantToMs(recordedtime) - AHEAD_MAX_MS;
  return earliest > instantToMs(now) ? msToInstant(earliest) : undefined;
}
