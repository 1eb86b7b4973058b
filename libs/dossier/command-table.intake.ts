import type { CommandRow } from './command-row.ts';
import { BEFORE_RECEIPT, OPEN, PAYABLE, RESTING } from './situation-groups.ts';

/** Intake, papers, identity, money. */
export const INTAKE_ROWS = {
  'file-dossier': {
    in: ['NotFiled'],
    capacity: 'filing-side',
    events: ['submitted', 'received'],
    refusals: ['AGENCY_NOT_VALID', 'TERRITORY_UNKNOWN', 'PROCEDURE_CASE_UNKNOWN', 'COMPONENTS_MISSING', 'INVALID'],
  },
  'receive-dossier': {
    in: ['Submitted'],
    capacity: 'custodian',
    events: ['received'],
    refusals: ['OPENINGS_MISSING', 'TIME_BEFORE_REQUEST', 'PROCEDURE_CASE_UNKNOWN', 'COMPONENTS_MISSING', 'INVALID'],
  },
  'refuse-intake': { in: BEFORE_RECEIPT, capacity: 'custodian', events: ['intake-refused'], refusals: [] },
  'add-component': {
    in: OPEN,
    capacity: 'custodian',
    events: ['component-added'],
    refusals: ['COMPONENT_EXISTS'],
  },
  'digitise-component': {
    in: [...OPEN, 'Resolved', 'Returned'],
    capacity: 'custodian',
    events: ['component-digitised'],
    refusals: ['COMPONENT_UNKNOWN', 'COMPONENT_DIGITISED', 'INVALID'],
  },
  'request-supplement': {
    in: ['Submitted', 'Received', 'InProcess'],
    capacity: 'custodian',
    events: ['supplement-requested'],
    refusals: ['DEADLINE_IN_PAST'],
  },
  'provide-supplement': {
    in: ['AwaitingSupplement/before-receipt', 'AwaitingSupplement/after-receipt'],
    capacity: 'filing-side',
    events: ['supplement-provided'],
    then: ['due-date-recomputed'],
    refusals: ['TIME_BEFORE_REQUEST'],
  },
  'request-identity-check': {
    in: OPEN,
    capacity: 'custodian',
    events: ['identity-check-requested'],
    refusals: ['IDENTITY_CHECK_OPEN'],
  },
  'record-identity-check': {
    in: RESTING,
    capacity: 'population-adapter',
    events: ['identity-confirmed', 'identity-not-confirmed', 'identity-check-failed'],
    refusals: ['IDENTITY_CHECK_NOT_OPEN', 'INVALID'],
  },
  'request-fee': {
    in: ['Submitted', 'Received', 'InProcess', ...PAYABLE, 'Resolved'],
    capacity: 'custodian',
    events: ['fee-requested'],
    refusals: ['FEE_ALREADY_REQUESTED', 'DEADLINE_IN_PAST', 'INVALID'],
  },
  'record-payment': {
    in: RESTING,
    capacity: 'filing-side',
    events: ['fee-paid'],
    then: ['due-date-recomputed'],
    refusals: ['FEE_NOT_REQUESTED', 'FEE_ALREADY_PAID', 'AMOUNT_DIFFERS', 'TIME_BEFORE_REQUEST'],
  },
  'waive-fee': {
    in: RESTING,
    capacity: 'custodian',
    events: ['fee-waived'],
    then: ['due-date-recomputed'],
    refusals: ['FEE_NOT_REQUESTED', 'FEE_ALREADY_PAID', 'AMOUNT_DIFFERS', 'TIME_BEFORE_REQUEST'],
  },
} as const satisfies Record<string, CommandRow>;
