/**
 * Was it on time? Two rules are in use and may disagree on the same day; both are computed, the difference is shown
 * (domain 5.3, 12 no. 3). Pure functions of the state and of the end of the period asked about; total, since the times are what other agencies state.
 */
import { instantToMs, localDateOf, msToNearestInstant, type Instant } from '#libs/kernel';
import type { DossierFacts, Ending, Supplement } from './facts.state.ts';
import type { DossierState } from './filed.state.ts';

/** `running`: not ended, not due before the end of the period. `not-counted`: never received, so no clock ran. */
export type Verdict = 'early' | 'on-time' | 'overdue' | 'running' | 'not-counted';

export interface OnTime {
  /** A provincial system compares calendar dates in Viet Nam. */
  readonly local: Verdict;
  /** Decision 766, indicator 2.1, compares times. Knows `on-time` and `overdue` only, besides `not-counted`. */
  readonly scoring: Verdict;
  /** One says overdue and the other does not. */
  readonly differ: boolean;
  /** End by the scoring's order of statuses, the wait for the applicant not yet taken off. */
  readonly endedAt?: Instant;
}

/** Latest end of a dossier without a due date, received then, by the maximum limit of its procedure. */
export type MaximumLimit = (receivedAt: Instant) => Instant | undefined;
const NO_LIMIT: MaximumLimit = () => undefined;

/** `until` is the end of the reporting period, or now. */
export function onTime(state: DossierState, until: Instant, maximum: MaximumLimit = NO_LIMIT): OnTime {
  if (state.situation === 'NotFiled' || state.facts.receivedAt === undefined)
    return { local: 'not-counted', scoring: 'not-counted', differ: false };
  const { facts } = state;
  const local = localVerdict(facts, until);
  const endedAt = scoringEnd(facts);
  const scoring = scoringVerdict(facts, endedAt ?? until, maximum);
  return {
    local,
    scoring,
    differ: (local === 'overdue') !== (scoring === 'overdue'),
    ...(endedAt === undefined ? {} : { endedAt }),
  };
}

/** 5.3 no. 7: earlier day early, same day or no due date on time, withdrawn on time; still running: due before the end of the period is overdue. */
function localVerdict({ due, ending }: DossierFacts, until: Instant): Verdict {
  if (ending?.how === 'withdrawn') return 'on-time';
  if (ending === undefined) return due !== undefined && due.dueAt < until ? 'overdue' : 'running';
  if (due === undefined) return 'on-time';
  const [ended, wanted] = [localDateOf(ending.at), localDateOf(due.dueAt)];
  if (ended === wanted) return 'on-time';
  return ended < wanted ? 'early' : 'overdue';
}

/** 5.3 no. 1 and 2: resolved goes before returned, both before stopped and refused; else the one open supplement request. */
function scoringEnd({ ending, supplements }: DossierFacts): Instant | undefined {
  if (ending !== undefined) return endOf(ending);
  const asked = supplements.filter(({ stage }) => stage === 'after-receipt');
  const [only] = asked;
  return asked.length === 1 && only?.providedAt === undefined ? only?.requestedAt : undefined;
}
/** 9 wins over 10, so a return never moves the end. */
const endOf = ({ at }: Ending): Instant => at;

/**
 * 5.3 no. 2 to 6. Requests before receipt stop no clock and are not counted. A wait that the due date was reckoned with is
 * not taken off once more: two rules are never applied to one date (4.3, 12 no. 1).
 */
function scoringVerdict(facts: DossierFacts, end: Instant, maximum: MaximumLimit): Verdict {
  const asked = facts.supplements.filter(({ stage }) => stage === 'after-receipt');
  if (asked.length > 1) return 'overdue';
  const waited = asked.reduce((sum, supplement) => sum + waitStillCounted(supplement), 0);
  const limit = facts.due?.dueAt ?? (facts.receivedAt === undefined ? undefined : maximum(facts.receivedAt));
  if (limit === undefined) return 'on-time';
  const counted = facts.ending === undefined ? end : msToNearestInstant(instantToMs(end) - waited);
  return counted <= limit ? 'on-time' : 'overdue';
}

const waitStillCounted = ({ requestedAt, providedAt, dueAt }: Supplement): number =>
  providedAt === undefined || dueAt !== undefined ? 0 : instantToMs(providedAt) - instantToMs(requestedAt);
