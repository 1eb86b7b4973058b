/** JSON pointers (RFC 6901) to a member inside `data`, as `_sd` and disclosures use them: `/children/c1/fullName`. */
import { MAX_LEVELS } from './canonical-rules.ts';

const POINTER = /^(\/([^~/]|~[01])*)+$/u;

/**
 * Member names on the way; undefined for what is no pointer, for the empty one, which points at the whole, and for one
 * that leads deeper than a message may go.
 */
export function parsePointer(pointer: string): readonly string[] | undefined {
  if (!POINTER.test(pointer)) return undefined;
  const names = pointer.slice(1).split('/');
  if (names.length >= MAX_LEVELS) return undefined;
  return pointer.includes('~') ? names.map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~')) : names;
}

export const formatPointer = (names: readonly string[]): string =>
  names.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** Lowest of all characters, so that in sorted order a pointer is followed at once by those that go on from it. */
const SEPARATOR = '\u0000';

/** Whether one of them, taken member by member, begins another one, or stands there twice. */
export function hasPrefixPair(pointers: readonly string[]): boolean {
  const sorted = pointers.map((pointer) => pointer.replaceAll('/', SEPARATOR)).sort();
  return sorted.some((pointer, at) => at > 0 && `${pointer}${SEPARATOR}`.startsWith(`${sorted[at - 1]}${SEPARATOR}`));
}
