/**
 * What the dossier asks of procedures and calendars. The application binds one {@link DeadlineRules} to a procedure
 * version and case, a channel and the calendar of the agency that decides; the decider calls it and writes the answer into
 * the event, with the clock it was reckoned by, so that a replay never reckons again.
 */
import type { AgencyCode, Instant } from '#libs/kernel';
import type { DeadlineClock, ProcessingLimit } from './generated/shapes.ts';

export type SubmissionChannel = 'direct' | 'online' | 'public-post';

/** A leg or step of the route, as the command names it. */
export interface RouteStep {
  readonly step: string;
  readonly stepNumber?: number;
}

/**
 * All instants are UTC; days and hours are those of the agency's calendar in Viet Nam. A calendar that does not reach far
 * enough throws its own DomainError (`CALENDAR_NOT_COVERED`), which fails the command at the edge.
 */
export interface DeadlineRules {
  /** Rule of the procedure version, version of the calendar in force; recorded with each date (domain 4.8). */
  readonly clock: DeadlineClock;
  /** Of the procedure version for this case and channel; absent: no fixed limit, hence no due date. */
  readonly limit?: ProcessingLimit;
  /** What an awaited payment does to the clock, by the procedure version. */
  readonly paymentClockEffect: 'stop' | 'run';
  /** Due date of a dossier received then; undefined where there is no limit. */
  receiptDue(receivedAt: Instant): Instant | undefined;
  /** The whole limit again, once the dossier is full (Nghị định 61/2018 Art 19(4)); undefined where there is no limit. */
  restart(providedAt: Instant): Instant | undefined;
  /** `dueAt` moved on by the time waited for the applicant. Never earlier than `dueAt`. */
  subtract(waiting: { readonly dueAt: Instant; readonly askedAt: Instant; readonly providedAt: Instant }): Instant;
  /** When an online submission must have its answer (domain 4.3: 8 working hours). */
  intakeAnswerDue(submittedAt: Instant): Instant;
  /** Latest hand-over to the competent agency; undefined for what came online, which goes at once (Art 18). */
  handOverBy(receivedAt: Instant): Instant | undefined;
  /** Deadline of the leg that begins then at agency `to`; undefined where the route names none. */
  legDue(from: Instant, to: AgencyCode, route: RouteStep): Instant | undefined;
  /** Deadline of a step assigned then; undefined where the route names none. */
  stepDue(from: Instant, route: RouteStep): Instant | undefined;
  /** Until when a supplement may be asked for (Nghị định 61/2018 Art 19(4), or sector law); undefined: no rule then. */
  supplementRequestDue(receivedAt: Instant): CitedDate | undefined;
  /** Deadlines of a petition filed then (indicator 5.2 of Decision 766); undefined: no rule then. */
  petitionDue(filedAt: Instant): PetitionDates | undefined;
  /** Until when what was solved then is published; undefined: no rule then. */
  petitionPublishDue(solvedAt: Instant): CitedDate | undefined;
  /** The text by which what is returned early is announced first (Nghị định 61/2018 Art 20(4)); undefined: none then. */
  earlyReturnAnnounced(returnedAt: Instant): string | undefined;
}

/** A deadline and the text it stands in. */
export interface CitedDate {
  readonly dueAt: Instant;
  readonly citation: string;
}
export interface PetitionDates {
  readonly refuseBy: Instant;
  readonly askMoreBy: Instant;
  readonly answerDueAt: Instant;
  readonly citation: string;
}
