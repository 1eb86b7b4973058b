export type { Act } from './act-on-dossier/act.ts';
export type { ArrivedRecord, IngestSummary } from './ingest-mailbox/arrived.ts';
export * from './act-on-dossier/act-on-dossier.ts';
export * from './act-on-dossier/answer.ts';
export * from './ask-for-gaps/ask-for-gaps.ts';
export * from './ask-for-lines/ask-for-lines.ts';
export * from './confirm-deliveries/confirm-deliveries.ts';
export * from './once-in-a-while.ts';
export * from './decide/load-dossier.ts';
export * from './doorbell.ts';
export * from './ingest-mailbox/ingest-mailbox.ts';
export { markOf, type Disagreement } from './life/judge-mark.ts';
export * from './life/life-guard.ts';
export { logOrigin } from './life/log-life.ts';
export { heldAgainstPublished, ownCheckpoints, type PublishedCheckpoint } from './life/published-checkpoints.ts';
export * from './node-services.ts';
export * from './openings-awaited/openings-awaited.ts';
export * from './own-agencies.ts';
export type * from './ports/index.ts';
export * from './read-directory/read-directory.ts';
export { RecoveryDesk, type RecoveryProgress } from './recover/recovery-desk.ts';
export type { RecoveryOrder } from './recover/recovery-orders.ts';
export * from './relay-outbox/relay-outbox.ts';
export * from './release-held/release-held.ts';
export * from './sign-checkpoints/sign-checkpoints.ts';
export * from './sweep-vault/sweep-vault.ts';
export * from './when-personal-data-erased-then-destroy-keys/when-personal-data-erased-then-destroy-keys.ts';
export * from './stored-messages.ts';
export * from './when-agency-moved-then-hand-over/when-agency-moved-then-hand-over.ts';
export * from './when-command-recorded-then-decide/when-command-recorded-then-decide.ts';
export * from './when-custody-comes-unasked-then-ask-for-openings/when-custody-comes-unasked-then-ask-for-openings.ts';
export * from './when-dossier-forwarded-then-accept/when-dossier-forwarded-then-accept.ts';
export * from './when-opinion-deadline-passes-then-overdue/when-opinion-deadline-passes-then-overdue.ts';
export * from './verify-ledger/verify-ledger.ts';
export type { CheckpointFound } from './verify-ledger/tree-under-checkpoint.ts';
export type { Fault, Verification, VerifyDeps } from './verify-ledger/verification.ts';
export { listScope, mayRead, overseesNode, type Reader } from './read-dossier/jurisdiction.ts';
export { findReadable, readDossier, type AsOf, type DossierRead } from './read-dossier/read-dossier.ts';
export { readEventBytes, readHistory, type EventRead, type HistoryRead } from './read-dossier/read-history.ts';
export { awaitOutcome, readOutcome, type OutcomeRead } from './read-dossier/read-outcome.ts';
export { operationSubject, recordOperation, type Operation } from './record-operation/record-operation.ts';
export { getQuarantined, releaseQuarantined, type ReleasedNow } from './release-quarantined/release-quarantined.ts';
export { ERASED, revealPersonalData, type RevealedEvent } from './reveal-personal-data/reveal-personal-data.ts';
export { discardQuarantined, type Discarded } from './discard-quarantined/discard-quarantined.ts';
export {
  getRedrive,
  seenAs,
  startRedrive,
  steerRedrive,
  sumRedrive,
  type OperatorDoes,
  type RedriveSeen,
  type RedriveGround,
} from './redrive-quarantined/redrive-job.ts';
export { RedriveRunner, type RunnerGround } from './redrive-quarantined/redrive-runner.ts';
export {
  listTrouble,
  sumTrouble,
  type ParkedDossiers,
  type TroubleItems,
  type TroubleKindSeen,
} from './see-trouble/see-trouble.ts';
export { NOTHING_STOPPED, StopSwitches } from './stop-loops/stop-switches.ts';
export { switchLoop } from './stop-loops/switch-loop.ts';
