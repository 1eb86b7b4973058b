/** The rules of wire format 1 on a value in memory: asked by the reader of bytes, and of everything we are about to write. */
import { DomainError } from './domain-error.ts';
import { isAssigned, isNfc } from './unicode.ts';

/** Wire format 1: the message object is the first level. */
export const MAX_LEVELS = 16;
/** Wire format 1. */
export const MAX_MESSAGE_BYTES = 131_072;

/** Codes of stage 1 (wire format 6) that the bytes of any canonical JSON can earn, in their order. */
export type CanonicalCode =
  | 'TOO_LARGE'
  | 'NOT_UTF8'
  | 'DEPTH'
  | 'NOT_JSON'
  | 'NOT_CANONICAL'
  | 'NOT_NFC'
  | 'NUMBER'
  | 'NULL'
  | 'CONTROL_CHARACTER';

const CONTROL = /\p{Cc}/u;
/** Unicode Cc without TAB (U+0009) and LF (U+000A). */
const CONTROL_IN_DATA = /[\p{Cc}--[\t\n]]/v;

/** Member names and string values alike. */
export function everyString(value: unknown, holds: (text: string) => boolean): boolean {
  if (typeof value === 'string') return holds(value);
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every((item) => everyString(item, holds));
  return Object.entries(value).every(([name, member]) => holds(name) && everyString(member, holds));
}

/** No control character, but LF and TAB where `data` holds them. */
export const isPrintable = (text: string): boolean => !CONTROL.test(text);
export const isPrintableInData = (text: string): boolean => !CONTROL_IN_DATA.test(text);

type Place = 'message' | 'data';
interface Visit {
  readonly level: number;
  readonly place: Place;
  readonly pointer: string;
}

function refuse(code: CanonicalCode, { pointer }: Visit): never {
  throw new DomainError(code, `${code} at ${pointer === '' ? 'the root' : pointer}`, { pointer });
}

function validateString(text: string, visit: Visit): void {
  if (!text.isWellFormed()) refuse('NOT_CANONICAL', visit);
  if (!isAssigned(text) || !isNfc(text)) refuse('NOT_NFC', visit);
  if (!(visit.place === 'data' ? isPrintableInData : isPrintable)(text)) refuse('CONTROL_CHARACTER', visit);
}

function validateNumber(number: number, visit: Visit): void {
  if (!Number.isFinite(number)) refuse('NOT_CANONICAL', visit);
  if (!Number.isSafeInteger(number)) refuse('NUMBER', visit);
}

function validateMembers(value: object, visit: Visit): void {
  if (visit.level > MAX_LEVELS) refuse('DEPTH', visit);
  const members: [string, unknown][] = Object.entries(value);
  for (const [name, member] of members) {
    if (member === undefined && !Array.isArray(value)) continue;
    const pointer = `${visit.pointer}/${name}`;
    const place = visit.level === 1 && name === 'data' ? 'data' : visit.place;
    validateString(name, { ...visit, pointer });
    validate(member, { level: visit.level + 1, place, pointer });
  }
}

function validate(value: unknown, visit: Visit): void {
  switch (typeof value) {
    case 'string':
      return validateString(value, visit);
    case 'number':
      return validateNumber(value, visit);
    case 'boolean':
      return;
    case 'object':
      return value === null ? refuse('NULL', visit) : validateMembers(value, visit);
    default:
      return refuse('NOT_JSON', visit);
  }
}

/**
 * Printable ASCII and the letters of Latin scripts, Vietnamese ones whole: all assigned, none a mark that would compose with
 * its neighbour, none changed by NFC. Nearly every string we write is one, and one look tells.
 */
const PLAIN_TEXT = /^[\x20-\x7e\u00c0-\u024f\u1e00-\u1eff]*$/;

/** Whether `value` keeps all rules wherever it stands; false says nothing. */
function isPlain(value: unknown, level: number): boolean {
  if (typeof value === 'string') return PLAIN_TEXT.test(value);
  if (typeof value !== 'object') return typeof value === 'boolean' || Number.isSafeInteger(value);
  return value !== null && level <= MAX_LEVELS && isPlainInside(value, level + 1);
}

function isPlainInside(value: object, level: number): boolean {
  if (Array.isArray(value)) return value.every((item) => isPlain(item, level));
  for (const name of Object.keys(value)) {
    const member = (value as Record<string, unknown>)[name];
    if (member !== undefined && !(PLAIN_TEXT.test(name) && isPlain(member, level))) return false;
  }
  return true;
}

/**
 * What we are about to write keeps the rules that a receiver will judge by, so that a clerk's decomposed text is refused at
 * the door and not at the next agency. `place` is what `value` is: a whole message, or its `data`. Throws `DomainError`
 * with the code of stage 1 and the pointer of the first fault met; size is judged on the bytes, when they exist.
 */
export function validateJson(value: unknown, place: Place): void {
  const level = place === 'data' ? 2 : 1;
  if (!isPlain(value, level)) validate(value, { level, place, pointer: '' });
}
