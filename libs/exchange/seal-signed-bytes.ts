/**
 * Signed bytes = JCS of the message without `signature` (wire format 2). Since members are sorted and nothing but the
 * signature goes, they are the message's bytes without one run, `"signature":"…",`: no second serialisation is needed.
 * Which run: the last one of that spelling. Strings escape their quotes, so it is a member; after the top-level one stand
 * only `source` to `type`, all text, so none inside `data` comes later. Proved by `seal.spec.ts`.
 */
import {
  canonicalize,
  encodeUtf8,
  hashOf,
  type Hash,
  type JsonObject,
  type MessageClass,
  type Sha256,
} from '#libs/kernel';

const START = encodeUtf8('"signature":"');
const SIGNATURE_LENGTH = 86;
export const SIGNATURE_RUN_BYTES = START.length + SIGNATURE_LENGTH + '",'.length;
const domainOf = (of: MessageClass): Uint8Array => encodeUtf8(`lienthong/${of}/v1\n`);
const DOMAINS: Readonly<Record<MessageClass, Uint8Array>> = {
  event: domainOf('event'),
  command: domainOf('command'),
  outcome: domainOf('outcome'),
  exchange: domainOf('exchange'),
  directory: domainOf('directory'),
};

/** What the signature covers: `lienthong/<class>/v1`, LF, the signed bytes. */
export function signingInput(of: MessageClass, signedBytes: Uint8Array): Uint8Array {
  const domain = DOMAINS[of];
  const input = new Uint8Array(domain.length + signedBytes.length);
  input.set(domain);
  input.set(signedBytes, domain.length);
  return input;
}

/** The member after `signature`; it is in every class, and only text follows it. */
const NEXT_MEMBER = '"source":"';

/** The message's bytes: `text`, whose bytes are the signed ones, with the run put in at its place. */
export function withSignature(text: string, signedBytes: Uint8Array, signature: string): Uint8Array {
  const tail = encodeUtf8(text.slice(text.lastIndexOf(NEXT_MEMBER))).length;
  const at = signedBytes.length - tail;
  const bytes = new Uint8Array(signedBytes.length + SIGNATURE_RUN_BYTES);
  bytes.set(signedBytes.subarray(0, at));
  bytes.set(encodeUtf8(`"signature":"${signature}",`), at);
  bytes.set(signedBytes.subarray(at), at + SIGNATURE_RUN_BYTES);
  return bytes;
}

const startsAt = (bytes: Uint8Array, at: number): boolean => START.every((byte, offset) => bytes[at + offset] === byte);

/** Signed bytes of a message that has passed stage 2; of other bytes anything, or undefined where no run is found. */
export function findSignedBytes(bytes: Uint8Array): Uint8Array | undefined {
  let start = bytes.length - SIGNATURE_RUN_BYTES;
  while (start >= 0 && !(bytes[start] === START[0] && startsAt(bytes, start))) start--;
  if (start < 0) return undefined;
  const signed = new Uint8Array(bytes.length - SIGNATURE_RUN_BYTES);
  signed.set(bytes.subarray(0, start));
  signed.set(bytes.subarray(start + SIGNATURE_RUN_BYTES), start);
  return signed;
}

/** Hash of a value that may be no message: what is quarantined has a name too. */
export function hashOfValue({ signature: _, ...unsigned }: JsonObject, sha256: Sha256): Hash {
  return hashOf(encodeUtf8(canonicalize(unsigned)), sha256);
}

/**
 * The hash that these bytes have if they are a message, so that a receiver can look for them before judging: the same
 * bytes recorded are a duplicate and go through no stage (wire format 6). It says nothing about bytes that are no message.
 */
export function claimedHashOf(bytes: Uint8Array, sha256: Sha256): Hash | undefined {
  const signed = findSignedBytes(bytes);
  return signed && hashOf(signed, sha256);
}
