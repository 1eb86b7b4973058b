/**
 * Who follows an agency, and who may write `rehomed` for it (wire format 6 and 7, design 4).
 */
import type { AgencyCode, Instant } from '#libs/kernel';
import { findAgency, isValidAt } from './agencies.ts';
import type { Directory } from './directory.ts';
import { covers, type Succession } from './statement.ts';

/** Successions of an agency that are in effect at `at`, the whole ones first, else as stated. */
export function successionsOf(directory: Directory, code: AgencyCode, at: Instant): readonly Succession[] {
  const stated = findAgency(directory, code)?.successions ?? [];
  const inEffect = stated.filter((succession) => succession.effective <= at);
  return [...inEffect.filter(({ kind }) => kind === 'whole'), ...inEffect.filter(({ kind }) => kind === 'part')];
}

/** The agencies that follow `code` at `at`, through several reforms if need be; an heir that has ended gives way to its own. */
export function successorsOf(directory: Directory, code: AgencyCode, at: Instant): readonly AgencyCode[] {
  const found = new Set<AgencyCode>();
  const seen = new Set<AgencyCode>([code]);
  const open = [code];
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    for (const { to } of successionsOf(directory, next, at)) {
      if (seen.has(to)) continue;
      seen.add(to);
      open.push(to);
      if (isValidAt(directory, to, at)) found.add(to);
    }
  }
  return [...found];
}

/**
 * Everybody whom the statement about the agency in whose hand a place is names as rehomer at `at` (the `recordedtime` of the
 * `rehomed`): by a succession from its `effective` on, by a suspension in [`from`, `to`) that covers this stream.
 */
export function rehomersFor(
  directory: Directory,
  agencyInHand: AgencyCode,
  subject: string,
  at: Instant,
): readonly AgencyCode[] {
  const statement = findAgency(directory, agencyInHand);
  if (!statement) return [];
  const suspended = statement.suspensions.filter(
    (suspension) => covers(suspension, at) && (suspension.streams?.includes(subject) ?? true),
  );
  const named = [...successionsOf(directory, agencyInHand, at), ...suspended].map(({ rehomer }) => rehomer);
  return [...new Set(named)];
}

/** The first of {@link rehomersFor}: a succession before a suspension. */
export const rehomerFor = (
  directory: Directory,
  agencyInHand: AgencyCode,
  subject: string,
  at: Instant,
): AgencyCode | undefined => rehomersFor(directory, agencyInHand, subject, at)[0];
