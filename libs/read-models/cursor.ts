/** Where a page ended: opaque to who asks, checked on the way back, bound to the order it was given for. */
import { DomainError } from '#libs/kernel';

export interface Cursor {
  /** The order's key of the last row, as text. */
  readonly key: string;
  /** Log index that tells rows of equal keys apart. */
  readonly index: number;
}

const KEY = /^[0-9:.+ -]{1,40}$/;

export function encodeCursor(order: string, { key, index }: Cursor): string {
  return Buffer.from(JSON.stringify([order, key, index])).toString('base64url');
}

/** @throws DomainError `CURSOR_INVALID` */
export function decodeCursor(order: string, text: string): Cursor {
  const [of, key, index] = parse(text);
  if (of !== order || typeof key !== 'string' || !KEY.test(key) || !Number.isSafeInteger(index)) {
    throw new DomainError('CURSOR_INVALID', 'not a cursor that a page of this list gave', {});
  }
  return { key, index: index as number };
}

function parse(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return Array.isArray(value) ? (value as unknown[]) : [];
  } catch {
    return [];
  }
}
