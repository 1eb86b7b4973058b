/** A message of our own: checked by the rules that its receivers will judge by, signed, and its bytes fixed for ever. */
import {
  canonicalize,
  DomainError,
  encodeBase64Url,
  encodeUtf8,
  hashOf,
  MAX_MESSAGE_BYTES,
  validateJson,
  type JsonObject,
  type Message,
  type MessageClass,
  type SealedMessage,
  type Sha256,
  type SignEd25519,
  type UnsignedMessage,
} from '#libs/kernel';
import { readEnvelope } from './envelope.ts';
import { signingInput } from './seal-signed-bytes.ts';

/** 64 zero bytes: stands for the signature while envelope and size are judged. */
const PLACEHOLDER = 'A'.repeat(86);

const canonicalBytes = (message: UnsignedMessage): Uint8Array =>
  encodeUtf8(canonicalize(message as unknown as JsonObject));

function checkedClass(unsigned: UnsignedMessage): MessageClass {
  validateJson(unsigned, 'message');
  const complete = { ...unsigned, signature: PLACEHOLDER } as unknown as JsonObject;
  const read = readEnvelope(complete, new Set([unsigned.type]));
  if (read.ok) return read.class;
  const { code, member } = read;
  throw new DomainError(code, `receivers would refuse this message: ${code} ${member}`, { member });
}

/**
 * Signs a message with the key that its `keyid` names. Throws `DomainError` with the code by which receivers would refuse
 * it: those of `validateJson` (details: `pointer`), those of stage 2 (details: `member`), `TOO_LARGE`.
 */
export function sealMessage(unsigned: UnsignedMessage, sign: SignEd25519, sha256: Sha256): SealedMessage {
  const of = checkedClass(unsigned);
  const signedBytes = canonicalBytes(unsigned);
  const message: Message = { ...unsigned, signature: encodeBase64Url(sign(signingInput(of, signedBytes))) };
  const bytes = canonicalBytes(message);
  if (bytes.length > MAX_MESSAGE_BYTES) {
    throw new DomainError('TOO_LARGE', 'a message has at most 131,072 bytes', { bytes: bytes.length });
  }
  return { class: of, message, bytes, hash: hashOf(signedBytes, sha256) };
}
