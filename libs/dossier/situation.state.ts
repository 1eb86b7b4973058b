/**
 * The situations a dossier can be in (design 3). A *resting* situation is one in which a custodian can act; `InTransit`
 * and `Released` remember the resting situation that they interrupt, because a change of hand changes nothing else
 * (domain 6.4: a change of route does not restart the clock).
 *
 * A {@link SituationKey} is what the tables go by: the situation and, where it matters, which half of it. Commands, events
 * and the drawn states are keyed by it; `command-table.spec.ts` proves that tables and deciders agree.
 */
import type { AgencyCode, Instant } from '#libs/kernel';
import type { ForwardedData } from './generated/events.ts';

/** Where work is, or was, before it waits for the applicant. */
export type WorkStage = 'Submitted' | 'Received' | 'InProcess';
export type ClosedSituation = 'IntakeRefused' | 'Refused' | 'Stopped' | 'Withdrawn' | 'Returned';

export type RestingSituation =
  | { readonly situation: WorkStage | 'Resolved' | ClosedSituation }
  | { readonly situation: 'AwaitingSupplement'; readonly then: WorkStage; readonly askedAt: Instant }
  | {
      readonly situation: 'AwaitingPayment';
      readonly then: WorkStage;
      /** Since when the clock stands still; absent: it runs on, and so may the work. */
      readonly clockStoppedAt?: Instant;
    };

/** One agency's part of the route (scoring index 2 of Thông tư 01/2018: a deadline and a finish for each). */
export interface Leg {
  readonly from: AgencyCode;
  readonly to: AgencyCode;
  readonly reason: ForwardedData['reason'];
  readonly step: string;
  readonly stepNumber?: number;
  readonly leadAgency: AgencyCode;
  readonly dueAt: Instant;
  readonly forwardedAt: Instant;
  readonly acceptedAt?: Instant;
}

export type Situation =
  | RestingSituation
  | { readonly situation: 'InTransit'; readonly leg: Leg; readonly then: RestingSituation }
  | { readonly situation: 'Released'; readonly since: Instant; readonly then: RestingSituation };

export type SituationName = Situation['situation'] | 'NotFiled';

export const SITUATION_KEYS = [
  'NotFiled',
  'Submitted',
  'AwaitingSupplement/before-receipt',
  'AwaitingPayment/before-receipt',
  'IntakeRefused',
  'Received',
  'InProcess',
  'AwaitingSupplement/after-receipt',
  'AwaitingPayment/clock-runs',
  'AwaitingPayment/clock-stopped',
  'Resolved',
  'Refused',
  'Stopped',
  'Withdrawn',
  'Returned',
  'InTransit',
  'Released',
] as const;
export type SituationKey = (typeof SITUATION_KEYS)[number];

/** Which row of the tables holds for a situation. */
export function situationKey(state: Situation | { readonly situation: 'NotFiled' }): SituationKey {
  switch (state.situation) {
    case 'AwaitingSupplement':
      return state.then === 'Submitted' ? 'AwaitingSupplement/before-receipt' : 'AwaitingSupplement/after-receipt';
    case 'AwaitingPayment':
      if (state.then === 'Submitted') return 'AwaitingPayment/before-receipt';
      return state.clockStoppedAt === undefined ? 'AwaitingPayment/clock-runs' : 'AwaitingPayment/clock-stopped';
    default:
      return state.situation;
  }
}

/** Nothing more is decided about the application itself; hand-back, petitions, ratings and privacy go on. */
export const isClosed = (situation: SituationName): situation is ClosedSituation =>
  ['IntakeRefused', 'Refused', 'Stopped', 'Withdrawn', 'Returned'].includes(situation);
