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
export function judgeAlone({ key, value: bytes }: BorderRecord, deps: AloneDeps): PassedAlone | RefusedAlone {
  if (bytes === null) return refuse({ stage: 'bytes', code: 'NOT_JSON' }, undefined, deps.sha256);
  const decoded = decodeCanonical(bytes);
  if (!decoded.ok) return refuse({ stage: 'bytes', code: decoded.code }, decoded.value, deps.sha256);
  const { value } = decoded;
  if (!fitsRecordKey(key, value['subject'])) return refuse({ stage: 'bytes', code: 'RECORD_KEY' }, value, deps.sha256);
  const read = readEnvelope(value, deps.known);
  if (!read.ok) return refuse(read, value, deps.sha256);
  const { class: of, message } = read;
  const fault = judgeSigned({ of, message, bytes }, deps);
  return 'code' in fault ? refuse(fault, value, deps.sha256) : fault;
}

interface Signed {
  readonly of: MessageClass;
  readonly message: Message;
  readonly bytes: Uint8Array;
}

/** Stages 3 and 4, then whether it comes too early. */
function judgeSigned({ of, message, bytes }: Signed, deps: AloneDeps): PassedAlone | Fault {
  const signedBytes = findSignedBytes(bytes) as Uint8Array;
  const hash = hashOf(signedBytes, deps.sha256);
  const found = findGoodKey(message, hash, deps);
  if (!found.ok) return found;
  const signature = decodeBase64Url(message.signature) as Uint8Array;
  if (!deps.verify(found.publicKey, signingInput(of, signedBytes), signature)) {
    return { stage: 'signature', code: 'SIGNATURE' };
  }
  const tooEarly = findEarliest(message.recordedtime as Instant, deps.now);
  const sealed: SealedMessage = { class: of, message, bytes, hash };
  return tooEarly === undefined ? { ok: true, sealed } : { ok: true, sealed, tooEarly };
}
