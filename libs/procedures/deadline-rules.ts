/**
 * The deadlines of one dossier: its procedure version and case, its channel and the calendar in force, bound together. What
 * is returned has the shape of `DeadlineRules` in the room `dossier`, which asks it and writes the answer into its events.
 */
import {
  agencyCalendar,
  calendarVersionAt,
  dueAt,
  dueAtAfterWaiting,
  dueAtRestarted,
  endOfPeriod,
  handOverBy,
  intakeAnswerBy,
} from '#libs/calendar';
import type { AgencyCalendar, Calendar, ProcessingLimit, Waiting } from '#libs/calendar';
import type { AgencyCode, Instant } from '#libs/kernel';
import { limitFor } from './catalogue.ts';
import { ruleAt, type LegalRules } from './legal-rules.ts';
import type { ClockRule, ProcedureVersion, RouteLevel, SubmissionChannel } from './procedure.ts';
import { findLegAt, findStep } from './route.ts';
import type { NamedStep } from './route.ts';

/** What the directory knows of an agency at that time; `superiors` nearest first. */
export interface AgencyPlace {
  readonly level: string;
  readonly superiors: readonly AgencyCode[];
}

export interface DeadlineBasis {
  readonly version: ProcedureVersion;
  /** What holds for every procedure. */
  readonly rules: LegalRules;
  readonly channel: SubmissionChannel;
  /** Absent: the standard case. */
  readonly caseCode?: string;
  readonly calendar: Calendar;
  /** Whose working hours count: the agency that decides. */
  readonly agency: AgencyCode;
  /** When the decision is taken; names the year of the calendar version. */
  readonly at: Instant;
  readonly findAgency: (code: AgencyCode) => AgencyPlace | undefined;
}

/** Every date may be refused with DomainError `CALENDAR_NOT_COVERED`. */
export interface BoundDeadlines {
  readonly clock: { readonly rule: ClockRule; readonly calendarVersion: string };
  readonly limit: ProcessingLimit;
  readonly paymentClockEffect: 'stop' | 'run';
  receiptDue(receivedAt: Instant): Instant;
  restart(providedAt: Instant): Instant;
  subtract(waiting: Waiting): Instant;
  intakeAnswerDue(submittedAt: Instant): Instant;
  handOverBy(receivedAt: Instant): Instant | undefined;
  legDue(from: Instant, to: AgencyCode, route: NamedStep): Instant | undefined;
  stepDue(from: Instant, route: NamedStep): Instant | undefined;
  supplementRequestDue(receivedAt: Instant): CitedDate | undefined;
  petitionDue(filedAt: Instant): PetitionDates | undefined;
  petitionPublishDue(solvedAt: Instant): CitedDate | undefined;
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

/**
 * Binds the rules. A payment stops the clock where a tax or charge is fixed during the procedure: the time in which the
 * applicant pays it is not the agency's (status 6); an ordinary fee is paid on the way.
 * @throws DomainError `PROCEDURE_CASE_UNKNOWN`; `CALENDAR_NOT_COVERED` when no hours are known for the agency
 */
export function deadlineRules(basis: DeadlineBasis): BoundDeadlines {
  const { version, channel, calendar, agency, findAgency } = basis;
  const limit = limitFor(version, channel, basis.caseCode);
  const view = agencyCalendar(calendar, agency, findAgency(agency)?.superiors);
  return {
    clock: { rule: version.clockRule, calendarVersion: calendarVersionAt(calendar, basis.at) },
    limit,
    paymentClockEffect: version.financialObligation ? 'stop' : 'run',
    receiptDue: (receivedAt) => dueAt(view, receivedAt, limit),
    restart: (providedAt) => dueAtRestarted(view, providedAt, limit),
    subtract: (waiting) => dueAtAfterWaiting(view, waiting, limit.unit),
    intakeAnswerDue: (submittedAt) => intakeAnswerBy(view, submittedAt),
    handOverBy: (receivedAt) => (channel === 'online' ? undefined : handOverBy(view, receivedAt)),
    legDue: (from, to, route) => legDue(basis, { from, to, route }),
    stepDue: (from, route) => {
      const step = findStep(version, route);
      return step && dueAt(view, from, step.limit);
    },
    ...generalRules(basis, view),
  };
}

type GeneralRules = Pick<
  BoundDeadlines,
  'supplementRequestDue' | 'petitionDue' | 'petitionPublishDue' | 'earlyReturnAnnounced'
>;

/** The text in force when the period begins is the one that counts; sector law of the version goes before it. */
const generalRules = ({ version, rules }: DeadlineBasis, view: AgencyCalendar): GeneralRules => ({
  supplementRequestDue: (receivedAt) => {
    const rule = version.supplementRequest ?? ruleAt(rules.supplementRequest, receivedAt);
    return rule && { dueAt: endOfPeriod(view, receivedAt, rule.within), citation: rule.citation };
  },
  petitionDue: (filedAt) => {
    const rule = ruleAt(rules.petition, filedAt);
    return (
      rule && {
        refuseBy: dueAt(view, filedAt, rule.refuseWithin),
        askMoreBy: dueAt(view, filedAt, rule.askMoreWithin),
        answerDueAt: dueAt(view, filedAt, rule.solveWithin),
        citation: rule.citation,
      }
    );
  },
  petitionPublishDue: (solvedAt) => {
    const rule = ruleAt(rules.petition, solvedAt);
    return rule && { dueAt: dueAt(view, solvedAt, rule.publishWithin), citation: rule.citation };
  },
  earlyReturnAnnounced: (returnedAt) => ruleAt(rules.announceEarlyReturn, returnedAt)?.citation,
});

/** By the working hours of the agency that has the leg. */
function legDue(
  { version, calendar, findAgency }: DeadlineBasis,
  { from, to, route }: { from: Instant; to: AgencyCode; route: NamedStep },
): Instant | undefined {
  const place = findAgency(to);
  const level = place && routeLevelOf(place.level);
  const leg = level && findLegAt(version, level, route);
  return leg && dueAt(agencyCalendar(calendar, to, place.superiors), from, leg.limit);
}

/** A level of the directory as routes name it; undefined for ministries and services, which no route leads to. */
export function routeLevelOf(level: string): RouteLevel | undefined {
  switch (level) {
    case 'commune':
    case 'district':
    case 'city':
      return level;
    case 'province':
      return 'city';
    default:
      return undefined;
  }
}
