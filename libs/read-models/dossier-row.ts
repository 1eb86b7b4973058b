/**
 * What the dossier list knows of the domain: the one place where a folded dossier becomes a row. Everything in a row
 * follows from the events alone, nothing from the time at which they are folded; so a rebuilt row is the same bytes, and
 * whether a running dossier is late is asked of `due_at`, not kept. The row holds no personal value: the state has none.
 */
import { onTime, type DossierFacts, type DossierState, type Verdict } from '#libs/dossier';
import { comparableCode, type AgencyCode, type Hash, type Instant, type Subject } from '#libs/kernel';

export type Parked = 'FORK' | 'NOT_UNDERSTOOD' | 'FOLD_FAILED';

/** A dossier folded up to some entry of the log. */
export interface FoldedDossier {
  readonly subject: Subject;
  readonly state: DossierState;
  /** Agencies that passed it on to one that accepted it, other than by giving it back. */
  readonly forwardedBy: readonly AgencyCode[];
  /** Log index of the stream's first event, and of its last one on any branch. */
  readonly firstIndex: number;
  readonly updatedIndex: number;
  readonly updatedAt: Instant;
  /** Last event applied and its place; 0 before any. */
  readonly head?: Hash;
  readonly headPlace: number;
  readonly branched: boolean;
  readonly parked?: Parked;
  /** The event before which the fold stands. */
  readonly parkedEvent?: Hash;
  /** Events recorded on the main branch (at a fork: on any) and not applied. */
  readonly unapplied: number;
  /** Superseded acts that wait for an answer of the custodian. */
  readonly unanswered: number;
}

/** A row of `read.dossier_list_*`, by column; times as instants, absent as null. */
export type DossierRow = Readonly<Record<string, unknown>> & { readonly subject: Subject };

export interface DossierRowCode {
  /** Empty for the legal dossier code. */
  readonly system: string;
  readonly code: string;
}

const BEFORE_ALL = '0000-01-01T00:00:00.000Z' as Instant;

export function rowOf(dossier: FoldedDossier): DossierRow {
  const { state } = dossier;
  return {
    subject: dossier.subject,
    first_index: dossier.firstIndex,
    updated_index: dossier.updatedIndex,
    updated_at: dossier.updatedAt,
    head_hash: dossier.head ?? null,
    head_place: dossier.headPlace,
    forwarded_by: dossier.forwardedBy,
    branched: dossier.branched,
    parked: dossier.parked ?? null,
    parked_event: dossier.parkedEvent ?? null,
    unapplied: dossier.unapplied,
    unanswered: dossier.unanswered,
    situation: state.situation,
    status: statusOf(state),
    verdict: verdictOf(state),
    ...(state.situation === 'NotFiled' ? NO_FACTS : { ...factsOf(state.facts), ...handOf(state) }),
    state,
  };
}

const NO_FACTS = { custodians: [], parties: [], flags: [] };

function factsOf(facts: DossierFacts): Record<string, unknown> {
  const { procedure, place, ending } = facts;
  return {
    head_time: facts.lastTime,
    filed_with: facts.filedWith,
    receiving_agency: facts.receivingAgency,
    // Compared and sorted by it; what is shown is the code as it was printed, in `state`.
    dossier_code: facts.dossierCode && comparableCode(facts.dossierCode),
    register_number: facts.registerNumber,
    procedure_code: procedure.code,
    procedure_version: procedure.version,
    procedure_case: procedure.case,
    channel: facts.channel,
    applicant_kind: facts.applicantKind,
    territory: place.territory,
    area: place.area,
    due_at: facts.due?.dueAt,
    intake_answer_due_at: facts.intakeAnswerDueAt,
    opinion_due_at: nextOpinionDue(facts),
    submitted_at: facts.submittedAt,
    received_at: facts.receivedAt,
    ended_at: ending?.at,
    ending: ending?.how,
    ended_by: ending?.agency,
    custodians: facts.custodians,
    parties: partiesOf(facts),
    flags: facts.flags,
  };
}

