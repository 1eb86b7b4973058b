/** Filing, receiving, refusing at the desk (Nghị định 61/2018 Art 16, 17). */
import {
  currentAgencyCode,
  DomainError,
  isAgencyCode,
  isLocalDate,
  type DossierCode,
  type Instant,
} from '#libs/kernel';
import type { DecisionContext } from './context.ts';
import { defined, stated } from './defined.ts';
import type { FiledState } from './filed.state.ts';
import type { DossierCommand, FileDossierData, ReceiveDossierData, RefuseIntakeData } from './generated/commands.ts';
import type { ReceivedData, SubmittedData } from './generated/events.ts';
import type { Actor } from './generated/shapes.ts';
import { findLabelled } from './labelled.ts';
import type { VersionInForce } from './reference-rules.ts';
import { refuse, type Decided, type Refused } from './refusal.ts';

/** Hand-issued codes use a range of their own, so that they never meet the counter's (domain 4.8). */
const NUMBERS_BY_HAND = { first: 9000, last: 9999 };
const CODE = /^(.+)-(\d\d)(\d\d)(\d\d)-(\d{4,})$/;

/** What an applicant states, whoever writes it down: the same in the command and in both events. */
type Statement = Omit<
  SubmittedData,
  'receivingAgency' | 'directoryVersion' | 'procedure' | 'intakeAnswerDueAt' | 'clock' | 'actor'
>;
interface Given {
  readonly dossierCode?: DossierCode;
  readonly registerNumber?: number;
  readonly submittedAt?: Instant;
  readonly exemptComponents?: ReceivedData['exemptComponents'];
}
type Wanted = FileDossierData['procedure'];

/** Whether the decision takes a dossier code and a register number from the writer's counters (`context.issued`). */
export function takesFromCounters(command: DossierCommand): boolean {
  if (command.type !== 'file-dossier' && command.type !== 'receive-dossier') return false;
  const receives = command.type === 'receive-dossier' || command.data.receiveAtOnce;
  const { dossierCode, registerNumber } = command.data;
  return receives && (dossierCode === undefined || registerNumber === undefined);
}

/** What is handed over the counter is received at once; what came online, or must be looked at first, is submitted. */
export function fileDossier(data: FileDossierData, context: DecisionContext): Decided {
  const { procedure, submittedAt, receiveAtOnce, dossierCode, registerNumber, exemptComponents, actor, ...statement } =
    data;
  if (submittedAt !== undefined && submittedAt > context.time) return refuse('INVALID', { fault: '/submittedAt' });
  const found = findFaultOfPlace(statement, context) ?? findVersion(procedure, statement, context);
  if ('code' in found) return found;
  if (!receiveAtOnce) return [{ type: 'submitted', data: submitted({ statement, procedure, actor }, found, context) }];
  if (actor === undefined) return refuse('INVALID', { fault: '/actor' });
  const given = defined({ dossierCode, registerNumber, submittedAt, exemptComponents });
  return receive({ statement, procedure, actor, given }, found, context);
}

/** The event states the whole dossier again, so the personal values come from the vault (`context.opened`). */
export function receiveDossier(data: ReceiveDossierData, state: FiledState, context: DecisionContext): Decided {
  const opened = context.opened?.submitted;
  if (opened === undefined) return refuse('OPENINGS_MISSING', { missing: ['submitted'] });
  const { receivingAgency: _agency, directoryVersion: _version, procedure: _procedure, ...rest } = opened;
  const { intakeAnswerDueAt: _due, clock: _clock, actor: _actor, ...statement } = rest;
  const { procedure, components, submittedAt } = state.facts;
  if (submittedAt !== undefined && context.time < submittedAt)
    return refuse('TIME_BEFORE_REQUEST', { time: context.time, requestedAt: submittedAt });
  const wanted = { code: procedure.code, case: procedure.case };
  const found = findVersion(wanted, statement, context);
  if ('code' in found) return found;
  const full = { ...statement, components: { ...statement.components, ...components, ...data.components } };
  const { dossierCode, registerNumber, exemptComponents } = data;
  const given = defined({ dossierCode, registerNumber, submittedAt, exemptComponents });
  return receive({ statement: full, procedure: wanted, actor: data.actor, given }, found, context);
}

export const refuseIntake = (data: RefuseIntakeData): Decided => [{ type: 'intake-refused', data: stated(data) }];

function findFaultOfPlace({ place }: Statement, { writer, directory }: DecisionContext): Refused | undefined {
  if (!directory.isValid(writer)) return refuse('AGENCY_NOT_VALID', { agency: writer });
  if (directory.isTerritory(place.territory)) return undefined;
  return refuse('TERRITORY_UNKNOWN', { territory: place.territory });
}

