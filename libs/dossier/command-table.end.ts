import type { CommandRow } from './command-row.ts';
import { AT_WORK, ENDED, IN_HAND, OPEN, RESTING } from './situation-groups.ts';

/** The end, the result, and what comes after. */
export const END_ROWS = {
  resolve: { in: AT_WORK, capacity: 'custodian', events: ['resolved'], refusals: [] },
  refuse: { in: IN_HAND, capacity: 'custodian', events: ['refused'], refusals: [] },
  stop: { in: IN_HAND, capacity: 'custodian', events: ['stopped'], refusals: [] },
  withdraw: { in: OPEN, capacity: 'filing-side', events: ['withdrawn'], refusals: [] },
  'mark-result-ready': {
    in: ['Resolved'],
    capacity: 'custodian',
    events: ['result-ready'],
    refusals: ['RESULT_MISSING'],
  },
  'dispatch-result': {
    in: ['Resolved'],
    capacity: 'custodian',
    events: ['result-dispatched'],
    refusals: ['RESULT_MISSING', 'RESULT_NOT_ANNOUNCED'],
  },
  'return-result': {
    in: ['Resolved'],
    capacity: 'custodian',
    events: ['result-returned'],
    refusals: ['RESULT_MISSING', 'RESULT_NOT_ANNOUNCED'],
  },
  link: { in: RESTING, capacity: 'custodian', events: ['linked'], refusals: ['LINK_EXISTS', 'LINK_TO_SELF'] },
  'rate-satisfaction': { in: ENDED, capacity: 'filing-side', events: ['satisfaction-rated'], refusals: [] },
  'file-petition': {
    in: RESTING,
    capacity: 'filing-side',
    events: ['petition-filed'],
    refusals: ['PETITION_EXISTS', 'RULE_NOT_IN_FORCE'],
  },
  'answer-petition': {
    in: RESTING,
    capacity: 'custodian',
    events: ['petition-answered'],
    refusals: ['PETITION_UNKNOWN', 'PETITION_ALREADY_ANSWERED'],
  },
  'erase-personal-data': {
    in: RESTING,
    capacity: 'custodian',
    events: ['personal-data-erased'],
    refusals: ['RETENTION_FORBIDS_ERASURE', 'ALREADY_ERASED'],
  },
  correct: {
    in: RESTING,
    capacity: 'custodian',
    events: ['corrected'],
    refusals: ['EVENT_SUPERSEDED', 'TERRITORY_UNKNOWN'],
  },
} as const satisfies Record<string, CommandRow>;
