/**
 * base64url without padding and base64 with padding (RFC 4648 §5, §4), strict: one spelling for each byte string, since
 * hashes and signatures are compared as text (wire format 1). Without the platform, so that the pure rooms can use it.
 */
const URL_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const PLAIN_ALPHABET = `${URL_ALPHABET.slice(0, 62)}+/`;
const INVALID = 255;

interface Alphabet {
  /** Two characters for each group of twelve bits. */
  readonly pairs: readonly string[];
  readonly values: Uint8Array;
}

function alphabetOf(letters: string): Alphabet {
  const pairs = [...letters].flatMap((first) => [...letters].map((second) => first + second));
  const values = new Uint8Array(256).fill(INVALID);
  for (let value = 0; value < 64; value++) values[letters.charCodeAt(value)] = value;
  return { pairs, values };
}
const URL_SAFE = alphabetOf(URL_ALPHABET);
const PLAIN = alphabetOf(PLAIN_ALPHABET);

function encode(bytes: Uint8Array, { pairs }: Alphabet): string {
  const whole = bytes.length - (bytes.length % 3);
  let text = '';
  let at = 0;
  for (; at < whole; at += 3) {
    const group = ((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number);
    text += (pairs[group >> 12] as string) + (pairs[group & 0xfff] as string);
  }
  if (bytes.length - at === 1) return text + (pairs[(bytes[at] as number) << 4] as string);
  if (bytes.length - at === 2) {
    const group = ((bytes[at] as number) << 10) | ((bytes[at + 1] as number) << 2);
    return text + (pairs[group >> 6] as string) + (pairs[(group & 0x3f) << 6] as string).charAt(0);
  }
  return text;
}

/** `length` characters of `text`; undefined for a foreign character, an impossible length, or spare bits that are not zero. */
function decode(text: string, length: number, { values }: Alphabet): Uint8Array | undefined {
  const spareBits = (length * 6) % 8;
  if (spareBits === 6) return undefined;
  const bytes = new Uint8Array((length * 6 - spareBits) / 8);
  let group = 0;
  let bits = 0;
  let out = 0;
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at);
    const value = code < 256 ? (values[code] as number) : INVALID;
    if (value === INVALID) return undefined;
    group = ((group & 0xff) << 6) | value;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[out++] = group >> bits;
    }
  }
  return (group & ((1 << spareBits) - 1)) === 0 ? bytes : undefined;
}

/** base64url without padding. */
export const encodeBase64Url = (bytes: Uint8Array): string => encode(bytes, URL_SAFE);

/** Strict: undefined for padding, foreign characters, or a spelling that `encodeBase64Url` would not give. */
export const decodeBase64Url = (text: string): Uint8Array | undefined => decode(text, text.length, URL_SAFE);

/** base64 with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  const text = encode(bytes, PLAIN);
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=');
}

/** Strict: undefined for missing padding, foreign characters, or a spelling that `encodeBase64` would not give. */
export function decodeBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return decode(text, text.length - padding, PLAIN);
}
