/**
 * The canonical form of JSON, RFC 8785 (JCS), for what a message may hold: member names sorted by UTF-16 code units, no
 * white space, strings and numbers as ECMAScript writes them.
 */
import { DomainError } from './domain-error.ts';
import type { JsonObject, JsonValue } from './json.ts';

const encoder = new TextEncoder();

/** UTF-8 bytes. A lone surrogate would become U+FFFD: canonical text has none. */
export const encodeUtf8 = (text: string): Uint8Array => encoder.encode(text);

function writeString(text: string): string {
  if (!text.isWellFormed()) throw new DomainError('NOT_CANONICAL', 'a lone surrogate has no canonical form');
  return JSON.stringify(text);
}

function writeNumber(number: number): string {
  if (!Number.isFinite(number)) throw new DomainError('NOT_CANONICAL', 'infinity has no canonical form');
  return JSON.stringify(number);
}

function writeObject(object: JsonObject): string {
  let text = '';
  for (const name of Object.keys(object).sort()) {
    const value = object[name];
    if (value === undefined) continue;
    text += `${text === '' ? '' : ','}${writeString(name)}:${canonicalize(value)}`;
  }
  return `{${text}}`;
}

const isArray = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value);

/**
 * The JCS text of a value; a member that is `undefined` is absent. Throws `NOT_CANONICAL` for what JCS cannot write
 * (infinities, lone surrogates). The narrower rules of messages are those of `validateJson`.
 */
export function canonicalize(value: JsonValue): string {
  if (typeof value === 'string') return writeString(value);
  if (typeof value === 'number') return writeNumber(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return isArray(value) ? `[${value.map(canonicalize).join(',')}]` : writeObject(value);
}
