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
import { SIGNATURE_RUN_BYTES, signingInput, withSignature } from './seal-signed-bytes.ts';

/** 64 zero bytes: stands for the signature while envelope and size are judged. */
const PLACEHOLDER = 'A'.repeat(86);

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
  const text = canonicalize(unsigned as unknown as JsonObject);
  const signedBytes = encodeUtf8(text);
  const size = signedBytes.length + SIGNATURE_RUN_BYTES;
  if (size > MAX_MESSAGE_BYTES) {
    throw new DomainError('TOO_LARGE', 'a message has at most 131,072 bytes', { bytes: size });
  }
  const signature = encodeBase64Url(sign(signingInput(of, signedBytes)));
  const message: Message = { ...unsigned, signature };
  return { class: of, message, bytes: withSignature(text, signedBytes, signature), hash: hashOf(signedBytes, sha256) };
}
