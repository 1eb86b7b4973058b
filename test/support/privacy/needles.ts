/**
 * What a personal value looks like where somebody wrote it down: in clear, escaped, encoded, or as a digest without a secret,
 * from which anybody can test a guess. {@link Needles} finds all spellings of many values in one pass over any bytes.
 * Proved by the first part of `privacy.story.spec.ts`: what cannot find a planted value proves nothing.
 */
import { createHash } from 'node:crypto';
import { canonicalize, type JsonValue } from '#libs/kernel';

/** A spelling shorter than this is met by chance. */
const LEAST_BYTES = 8;
/** Of a digest: also when it was cut. A multiple of three, so that base64 ends where it does. */
const DIGEST_BYTES = 15;
const DIGESTS = ['sha256', 'sha512', 'sha1', 'md5'] as const;

interface Needle {
  readonly name: string;
  readonly bytes: Buffer;
}

export class Needles {
  private readonly byStart = new Map<number, Needle[]>();
  /** By the first three bytes, which rule out nearly every place. */
  private readonly starts = new Uint8Array(1 << 24);

  /** Strings to be found by their spellings, and values of any shape whose digests are looked for. */
  constructor(values: readonly string[], whole: readonly JsonValue[] = []) {
    for (const value of values) this.addValue(value);
    for (const [at, value] of whole.entries())
      for (const text of [JSON.stringify(value), canonicalize(value)]) this.addDigests(`request ${at}`, text);
  }

  /** Names of what stands in these bytes. */
  findIn(bytes: Uint8Array): readonly string[] {
    const found = new Set<string>();
    let start = 0;
    for (let at = 0; at < bytes.length; at += 1) {
      start = ((start << 8) | (bytes[at] ?? 0)) & 0xffffff;
      if (at < 2 || this.starts[start] !== 1) continue;
      for (const { name, bytes: wanted } of this.byStart.get(start) ?? [])
        if (wanted.equals(bytes.subarray(at - 2, at - 2 + wanted.length))) found.add(name);
    }
    return [...found];
  }

  private addValue(value: string): void {
    for (const [form, text] of Object.entries(writtenForms(value)))
      this.addBytes(`${value} as ${form}`, Buffer.from(text));
    this.addBytes(`${value} as UTF-16`, Buffer.from(value, 'utf16le'));
    this.addDigests(value, value);
    this.addDigests(value, JSON.stringify(value));
  }

  private addDigests(name: string, text: string): void {
    for (const algorithm of DIGESTS)
      this.addBytes(`${name} as ${algorithm}`, createHash(algorithm).update(text).digest().subarray(0, DIGEST_BYTES));
  }

  private addBytes(name: string, bytes: Buffer): void {
    this.add(name, bytes);
    this.add(`${name}, hex`, Buffer.from(bytes.toString('hex')));
    this.add(`${name}, HEX`, Buffer.from(bytes.toString('hex').toUpperCase()));
    for (const shift of [0, 1, 2]) {
      const text = base64At(bytes, shift);
      this.add(`${name}, base64 at ${shift}`, Buffer.from(text));
      this.add(`${name}, base64url at ${shift}`, Buffer.from(text.replaceAll('+', '-').replaceAll('/', '_')));
    }
  }

  private add(name: string, bytes: Buffer): void {
    if (bytes.length < LEAST_BYTES) throw new Error(`too short to be told from chance: ${name}`);
    const start = bytes.readUIntBE(0, 3);
    this.starts[start] = 1;
    this.byStart.set(start, [...(this.byStart.get(start) ?? []), { name, bytes }]);
  }
}

/** The characters that bytes give whatever stands before (`shift` bytes, modulo 3) and after them. */
function base64At(bytes: Buffer, shift: number): string {
  const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
  return text.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
}

function writtenForms(value: string): Readonly<Record<string, string>> {
  const escaped = (upper: boolean): string =>
    value.replaceAll(/[^\x20-\x7e]/g, (unit) => {
      const code = unit.charCodeAt(0).toString(16).padStart(4, '0');
      return `\\u${upper ? code.toUpperCase() : code}`;
    });
  const plain = value.normalize('NFD').replaceAll(/\p{M}/gu, '').replaceAll('đ', 'd').replaceAll('Đ', 'D');
  return {
    text: value,
    'decomposed text': value.normalize('NFD'),
    'JSON escapes': escaped(false),
    'JSON ESCAPES': escaped(true),
    'an address': encodeURIComponent(value),
    'text without marks': plain,
    'text in small letters': value.toLowerCase(),
    'text in small letters without marks': plain.toLowerCase(),
  };
}
