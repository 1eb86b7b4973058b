import type { CommandRow } from './command-row.ts';
import type { FiledState } from './filed.state.ts';
import { AT_WORK, ENDED, IN_HAND, RESTING } from './situation-groups.ts';
import type { SituationKey } from './situation.state.ts';

const custodian = (state: FiledState) => (state.facts.hand.kind === 'held' ? state.facts.hand.custodian : undefined);
const alreadyAtWork = {
  why: 'the custodian has begun already',
  holds: (state: FiledState) => state.facts.processing?.agency === custodian(state),
};
const END: readonly string[] = ENDED;
const isHome = {
  why: 'it has ended and is back at the one-stop unit that received it',
  holds: (state: FiledState) => END.includes(state.situation) && custodian(state) === state.facts.receivingAgency,
};

/** Answers still count when the dossier has ended meanwhile: somebody did the work. */
const RECEIVED_ONCE = [
  ...IN_HAND,
  'Resolved',
  'Returned',
  'Refused',
  'Stopped',
  'Withdrawn',
] as const satisfies readonly SituationKey[];

/** Work, opinions, custody, time. */
export const WORK_ROWS = {
  'start-processing': {
    in: AT_WORK,
    capacity: 'custodian',
    events: ['processing-started'],
    refusals: [],
    unless: alreadyAtWork,
  },
  'assign-step': { in: AT_WORK, capacity: 'custodian', events: ['step-assigned'], refusals: ['DEADLINE_MISSING'] },
  'complete-step': { in: AT_WORK, capacity: 'custodian', events: ['step-completed'], refusals: ['STEP_COMPLETED'] },
  'request-opinion': {
    in: AT_WORK,
    capacity: 'custodian',
    events: ['opinion-requested'],
    refusals: ['OPINION_EXISTS', 'AGENCY_NOT_VALID', 'DEADLINE_IN_PAST'],
  },
  'give-opinion': {
    in: RECEIVED_ONCE,
    capacity: 'agency-asked',
    events: ['opinion-given'],
    refusals: ['OPINION_UNKNOWN', 'OPINION_KIND_DIFFERS', 'OPINION_ALREADY_GIVEN'],
  },
  'finish-task': {
    in: RECEIVED_ONCE,
    capacity: 'agency-asked',
    events: ['opinion-given'],
    refusals: ['OPINION_UNKNOWN', 'OPINION_KIND_DIFFERS', 'OPINION_ALREADY_GIVEN'],
  },
  'mark-opinion-overdue': {
    in: IN_HAND,
    capacity: 'custodian',
    events: ['opinion-overdue'],
    refusals: ['OPINION_UNKNOWN', 'OPINION_ALREADY_GIVEN', 'OPINION_ALREADY_OVERDUE', 'OPINION_NOT_DUE'],
  },
  forward: {
    in: RESTING,
    capacity: 'custodian',
    events: ['forwarded'],
    refusals: [
      'FORWARD_TO_SELF',
      'AGENCY_NOT_VALID',
      'FORWARD_REASON_NOT_ALLOWED',
      'RETURN_TO_STRANGER',
      'DEADLINE_MISSING',
    ],
    unless: isHome,
  },
  'accept-custody': {
    in: ['InTransit'],
    capacity: 'agency-named',
    events: ['custody-accepted'],
    refusals: ['OPENINGS_MISSING'],
  },
  'decline-custody': { in: ['InTransit'], capacity: 'agency-named', events: ['custody-declined'], refusals: [] },
  recall: { in: ['InTransit'], capacity: 'forwarder', events: ['custody-declined'], refusals: [] },
  'release-custody': { in: RESTING, capacity: 'custodian', events: ['custody-released'], refusals: ['NO_REHOMER'] },
  rehome: {
    in: [...RESTING, 'InTransit', 'Released'],
    capacity: 'rehomer',
    events: ['rehomed'],
    refusals: ['AGENCY_NOT_VALID'],
  },
  'extend-due-date': {
    in: AT_WORK,
    capacity: 'custodian',
    events: ['due-date-extended'],
    refusals: ['NO_DUE_DATE', 'EXTENSION_USED', 'DUE_DATE_NOT_LATER', 'EXTENSION_TOO_LATE'],
  },
} as const satisfies Record<string, CommandRow>;