/** A received dossier keeps the version in force when it was received (domain 4.3). */
function findVersion(wanted: Wanted, { channel }: Statement, context: DecisionContext): VersionInForce | Refused {
  const found = context.procedures.findInForce({ ...wanted, channel, at: context.time });
  if (found === 'unknown') return refuse('PROCEDURE_UNKNOWN', { procedure: wanted.code });
  if (found !== 'case-unknown') return found;
  return refuse('PROCEDURE_CASE_UNKNOWN', { procedure: wanted.code, case: wanted.case });
}

interface Filing {
  readonly statement: Statement;
  readonly procedure: Wanted;
}
const atReceivingAgency = ({ procedure }: Filing, { version }: VersionInForce, context: DecisionContext) => ({
  receivingAgency: context.writer,
  directoryVersion: context.directory.version,
  procedure: { code: procedure.code, version, case: procedure.case },
});

function submitted(
  filing: Filing & { readonly actor: Actor | undefined },
  inForce: VersionInForce,
  context: DecisionContext,
): SubmittedData {
  const { deadlines } = inForce;
  const online = filing.statement.channel === 'online';
  return {
    ...atReceivingAgency(filing, inForce, context),
    ...filing.statement,
    clock: deadlines.clock,
    ...defined({
      intakeAnswerDueAt: online ? deadlines.intakeAnswerDue(context.time) : undefined,
      actor: filing.actor,
    }),
  };
}

function receive(
  filing: Filing & { readonly actor: Actor; readonly given: Given },
  inForce: VersionInForce,
  context: DecisionContext,
): Decided {
  const fault = findMissing(filing, inForce) ?? findFaultOfCode(filing.given.dossierCode, context);
  if (fault) return fault;
  const { deadlines } = inForce;
  const { submittedAt, exemptComponents } = filing.given;
  const dueAt = deadlines.receiptDue(context.time);
  const data: ReceivedData = {
    ...atReceivingAgency(filing, inForce, context),
    ...filing.statement,
    ...issue(filing.given, context),
    ...defined({ submittedAt, exemptComponents }),
    ...(dueAt === undefined || deadlines.limit === undefined ? {} : { dueAt, limit: deadlines.limit }),
    clock: deadlines.clock,
    actor: filing.actor,
  };
  return [{ type: 'received', data }];
}

/**
 * Art 17(1): received when complete. What is missing is asked for at intake (submitted first, then `request-supplement`), or
 * is stated to be exempt, on a ground and a text that go on record with the receipt.
 */
function findMissing(
  { statement, given }: { readonly statement: Statement; readonly given: Given },
  { required }: VersionInForce,
): Refused | undefined {
  const { components = {} } = statement;
  const missing = required.filter(
    ({ code }) =>
      findLabelled(components, code) === undefined && findLabelled(given.exemptComponents ?? {}, code) === undefined,
  );
  if (missing.length === 0) return undefined;
  return refuse('COMPONENTS_MISSING', {
    missing: missing.map(({ code }) => code),
    names: missing.map(({ nameVi }) => nameVi),
  });
}

/**
 * Art 39(1): a code given by hand has the same form, and its date exists; that it is another than the date of receipt is a
 * warning (`warnings.ts`). Codes are compared after conversion (domain 3.1); an older code of the agency still occurs, one
 * that is another agency's is refused.
 */
function findFaultOfCode(code: DossierCode | undefined, context: DecisionContext): Refused | undefined {
  if (code === undefined) return undefined;
  const [, agency = '', year, month, day, number] = CODE.exec(code) ?? [];
  const { first, last } = NUMBERS_BY_HAND;
  const inRange = Number(number) >= first && Number(number) <= last;
  return isOfAnother(agency, context) || !inRange || !isLocalDate(`20${year}-${month}-${day}`)
    ? refuse('INVALID', { fault: '/dossierCode' })
    : undefined;
}

/** By its current form; one of the older form that names nobody in the directory is an older code of the writer. */
function isOfAnother(agency: string, { writer, directory }: DecisionContext): boolean {
  const current = currentAgencyCode(agency);
  if (current === writer) return false;
  return current === agency || (isAgencyCode(current) && directory.isValid(current));
}

function issue({ dossierCode, registerNumber }: Given, { issued }: DecisionContext) {
  const code = dossierCode ?? issued?.dossierCode;
  const number = registerNumber ?? issued?.registerNumber;
  if (code === undefined || number === undefined)
    throw new DomainError('CONTEXT_INCOMPLETE', 'receiving needs what the counters give', { member: 'issued' });
  return { dossierCode: code, registerNumber: number };
}
