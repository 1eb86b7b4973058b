export { allowedCommands, isAllowed } from './allowed-commands.ts';
export { COMMAND_TABLE, COMMON_REFUSALS } from './command-table.ts';
export type { Capacity, CommandRow } from './command-row.ts';
export type { DecisionContext, EventStanding, OpenedValues } from './context.ts';
export type { CitedDate, DeadlineRules, PetitionDates, RouteStep, SubmissionChannel } from './deadlines.ts';
export { decide, type Decision } from './dossier.decider.ts';
export { decideRehomeUnfolded } from './rehome-unfolded.ts';
export type { Recorded, RecordedEvent, RecordedEventOf } from './dossier.events.ts';
export {
  supersededActs,
  unanswered,
  type AnsweringEvent,
  type SupersededAct,
  type SupersededEvent,
} from './superseded.ts';
export { evolve, fold, type Fold } from './dossier.state.ts';
export { SITUATIONS_OF_EVENT } from './event-table.ts';
export type {
  DossierFacts,
  DueDate,
  Ending,
  Extension,
  FinancialObligation,
  IdentityCheck,
  Opinion,
  Petition,
  Result,
  Step,
  Supplement,
} from './facts.state.ts';
export { initialState, type DossierState, type FiledState, type NotFiled } from './filed.state.ts';
export * from './generated/commands.ts';
export * from './generated/events.ts';
export type * from './generated/shapes.ts';
export { takesFromCounters } from './intake.decider.ts';
export { NotUnderstood } from './not-understood.ts';
export { onTime, type MaximumLimit, type OnTime, type Verdict } from './on-time.ts';
export { isParty, isReceivingAgency, mayCommand, type Asker } from './parties.ts';
export type { DirectoryRules, ProcedureRules, RetentionRules, VersionInForce } from './reference-rules.ts';
export { refusalMessage, type Refusal, type RefusalDetails, type Refused } from './refusal.ts';
export { REFUSALS, REFUSAL_CODES, type RefusalCode, type RefusalText } from './refusal-codes.ts';
export { warningMessage, WARNINGS, type DossierWarning, type WarningCode } from './warnings.ts';
export { SITUATION_TITLES } from './situation-titles.ts';
export { ROLES, ROLES_OF_COMMAND, roleMay, type Role } from './roles.ts';
export {
  SITUATION_KEYS,
  isClosed,
  situationKey,
  type ClosedSituation,
  type Leg,
  type RestingSituation,
  type Situation,
  type SituationKey,
  type SituationName,
  type WorkStage,
} from './situation.state.ts';
