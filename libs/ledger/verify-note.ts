import { DomainError, encodeUtf8 } from '#libs/kernel';
import type { VerifyEd25519 } from '#libs/kernel';
import { cosignedMessage, readTimedSignature } from './cosignature.ts';
import { NOTE_SIGNATURE_INVALID, NOTE_UNVERIFIED } from './error-codes.ts';
import { parseNote } from './note.ts';
import { NOTE_SIGNATURE } from './vkey.ts';
import type { VerifierKey } from './vkey.ts';

/** A signature that holds; `time` in seconds since 1970 where it is a cosignature. */
export interface VerifiedSignature {
  readonly key: VerifierKey;
  readonly time?: number;
}
export interface VerifiedNote {
  readonly text: string;
  /** One for each key that signed, in the order of the note. */
  readonly signatures: readonly [VerifiedSignature, ...VerifiedSignature[]];
}

/**
 * The note, if at least one of `keys` signed it. Lines of keys that are not given are passed over; a line of a given key
 * that does not verify condemns the whole note.
 * @throws DomainError `NOTE_MALFORMED`, `NOTE_SIGNATURE_INVALID`, `NOTE_UNVERIFIED`
 */
export function verifyNote(note: string, keys: readonly VerifierKey[], verify: VerifyEd25519): VerifiedNote {
  const { text, signatures } = parseNote(note);
  const verified = new Map<VerifierKey, VerifiedSignature>();
  for (const line of signatures) {
    const key = keys.find(({ name, keyId }) => name === line.name && keyId === line.keyId);
    if (!key) continue;
    const found = verifySignature(text, { key, signature: line.signature }, verify);
    if (!found)
      throw new DomainError(NOTE_SIGNATURE_INVALID, `the signature of ${key.name} does not verify`, { key: key.name });
    if (!verified.has(key)) verified.set(key, found);
  }
  const [first, ...rest] = verified.values();
  if (!first)
    throw new DomainError(NOTE_UNVERIFIED, 'no known key signed the note', {
      signedBy: signatures.map(({ name }) => name),
    });
  return { text, signatures: [first, ...rest] };
}

function verifySignature(
  text: string,
  { key, signature }: { key: VerifierKey; signature: Uint8Array },
  verify: VerifyEd25519,
): VerifiedSignature | undefined {
  if (key.type === NOTE_SIGNATURE)
    return signature.length === 64 && verify(key.publicKey, encodeUtf8(text), signature) ? { key } : undefined;
  const timed = readTimedSignature(signature);
  const message = timed && cosignedMessage(text, timed.time);
  return timed && message && verify(key.publicKey, message, timed.signature) ? { key, time: timed.time } : undefined;
}
