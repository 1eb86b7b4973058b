/**
 * C2SP signed-note. In UTF-8, without control characters but LF:
 *
 *     text, ended by LF
 *     LF
 *     one or more lines: em dash, space, key name, space, base64(4-byte key id || signature), LF
 *
 * The last empty line divides text and signatures. Base64 in its one spelling; anything else is refused whole.
 */
import { decodeBase64, DomainError, encodeBase64, encodeUtf8 } from '#libs/kernel';
import type { Sha256, SignEd25519 } from '#libs/kernel';
import { NOTE_MALFORMED } from './error-codes.ts';
import { formatHex, isKeyName, NOTE_SIGNATURE, verifierKey } from './vkey.ts';

/** C2SP wants at least 16 to be read; more than this is somebody's attempt to keep a verifier busy. */
const MAX_SIGNATURES = 100;

export interface NoteSignature {
  readonly name: string;
  /** Eight hexadecimal digits. */
  readonly keyId: string;
  /** What follows the key id. */
  readonly signature: Uint8Array;
}
export interface SignedNote {
  /** With its final LF. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

const isPlain = (text: string): boolean =>
  // eslint-disable-next-line no-control-regex -- control characters are what the format forbids
  !/[\u0000-\u0009\u000b-\u001f]/.test(text) && text.isWellFormed();
const isNoteText = (text: string): boolean => text.endsWith('\n') && isPlain(text);

/** Reads the form only; believe nothing of it before `verifyNote`. @throws DomainError `NOTE_MALFORMED` */
export function parseNote(note: string): SignedNote {
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !isNoteText(note)) throw malformed('no text, empty line and signatures in plain UTF-8');
  const lines = note.slice(end + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) throw malformed(`more than ${MAX_SIGNATURES} signatures`);
  return { text: note.slice(0, end + 1), signatures: lines.map(parseSignature) };
}

function parseSignature(line: string): NoteSignature {
  const [, name = '', base64 = ''] = /^\u2014 (\S+) (\S+)$/u.exec(line) ?? [];
  const bytes = decodeBase64(base64);
  if (!isKeyName(name) || !bytes || bytes.length <= 4) throw malformed('a line that is no signature');
  return { name, keyId: formatHex(bytes.subarray(0, 4)), signature: bytes.subarray(4) };
}

/** @throws DomainError `NOTE_MALFORMED` when the text or a name cannot stand in a note */
export function formatNote({ text, signatures }: SignedNote): string {
  if (!isNoteText(text)) throw malformed('the text must end with LF and be plain UTF-8');
  return `${text}\n${signatures.map(formatSignature).join('')}`;
}

function formatSignature({ name, keyId, signature }: NoteSignature): string {
  if (!isKeyName(name)) throw malformed('the key name holds a space or a plus');
  const id = Uint8Array.from({ length: 4 }, (_, i) => Number.parseInt(keyId.slice(2 * i, 2 * i + 2), 16));
  return `\u2014 ${name} ${encodeBase64(new Uint8Array([...id, ...signature]))}\n`;
}

export interface NoteSigner {
  readonly name: string;
  readonly publicKey: Uint8Array;
  readonly sign: SignEd25519;
}

/**
 * The text as a note with one Ed25519 signature (type 0x01).
 * @throws DomainError `NOTE_MALFORMED`, `VKEY_MALFORMED`
 */
export function signNote(text: string, signer: NoteSigner, sha256: Sha256): string {
  const { name, keyId } = verifierKey({ ...signer, type: NOTE_SIGNATURE }, sha256);
  return formatNote({ text, signatures: [{ name, keyId, signature: signer.sign(encodeUtf8(text)) }] });
}

const malformed = (what: string): DomainError => new DomainError(NOTE_MALFORMED, `not a signed note: ${what}`);
