/** What an address names, by the parsers of the kernel: anything else is MALFORMED. */
import {
  DomainError,
  dossierSubject,
  isHash,
  isInstant,
  parseAgencyCode,
  parseUuid,
  type AgencyCode,
  type Hash,
  type Instant,
  type Subject,
  type Uuid,
} from '#libs/kernel';
import type { Request } from 'express';
import type { NodeServices } from '#libs/use-cases';
import { correlationOf } from './request-context.ts';

export interface DossierAddress {
  readonly agency: string;
  readonly id: string;
}
export const subjectOf = ({ agency, id }: DossierAddress): Subject =>
  dossierSubject(parseAgencyCode(agency), parseUuid(id));

export function hashIn(text: string): Hash {
  if (isHash(text)) return text;
  throw new DomainError('MALFORMED', 'not a hash', { what: 'hash' });
}

export function instantIn(text: string, what: string): Instant {
  if (isInstant(text)) return text;
  throw new DomainError('MALFORMED', 'not an instant', { what });
}

/** A number of ours, from 1. */
export function numberIn(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new DomainError('MALFORMED', 'not a number from 1', { what: 'number' });
}

/** One of a few words. */
export function wordIn<T extends string>(text: string, words: readonly T[], what: string): T {
  const found = words.find((word) => word === text);
  if (found === undefined) throw new DomainError('MALFORMED', 'not one of the words there are', { what });
  return found;
}

export const agencyIn = (text: string | undefined): AgencyCode | undefined =>
  text === undefined ? undefined : parseAgencyCode(text);

/** From `Lt-Correlation-Id`, or a new one; throws `CORRELATION_ID_MALFORMED`. */
export const correlationFor = ({ ids }: Pick<NodeServices, 'ids'>, request: Request): Uuid =>
  correlationOf(request.header('lt-correlation-id')) ?? ids.uuid7();
