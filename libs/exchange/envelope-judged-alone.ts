/**
 * Stages 1 to 4 of wire format 6: what one record says of itself, without any other message. `bytes` → `envelope` → `key`
 * → `signature`; the first fault ends it. Promises, proved in `envelope-judged-alone.spec.ts`: no record throws; what
 * passes is a message by its source, in canonical bytes, under the right record key; a flipped bit never passes.
 */
import {
  decodeBase64Url,
  decodeCanonical,
  encodeUtf8,
  hashOf,
  type CanonicalCode,
  type Hash,
  type Instant,
  type JsonObject,
  type Message,
  type MessageClass,
  type SealedMessage,
  type Sha256,
  type SignatureCheck,
  type VerifyEd25519,
} from '#libs/kernel';
import { readEnvelope, recordKeyOf, type EnvelopeCode } from './envelope.ts';
import { findEarliest, findGoodKey, type KeyCode, type KeyDeps } from './keys-at-the-border.ts';
import { findSignedBytes, hashOfValue, signingInput } from './seal-signed-bytes.ts';

export type AloneStage = 'bytes' | 'envelope' | 'key' | 'signature';
export type AloneCode = CanonicalCode | 'RECORD_KEY' | EnvelopeCode | KeyCode | 'SIGNATURE';

/** As it came from the broker. */
export interface BorderRecord {
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
}
export interface AloneDeps extends KeyDeps {
  readonly sha256: Sha256;
  readonly verify: VerifyEd25519;
  /** Full types of commands, outcomes, exchange and directory messages understood here. */
  readonly known: ReadonlySet<string>;
  readonly now: Instant;
}
/**
 * What could be read of a refused record: the hash wherever the bytes are canonical JSON; what it claims of itself only
 * where that is short and printable, so that it may be stored and shown as it is.
 */
export interface RefusedAlone {
  readonly ok: false;
  readonly stage: AloneStage;
  readonly code: AloneCode;
  readonly hash?: Hash;
  readonly source?: string;
  readonly subject?: string;
  readonly type?: string;
}
export interface PassedAlone {
  readonly ok: true;
  readonly sealed: SealedMessage;
  /** `TOO_EARLY`: to be held until then, and judged again. */
  readonly tooEarly?: Instant;
}

/** A record that has passed stages 1 to 3. */
export interface UpToSignature {
  readonly check: SignatureCheck;
  /** What the record is, once it is known whether its signature holds. */
  readonly settle: (holds: boolean) => PassedAlone | RefusedAlone;
}

interface Fault {
  readonly stage: AloneStage;
  readonly code: AloneCode;
}

const PRINTABLE = /^[!-~]{1,200}$/;
function claims(value: JsonObject): Pick<RefusedAlone, 'source' | 'subject' | 'type'> {
  const told = (member: string): Record<string, string> => {
    const text = value[member];
    return typeof text === 'string' && PRINTABLE.test(text) ? { [member]: text } : {};
  };
  return { ...told('source'), ...told('subject'), ...told('type') };
}

function refuse({ stage, code }: Fault, value: JsonObject | undefined, sha256: Sha256): RefusedAlone {
  if (value === undefined) return { ok: false, stage, code };
  return { ok: false, stage, code, hash: hashOfValue(value, sha256), ...claims(value) };
}

/** A record without key never fits; one whose message names no subject is left to stage 2. */
function fitsRecordKey(key: Uint8Array | null, subject: unknown): boolean {
  if (key === null) return false;
  if (typeof subject !== 'string') return true;
  const expected = encodeUtf8(recordKeyOf(subject));
  return key.length === expected.length && key.every((byte, at) => byte === expected[at]);
}

/** Stages 1 to 4. Bytes that are already recorded are a duplicate and do not belong here. Never throws. */
export function judgeAlone(record: BorderRecord, deps: AloneDeps): PassedAlone | RefusedAlone {
  const judged = judgeUpToSignature(record, deps);
  if (!('check' in judged)) return judged;
  const { publicKey, bytes, signature } = judged.check;
  return judged.settle(deps.verify(publicKey, bytes, signature));
}

/** Stages 1 to 3, so that the signatures of many records may be checked together. Never throws. */
export function judgeUpToSignature(
  { key, value: bytes }: BorderRecord,
  deps: Omit<AloneDeps, 'verify'>,
): UpToSignature | RefusedAlone {
  if (bytes === null) return refuse({ stage: 'bytes', code: 'NOT_JSON' }, undefined, deps.sha256);
  const decoded = decodeCanonical(bytes);
  if (!decoded.ok) return refuse({ stage: 'bytes', code: decoded.code }, decoded.value, deps.sha256);
  const { value } = decoded;
  if (!fitsRecordKey(key, value['subject'])) return refuse({ stage: 'bytes', code: 'RECORD_KEY' }, value, deps.sha256);
  const read = readEnvelope(value, deps.known);
  if (!read.ok) return refuse(read, value, deps.sha256);
  const { class: of, message } = read;
  const signed = signedIn({ of, message, bytes }, deps);
  const found = findGoodKey(message, signed.sealed.hash, deps);
  if (!found.ok) return refuse(found, value, deps.sha256);
  return {
    check: { ...signed.check, publicKey: found.publicKey },
    settle: (holds) =>
      holds ? passed(signed.sealed, deps.now) : refuse({ stage: 'signature', code: 'SIGNATURE' }, value, deps.sha256),
  };
}

interface Signed {
  readonly of: MessageClass;
  readonly message: Message;
  readonly bytes: Uint8Array;
}

function signedIn(
  { of, message, bytes }: Signed,
  { sha256 }: Pick<AloneDeps, 'sha256'>,
): { readonly sealed: SealedMessage; readonly check: Omit<SignatureCheck, 'publicKey'> } {
  const signedBytes = findSignedBytes(bytes) as Uint8Array;
  return {
    sealed: { class: of, message, bytes, hash: hashOf(signedBytes, sha256) },
    check: { bytes: signingInput(of, signedBytes), signature: decodeBase64Url(message.signature) as Uint8Array },
  };
}

/** Judged only once the signature holds. */
function passed(sealed: SealedMessage, now: Instant): PassedAlone {
  const tooEarly = findEarliest(sealed.message.recordedtime as Instant, now);
  return tooEarly === undefined ? { ok: true, sealed } : { ok: true, sealed, tooEarly };
}
