/**
 * Whether a later statement contradicts the past of the one before it (wire format 7): a closed interval or a revocation
 * may not vanish, a label's key and `validFrom` may not change, and no label to sign with may vanish. *Past* is what lies before the later statement's own
 * `recordedtime`: an end that is still to come is a plan, and plans are postponed. Names and territories may be corrected;
 * what judgements hang on (from, to, node, parent, level, services) may not.
 */
import type { Instant } from '#libs/kernel';
import type {
  AgencyInterval,
  AgencyStatement,
  Interval,
  NodeStatement,
  StatedKey,
  StatedLog,
  Suspension,
} from './statement.ts';

export type Contradiction =
  | 'INTERVAL_VANISHED'
  | 'INTERVALS_OVERLAP'
  | 'KEY_CHANGED'
  | 'REVOCATION_VANISHED'
  | 'SUCCESSION_VANISHED'
  | 'SUSPENSION_VANISHED'
  | 'LOG_CHANGED';

const hasBegun = (interval: Interval, now: Instant): boolean => interval.from <= now;
const hasEnded = (interval: Interval, now: Instant): boolean => interval.to !== undefined && interval.to <= now;

/** Ended: must stand there as it was. Begun: must still begin then; its end may be set or moved. To come: is a plan. */
function survives<T extends Interval>(
  before: T,
  after: readonly T[],
  { now, same }: { readonly now: Instant; readonly same: (a: T, b: T) => boolean },
): boolean {
  if (!hasBegun(before, now)) return true;
  return after.some(
    (later) =>
      later.from === before.from &&
      same(before, later) &&
      (hasEnded(before, now) ? later.to === before.to : later.to === undefined || later.to > before.from),
  );
}

const sameAgencyInterval = (a: AgencyInterval, b: AgencyInterval): boolean =>
  a.node === b.node && a.parent === b.parent && a.level === b.level && sameTexts(a.services, b.services);
const sameSuspension = (a: Suspension, b: Suspension): boolean =>
  a.rehomer === b.rehomer && sameTexts(a.streams ?? ['*'], b.streams ?? ['*']);
const sameTexts = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((text) => b.includes(text));
const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index]);
const sameLog = (a: StatedLog, b: StatedLog): boolean =>
  a.origin === b.origin && a.vkey === b.vkey && a.life === b.life;

function keyContradiction(before: readonly StatedKey[], after: readonly StatedKey[]): Contradiction | undefined {
  for (const key of before) {
    const later = after.find((candidate) => candidate.label === key.label);
    if (!later || !isSameKey(key, later)) return 'KEY_CHANGED';
    if (key.revoked && !later.revoked) return 'REVOCATION_VANISHED';
  }
  return undefined;
}
/** Keys to seal for may vanish: nothing old is judged by them, and what the service added the registrar may drop. */
function encryptionKeyContradiction(
  before: readonly StatedKey[],
  after: readonly StatedKey[],
): Contradiction | undefined {
  const labels = new Set(after.map(({ label }) => label));
  return keyContradiction(
    before.filter(({ label }) => labels.has(label)),
    after,
  );
}
const isSameKey = (a: StatedKey, b: StatedKey): boolean =>
  a.alg === b.alg && a.validFrom === b.validFrom && sameBytes(a.publicKey, b.publicKey);

/**
 * An agency has one name, one node and one superior at a time. Two intervals over the same time would let the order in which
 * they are written decide, and one laid over a closed one would change the past without taking anything away.
 */
export function overlapOf({ intervals }: AgencyStatement): Contradiction | undefined {
  const inOrder = intervals
    .filter(({ from, to }) => to === undefined || from < to)
    .toSorted((a, b) => (a.from < b.from ? -1 : 1));
  const overlaps = inOrder.some(({ to }, at) => {
    const next = inOrder[at + 1];
    return next !== undefined && (to === undefined || next.from < to);
  });
  return overlaps ? 'INTERVALS_OVERLAP' : undefined;
}

/** `now` is the later statement's `recordedtime`. */
export function agencyContradiction(
  before: AgencyStatement,
  after: AgencyStatement,
  now: Instant,
): Contradiction | undefined {
  if (!before.intervals.every((one) => survives(one, after.intervals, { now, same: sameAgencyInterval })))
    return 'INTERVAL_VANISHED';
  if (!before.suspensions.every((one) => survives(one, after.suspensions, { now, same: sameSuspension })))
    return 'SUSPENSION_VANISHED';
  const vanished = before.successions.some(
    (one) =>
      one.effective <= now &&
      !after.successions.some(
        (later) =>
          later.to === one.to &&
          later.effective === one.effective &&
          later.rehomer === one.rehomer &&
          later.kind === one.kind,
      ),
  );
  return vanished ? 'SUCCESSION_VANISHED' : keyContradiction(before.keys, after.keys);
}

export function nodeContradiction(
  before: NodeStatement,
  after: NodeStatement,
  now: Instant,
): Contradiction | undefined {
  if (!before.logs.every((one) => survives(one, after.logs, { now, same: sameLog }))) return 'LOG_CHANGED';
  return (
    keyContradiction(before.signingKeys, after.signingKeys) ??
    encryptionKeyContradiction(before.encryptionKeys, after.encryptionKeys)
  );
}
