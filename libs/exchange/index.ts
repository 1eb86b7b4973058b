export { readEnvelope, recordKeyOf, type EnvelopeCode, type EnvelopeRead } from './envelope.ts';
export {
  judgeAlone,
  judgeUpToSignature,
  type AloneCode,
  type AloneDeps,
  type AloneStage,
  type BorderRecord,
  type PassedAlone,
  type RefusedAlone,
} from './envelope-judged-alone.ts';
export { type BorderKey, type FindKey, type KeyCode } from './keys-at-the-border.ts';
export { decodeOpenings, encodeOpenings, MAX_OPENINGS_BYTES, type Opening } from './openings.ts';
export {
  commitPersonal,
  findSdFault,
  openPersonal,
  type CommittedData,
  type CommittedField,
  type SdFault,
} from './personal-fields.ts';
export {
  checkDisclosure,
  digestOf,
  MAX_DISCLOSURES_BYTES,
  parseDisclosure,
  type Disclosure,
  type OpenedField,
} from './personal-fields-disclosure.ts';
export { type PersonalPattern } from './personal-fields-places.ts';
export { claimedHashOf } from './seal-signed-bytes.ts';
export { sealMessage } from './seal.ts';
export {
  EMPTY_GRAPH,
  NO_EVENT,
  toEventNode,
  type Effect,
  type EventNode,
  type HeadFields,
  type StreamGraph,
  type StreamHead,
} from './branches-graph.ts';
export { branchesOf, type Branches, type ForkPlace } from './branches.ts';
export { supersededIn } from './superseded.ts';
export { headAfter } from './branches-head.ts';
export { branchUpTo, findHandAt, handAfterEvent } from './custody.ts';
export { findEntitlementFault, type EntitlementFault, type PlaceBefore } from './entitlement.ts';
export {
  idKey,
  judgeOnGraph,
  judgeWithoutStream,
  type Ground,
  type Held,
  type HoldReason,
  type Judgement,
  type Known,
  type Recorded,
} from './judge.ts';
export { graphWith, judgeInOrder, type Arrived, type BatchGround, type Judged } from './judge-order.ts';
export { foldVerdict, type FoldContracts } from './judge-fold.ts';
export { admitAll, HOLD_BOUNDS, type Admitted, type HeldCounts, type HoldBounds } from './hold.ts';
export {
  admitToQuarantine,
  placesOf,
  QUARANTINE_BOUNDS,
  QUARANTINE_RESERVED,
  type QuarantineClaim,
  type QuarantineTaken,
  type QuarantineWhole,
  type Taken,
} from './quarantine.ts';
export {
  askedAfter,
  likelyHolders,
  questionsFor,
  type Asked,
  type AskGround,
  type Gap,
  type Question,
} from './hold-asking.ts';
export {
  applyManifest,
  isReminderDue,
  manifestData,
  MANIFEST_HASHES,
  manifestsOf,
  readManifest,
  type InboundLine,
  type Manifest,
  type ManifestApplied,
  type NumberedHash,
} from './manifests.ts';
export {
  readReceipt,
  receiptData,
  receiptOf,
  RECEIPT_ENTRIES,
  type Range,
  type Receipt,
  type Standing,
} from './receipts.ts';
export {
  isSaidAgain,
  meaningOf,
  namesNothing,
  numbersOpen,
  resendingAfter,
  type MissingSince,
  type OwnLine,
  type ReceiptMeaning,
  type Resending,
} from './receipts-resending.ts';
export { partiesAfter, RECIPIENT_TABLE, recipients, type Recipient, type RecipientRole } from './recipients.ts';
export {
  ASKING_FIELDS,
  committedPointers,
  coveredBy,
  fieldsNamed,
  openingDuties,
  openingsDue,
  SERVICE_FIELDS,
  type OpeningDue,
  type OpeningDuty,
  type StreamPart,
} from './recipients-openings.ts';
export {
  deliveriesFor,
  needsEarlier,
  partOf,
  streamAfter,
  strongest,
  type Delivery,
  type DossierStream,
  type SendingNode,
} from './recipients-deliveries.ts';
export { deliveriesOfBranches, deliveriesOfReturned } from './recipients-branches.ts';
export { routeCommand, type CommandRoute } from './recipients-routing.ts';
export { CHECKPOINTS_TOPIC, DIRECTORY_TOPIC, MAILBOX_PREFIX, mailboxTopic } from './topics.ts';
export {
  changesRedrive,
  NO_PROGRESS,
  pauseAfterBatch,
  REDRIVE_LIMITS,
  redriveStateOf,
  triedIn,
  type Became,
  type RedriveAct,
  type RedriveProgress,
  type RedriveState,
  type RedriveTry,
} from './redrive.ts';
export { pauseBefore, RetryBudget, type BudgetOf, type Pauses } from './retry-pace.ts';
export {
  aboutLoop,
  loopNamed,
  STOPPABLE_LOOPS,
  stoppedLoops,
  type LoopName,
  type StoppableLoop,
  type StoppedLoop,
} from './stop-switches.ts';
export { adviceOn, STANDS_TOO_LONG_MS, TROUBLE_KINDS, type Advice, type TroubleKind } from './trouble.ts';
