/** Names for sets of situations that the rows of the command table share. */
import type { SituationKey } from './situation.state.ts';

/** Filed and not received: no clock runs but that of the answer at intake. */
export const BEFORE_RECEIPT = [
  'Submitted',
  'AwaitingSupplement/before-receipt',
  'AwaitingPayment/before-receipt',
] as const satisfies readonly SituationKey[];
/** The custodian can work on it. */
export const AT_WORK = [
  'Received',
  'InProcess',
  'AwaitingPayment/clock-runs',
] as const satisfies readonly SituationKey[];
/** Received and not ended. */
export const IN_HAND = [
  ...AT_WORK,
  'AwaitingSupplement/after-receipt',
  'AwaitingPayment/clock-stopped',
] as const satisfies readonly SituationKey[];
export const OPEN = [...BEFORE_RECEIPT, ...IN_HAND] as const;
export const ENDED = [
  'Resolved',
  'Returned',
  'Refused',
  'Stopped',
  'Withdrawn',
  'IntakeRefused',
] as const satisfies readonly SituationKey[];
/** Somebody has it and can act. */
export const RESTING = [...OPEN, ...ENDED] as const;
export const PAYABLE = [
  'AwaitingPayment/before-receipt',
  'AwaitingPayment/clock-runs',
  'AwaitingPayment/clock-stopped',
] as const satisfies readonly SituationKey[];