/** Earliest deadline of an opinion or task that has neither been answered nor been marked overdue. */
function nextOpinionDue({ opinions }: DossierFacts): Instant | undefined {
  const open = Object.values(opinions).filter(
    ({ givenAt, overdueSince }) => givenAt === undefined && overdueSince === undefined,
  );
  return open.map(({ dueAt }) => dueAt).sort()[0];
}

/** Who has a part in it: jurisdiction over the dossier is asked of these. */
function partiesOf({ filedWith, receivingAgency, custodians, hand, opinions }: DossierFacts): readonly AgencyCode[] {
  const next = hand.kind === 'transit' ? [hand.to] : [];
  const asked = Object.values(opinions).map(({ agency }) => agency);
  return [...new Set([filedWith, receivingAgency, ...custodians, ...next, ...asked])];
}

function handOf(state: Exclude<DossierState, { situation: 'NotFiled' }>): Record<string, unknown> {
  const { hand, leg } = state.facts;
  switch (hand.kind) {
    case 'held':
      return { custodian: hand.custodian, leg_due_at: leg?.dueAt };
    case 'transit':
      return {
        in_transit_from: hand.from,
        in_transit_to: hand.to,
        ...(state.situation === 'InTransit' ? { leg_due_at: state.leg.dueAt, transit_reason: state.leg.reason } : {}),
      };
    case 'released':
      return { released_by: hand.by };
  }
}

/** Early, on time or late by the local rule (domain 5.3 no. 7) once ended; until then `running`, or `not-counted`. */
function verdictOf(state: DossierState): Verdict {
  return onTime(state, BEFORE_ALL).local;
}

/** Status codes of the national portal (domain 1.5); a change of hand changes none. */
const STATUS: Readonly<Record<string, number>> = {
  Submitted: 1,
  Received: 2,
  IntakeRefused: 3,
  Refused: 3,
  InProcess: 4,
  AwaitingSupplement: 5,
  AwaitingPayment: 6,
  Withdrawn: 7,
  Stopped: 8,
  Resolved: 9,
  Returned: 10,
};
function statusOf(state: DossierState): number | null {
  const resting = state.situation === 'InTransit' || state.situation === 'Released' ? state.then : state;
  return STATUS[resting.situation] ?? null;
}

/** Every code by which people look for it, in the form by which codes are compared (domain 3.1). */
export function codesOf({ state }: FoldedDossier): readonly DossierRowCode[] {
  if (state.situation === 'NotFiled') return [];
  const { dossierCode, otherCodes } = state.facts;
  const legal = dossierCode === undefined ? [] : [{ system: '', code: dossierCode as string }];
  return [...legal, ...otherCodes].map(({ system, code }) => ({ system, code: comparableCode(code) }));
}

/** What {@link foldedOf} needs of a row. */
export const FOLD_COLUMNS = [
  'subject',
  'state',
  'forwarded_by',
  'first_index',
  'updated_index',
  'updated_at',
  'head_hash',
  'head_place',
  'branched',
  'parked',
  'parked_event',
  'unapplied',
  'unanswered',
] as const;

export interface FoldColumns {
  readonly subject: Subject;
  readonly state: DossierState;
  readonly forwarded_by: readonly AgencyCode[];
  readonly first_index: string;
  readonly updated_index: string;
  readonly updated_at: Date;
  readonly head_hash: Hash | null;
  readonly head_place: string;
  readonly branched: boolean;
  readonly parked: Parked | null;
  readonly parked_event: Hash | null;
  readonly unapplied: number;
  readonly unanswered: number;
}

/** The other way: a dossier as its row, read by `pg`, has it. */
export function foldedOf(row: FoldColumns): FoldedDossier {
  return {
    subject: row.subject,
    state: row.state,
    forwardedBy: row.forwarded_by,
    firstIndex: Number(row.first_index),
    updatedIndex: Number(row.updated_index),
    updatedAt: row.updated_at.toISOString() as Instant,
    ...(row.head_hash === null ? {} : { head: row.head_hash }),
    headPlace: Number(row.head_place),
    branched: row.branched,
    ...(row.parked === null ? {} : { parked: row.parked }),
    ...(row.parked_event === null ? {} : { parkedEvent: row.parked_event }),
    unapplied: row.unapplied,
    unanswered: row.unanswered,
  };
}
