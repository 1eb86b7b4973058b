/**
 * C2SP tlog-cosignature, Ed25519 (type 0x04). The signature in the note line is an 8-byte big-endian POSIX time and the 64
 * bytes of Ed25519 over
 *
 *     cosignature/v1 LF
 *     time <seconds> LF
 *     the text of the checkpoint
 */
import { encodeUtf8 } from '#libs/kernel';
import type { Sha256 } from '#libs/kernel';
import { parseCheckpointText } from './checkpoint-text.ts';
import { formatNote, parseNote } from './note.ts';
import type { NoteSigner } from './note.ts';
import { COSIGNATURE, verifierKey } from './vkey.ts';

const TIME_BYTES = 8;

/** What a witness signs. @throws DomainError `CHECKPOINT_MALFORMED`: a cosignature is a statement about a checkpoint only */
export function cosignedMessage(text: string, time: number): Uint8Array {
  parseCheckpointText(text);
  return encodeUtf8(`cosignature/v1\ntime ${time}\n${text}`);
}

/**
 * The note with the line of one more witness, signed at `time` (seconds since 1970).
 * @throws DomainError `NOTE_MALFORMED`, `CHECKPOINT_MALFORMED`, `VKEY_MALFORMED`
 */
export function cosign(note: string, { signer, time }: { signer: NoteSigner; time: number }, sha256: Sha256): string {
  const { text, signatures } = parseNote(note);
  const { name, keyId } = verifierKey({ ...signer, type: COSIGNATURE }, sha256);
  const signature = new Uint8Array([...writeTime(time), ...signer.sign(cosignedMessage(text, time))]);
  return formatNote({ text, signatures: [...signatures, { name, keyId, signature }] });
}

/** Undefined when the length is wrong or the time cannot be told apart in a number. */
export function readTimedSignature(bytes: Uint8Array): { time: number; signature: Uint8Array } | undefined {
  if (bytes.length !== TIME_BYTES + 64) return undefined;
  const time = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0));
  return Number.isSafeInteger(time) ? { time, signature: bytes.subarray(TIME_BYTES) } : undefined;
}

function writeTime(time: number): Uint8Array {
  const bytes = new Uint8Array(TIME_BYTES);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(time));
  return bytes;
}
