/**
 * Bytes to JSON by stage 1 of wire format 6. Promises, proved in `canonical-reader.spec.ts`: the first fault in the order
 * of the specification decides; no input throws or takes more than time linear in its length; `__proto__` is a member like
 * any other. Each message of a node passes here, so the common case (ASCII or Vietnamese text, members in order) is one
 * pass over the bytes, the platform's parser and writer, and one pass over the value.
 */
import { canonicalize } from './canonical.ts';
import {
  everyString,
  isPrintable,
  isPrintableInData,
  MAX_LEVELS,
  MAX_MESSAGE_BYTES,
  type CanonicalCode,
} from './canonical-rules.ts';
import { DomainError } from './domain-error.ts';
import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';
import { isAssigned, isNfc } from './unicode.ts';

/** `value` of a refusal: given where the bytes are the canonical form of a JSON object, which therefore still has a hash. */
export type DecodedMessage =
  | { readonly ok: true; readonly value: JsonObject; readonly text: string }
  | { readonly ok: false; readonly code: CanonicalCode; readonly value?: JsonObject };

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const BYTE_ORDER_MARK = '\uFEFF';
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** `[` and `{`, `]` and `}` differ in this bit alone. */
const CURLY = 0x20;
const OPENING = 0x7b;
const CLOSING = 0x7d;
const UNSORTED = 1;
const NULL = 2;
const NUMBER = 4;

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Brackets counted outside strings: whether more than `MAX_LEVELS` are ever open. */
function isTooDeep(bytes: Uint8Array): boolean {
  let level = 0;
  let inString = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (byte === QUOTE) inString = !inString;
    else if (inString) at += byte === BACKSLASH ? 1 : 0;
    else if ((byte | CURLY) === OPENING && ++level > MAX_LEVELS) return true;
    else if ((byte | CURLY) === CLOSING) level--;
  }
  return false;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text);
  } catch {
    return undefined;
  }
}

/** Which of `UNSORTED`, `NULL`, `NUMBER` the value shows anywhere. */
function survey(value: unknown): number {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? 0 : NUMBER;
  if (typeof value !== 'object') return 0;
  if (value === null) return NULL;
  let seen = 0;
  if (Array.isArray(value)) {
    for (const item of value) seen |= survey(item);
    return seen;
  }
  let before: string | undefined;
  for (const name of Object.keys(value)) {
    if (before !== undefined && before > name) seen |= UNSORTED;
    before = name;
    seen |= survey((value as Record<string, unknown>)[name]);
  }
  return seen;
}

/**
 * Whether `text` is JCS of `value`. With members in order the platform's writer gives JCS; names like `10` come in another
 * order there, and a lone surrogate comes as an escape, so those are left to the canonicalizer.
 */
function isCanonical(text: string, value: JsonValue, seen: number): boolean {
  if ((seen & UNSORTED) === 0 && JSON.stringify(value) !== text) return false;
  if ((seen & UNSORTED) === 0 && !text.includes('\\ud')) return true;
  try {
    return canonicalize(value) === text;
  } catch (error) {
    if (error instanceof DomainError) return false;
    throw error;
  }
}

/**
 * NFC of the whole text implies NFC of each string in it, since NFC is closed under substrings; not the other way round,
 * as the `n` of an escaped LF may compose with what follows.
 */
const isNormal = (text: string, value: JsonValue): boolean =>
  isAssigned(text) && (isNfc(text) || everyString(value, isNfc));

function isMessagePrintable(message: JsonObject): boolean {
  return Object.entries(message).every(
    ([name, value]) => isPrintable(name) && everyString(value, name === 'data' ? isPrintableInData : isPrintable),
  );
}

/** Canonical text escapes U+0000 to U+001F and nothing else of Cc. */
const mayHoldControl = (text: string): boolean => text.includes('\\') || /[\u007f-\u009f]/.test(text);

type Read =
  { readonly value: JsonValue; readonly text: string; readonly seen: number } | { readonly code: CanonicalCode };

function read(bytes: Uint8Array, isRoot: (value: unknown) => boolean): Read {
  const text = decodeUtf8(bytes);
  if (text === undefined) return { code: 'NOT_UTF8' };
  if (isTooDeep(bytes)) return { code: 'DEPTH' };
  const value = parse(text) as JsonValue;
  if (!isRoot(value)) return { code: 'NOT_JSON' };
  const seen = survey(value);
  return isCanonical(text, value, seen) ? { value, text, seen } : { code: 'NOT_CANONICAL' };
}

function contentFault(text: string, value: JsonValue, seen: number): CanonicalCode | undefined {
  if (!isNormal(text, value)) return 'NOT_NFC';
  if ((seen & NUMBER) !== 0) return 'NUMBER';
  return (seen & NULL) === 0 ? undefined : 'NULL';
}

/** Stage 1 but for the record key, which is no part of the bytes. Never throws. */
export function decodeCanonical(bytes: Uint8Array): DecodedMessage {
  if (bytes.length > MAX_MESSAGE_BYTES) return { ok: false, code: 'TOO_LARGE' };
  const outcome = read(bytes, isJsonObject);
  if ('code' in outcome) return { ok: false, code: outcome.code };
  const { text, seen } = outcome;
  const value = outcome.value as JsonObject;
  const code =
    contentFault(text, value, seen) ??
    (mayHoldControl(text) && !isMessagePrintable(value) ? 'CONTROL_CHARACTER' : undefined);
  return code === undefined ? { ok: true, value, text } : { ok: false, code, value };
}

/**
 * The same rules for canonical JSON beside a message (a disclosure, the plaintext of openings), whose strings may hold what
 * those of `data` may: the value, an array or an object, or undefined.
 */
export function decodeCanonicalPart(bytes: Uint8Array, maxBytes: number): JsonValue | undefined {
  if (bytes.length > maxBytes) return undefined;
  const outcome = read(bytes, (value) => typeof value === 'object' && value !== null);
  if ('code' in outcome) return undefined;
  const { text, value, seen } = outcome;
  if (contentFault(text, value, seen) !== undefined) return undefined;
  return everyString(value, isPrintableInData) ? value : undefined;
}
