/** Headers that change what a command means, read and checked once. */
import type { Request } from 'express';
import { DomainError, isHash, isUuid, type Hash, type Uuid } from '#libs/kernel';

export interface CommandHeaders {
  readonly idempotencyKey: string;
  /** From `If-Match`: the ETag the caller decided on. */
  readonly expectedHash?: Hash;
  /** From `Prefer: wait=5`, at most 30 seconds. */
  readonly waitMs: number;
  /** From `Lt-Correlation-Id`; absent: a new one. */
  readonly correlationId?: Uuid;
}

const MAX_WAIT_S = 30;
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{8,128}$/;

/** Throws `IDEMPOTENCY_KEY_MISSING`, `IDEMPOTENCY_KEY_MALFORMED`, `ETAG_MALFORMED`, `CORRELATION_ID_MALFORMED`. */
export function commandHeaders(request: Request): CommandHeaders {
  const expectedHash = etagOf(request.header('if-match'));
  const correlationId = correlationOf(request.header('lt-correlation-id'));
  return {
    idempotencyKey: idempotencyKeyOf(request.header('idempotency-key')),
    waitMs: waitOf(request.header('prefer')),
    ...(expectedHash === undefined ? {} : { expectedHash }),
    ...(correlationId === undefined ? {} : { correlationId }),
  };
}

function idempotencyKeyOf(header: string | undefined): string {
  if (header === undefined)
    throw new DomainError('IDEMPOTENCY_KEY_MISSING', 'a command needs the header Idempotency-Key');
  if (!IDEMPOTENCY_KEY.test(header))
    throw new DomainError('IDEMPOTENCY_KEY_MALFORMED', 'Idempotency-Key: 8 to 128 visible ASCII characters');
  return header;
}

function etagOf(header: string | undefined): Hash | undefined {
  if (header === undefined || header === '*') return undefined;
  const tag = /^"(.*)"$/.exec(header)?.[1] ?? '';
  if (!isHash(tag)) throw new DomainError('ETAG_MALFORMED', 'If-Match: one strong entity tag as given in ETag');
  return tag;
}

/** Throws `CORRELATION_ID_MALFORMED`. */
export function correlationOf(header: string | undefined): Uuid | undefined {
  if (header === undefined) return undefined;
  if (!isUuid(header)) throw new DomainError('CORRELATION_ID_MALFORMED', 'Lt-Correlation-Id: a lower-case UUID');
  return header;
}

/** Milliseconds that `Prefer: wait=` asks for; 0 for none. */
export function waitOf(header: string | undefined): number {
  const match = /(?:^|,)\s*wait=(\d{1,4})\s*(?:,|$)/.exec(header ?? '');
  return match ? Math.min(Number(match[1]), MAX_WAIT_S) * 1000 : 0;
}
