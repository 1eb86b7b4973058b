/**
 * What is known of a dossier whatever its situation. Only facts that a decision needs, or that every reader of a dossier
 * asks for; never a personal value. Times are `time` of the events.
 */
import type { AgencyCode, DossierCode, Hand, Hash, Instant, Subject, Uuid } from '#libs/kernel';
import type { SubmissionChannel } from './deadlines.ts';
import type {
  ClearOtherCode,
  ClearResultDocument,
  DeadlineClock,
  DossierComponent,
  Fee,
  Place,
  Procedure,
  ProcessingLimit,
} from './generated/shapes.ts';
import type { Leg } from './situation.state.ts';
import type { Warned } from './warnings.ts';

export interface DueDate {
  readonly dueAt: Instant;
  readonly clock: DeadlineClock;
}
export interface Extension {
  readonly announcedAt: Instant;
  readonly previousDueAt: Instant;
  readonly dueAt: Instant;
}
export interface Supplement {
  readonly stage: 'before-receipt' | 'after-receipt';
  /** Hash of the request, which its answer names. */
  readonly request: Hash;
  readonly requestedAt: Instant;
  /** The applicant's own deadline. */
  readonly applicantDueAt?: Instant;
  readonly previousDueAt?: Instant;
  /** Until when it was to be asked for (Nghị định 61/2018 Art 19(4)), and that it was not. */
  readonly requestDueAt?: Instant;
  readonly late?: boolean;
  readonly providedAt?: Instant;
  /** Due date reckoned with this wait, which is then taken off nowhere else. */
  readonly dueAt?: Instant;
}
export interface IdentityCheck {
  readonly person: string;
  readonly service: string;
  readonly requestedAt: Instant;
  readonly finding?: 'confirmed' | 'not-confirmed' | 'failed';
}
export interface FinancialObligation {
  readonly fees: readonly Fee[];
  /** Still to be paid; what was paid, once paid. */
  readonly amount: number;
  readonly clockEffect: 'stop' | 'run';
  readonly requestedAt: Instant;
  readonly settled?: { readonly how: 'paid' | 'waived'; readonly at: Instant };
}
export interface Step {
  readonly assigned?: Hash;
  readonly agency: AgencyCode;
  readonly assignedAt?: Instant;
  readonly dueAt?: Instant;
  readonly completedAt?: Instant;
}
export interface Opinion {
  readonly kind: 'opinion' | 'task';
  readonly agency: AgencyCode;
  readonly duty: string;
  readonly requestedAt: Instant;
  readonly dueAt: Instant;
  readonly givenAt?: Instant;
  readonly overdueSince?: Instant;
}
export interface Petition {
  readonly filedAt: Instant;
  readonly answerDueAt: Instant;
  readonly refuseBy?: Instant;
  readonly askMoreBy?: Instant;
  readonly outcome?: 'refused' | 'solved' | 'passed-on';
  readonly answeredAt?: Instant;
  /** Of what was solved and is not published yet. */
  readonly publishDueAt?: Instant;
  readonly publishedAt?: Instant;
}
export interface Ending {
  readonly how: 'intake-refused' | 'resolved' | 'refused' | 'stopped' | 'withdrawn';
  readonly at: Instant;
  readonly agency: AgencyCode;
  readonly polarity?: 'positive' | 'negative' | 'partial';
}
export interface Result {
  readonly papers: Readonly<Record<string, ClearResultDocument>>;
  readonly readyAt?: Instant;
  /** When the citizen was first told that it is there. */
  readonly announcedAt?: Instant;
  readonly dispatchedAt?: Instant;
  readonly returnedAt?: Instant;
}
export interface DossierFacts extends Warned {
  /** The agency in the stream's name. */
  readonly filedWith: AgencyCode;
  /** The receiving one-stop unit; it issues the code and stays fixed from receipt on. */
  readonly receivingAgency: AgencyCode;
  readonly hand: Hand;
  /** Every agency that was custodian, in order of its first time. */
  readonly custodians: readonly AgencyCode[];
  /** The leg of the present custodian; absent at the agency where it began, or after `rehomed`. */
  readonly leg?: Leg;
  readonly procedure: Procedure;
  readonly place: Place;
  readonly channel: SubmissionChannel;
  readonly applicantKind: 'citizen' | 'enterprise' | 'state-agency' | 'other-organisation';
  readonly returnMethod: 'counter' | 'post' | 'online';
  readonly notifier: 'local' | 'portal';
  readonly otherCodes: readonly ClearOtherCode[];
  readonly dossierCode?: DossierCode;
  readonly registerNumber?: number;
  readonly submittedAt?: Instant;
  readonly receivedAt?: Instant;
  readonly intakeAnswerDueAt?: Instant;
  /** Absent: not received, or a procedure without a limit. */
  readonly due?: DueDate;
  readonly limit?: ProcessingLimit;
  readonly clock: DeadlineClock;
  readonly extension?: Extension;
  readonly components: Readonly<Record<string, DossierComponent>>;
  readonly supplements: readonly Supplement[];
  readonly identityChecks: Readonly<Record<Uuid, IdentityCheck>>;
  readonly obligations: Readonly<Record<string, FinancialObligation>>;
  /** Agency that leads an inter-agency flow (cơ quan chủ trì). */
  readonly leadAgency?: AgencyCode;
  /** Who last began to work, and when. */
  readonly processing?: { readonly agency: AgencyCode; readonly startedAt: Instant };
  readonly steps: Readonly<Record<string, Step>>;
  readonly opinions: Readonly<Record<string, Opinion>>;
  readonly ending?: Ending;
  readonly result: Result;
  readonly links: readonly { readonly dossier: Subject; readonly relation: string }[];
  readonly petitions: Readonly<Record<string, Petition>>;
  readonly ratedAt?: Instant;
  readonly erasedSubjects: readonly string[];
  /** Last event folded. */
  readonly head: Hash;
  readonly lastTime: Instant;
  readonly lastRecordedTime: Instant;
}
