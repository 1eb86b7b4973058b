/** A dossier of Gia Lâm for specifications: agencies, rules that can be reckoned by hand, examples of the contracts. */
import { compileValidators, findContract } from '#libs/contracts';
import {
  decide,
  evolve,
  initialState,
  type ClearDossierEvent,
  type DeadlineRules,
  type DecisionContext,
  type DirectoryRules,
  type DossierCommand,
  type DossierCommandData,
  type DossierCommandName,
  type DossierEvent,
  type DossierEventData,
  type DossierEventName,
  type DossierState,
  type ProcedureRules,
  type RecordedEvent,
  type SubmittedData,
  type VersionInForce,
} from '#libs/dossier';
import {
  msToInstant,
  type AgencyCode,
  type Hash,
  type Instant,
  type JsonObject,
  type Subject,
  type Uuid,
} from '#libs/kernel';
import { specificationOf } from './given-when-then.ts';

const agency = (code: string) => code as AgencyCode;
export const COMMUNE = agency('H26.129.05');
export const NEIGHBOUR = agency('H26.129.06');
export const DISTRICT = agency('H26.129');
export const CITY = agency('H26');
export const PORTAL = agency('H26.901');
export const POPULATION = agency('H26.902');
/** Stands in the directory without a node. */
export const MINISTRY = agency('G01');
/** Not valid at the time of the decision. */
export const ENDED_AGENCY = agency('H26.130');
export const STRANGER = agency('H29.1');
export const DOSSIER = 'dossier/H26.129.05/01890b2c-6a3b-7c11-8f3e-0242ac120001' as Subject;

const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;
const START = Date.parse('2023-06-14T02:00:00.000Z');
/** Minutes after 09:00 of Wednesday 14 June 2023 in Viet Nam. */
export const at = (minutes: number): Instant => msToInstant(START + minutes * MINUTE);
export const later = (instant: Instant, ms: number): Instant => msToInstant(Date.parse(instant) + ms);
/** The tests' rule: due one day after. The contracts' example of `received` says 10:00 UTC of 15 June. */
export const DUE = '2023-06-15T10:00:00.000Z' as Instant;
/** Well formed, and tells the place. */
export const hashAt = (place: number): Hash => `${String(place).padStart(42, '0')}A` as Hash;

export const deadlines: DeadlineRules = {
  clock: { rule: 'restart', calendarVersion: 'vn-2023.1' },
  limit: { value: 1, unit: 'working-day' },
  paymentClockEffect: 'run',
  receiptDue: (receivedAt) => later(receivedAt, DAY),
  restart: (providedAt) => later(providedAt, DAY),
  subtract: ({ dueAt, askedAt, providedAt }) => later(dueAt, Date.parse(providedAt) - Date.parse(askedAt)),
  intakeAnswerDue: (submittedAt) => later(submittedAt, 8 * 60 * MINUTE),
  handOverBy: (receivedAt) => later(receivedAt, 6 * 60 * MINUTE),
  legDue: (from) => later(from, DAY),
  stepDue: (from) => later(from, DAY),
  supplementRequestDue: (receivedAt) => ({ dueAt: later(receivedAt, 3 * DAY), citation: 'Nghị định 61/2018/NĐ-CP' }),
  petitionDue: (filedAt) => ({
    refuseBy: later(filedAt, 2 * DAY),
    askMoreBy: later(filedAt, 7 * DAY),
    answerDueAt: later(filedAt, 21 * DAY),
    citation: 'Quyết định 766/QĐ-TTg',
  }),
  petitionPublishDue: (solvedAt) => ({ dueAt: later(solvedAt, 2 * DAY), citation: 'Quyết định 766/QĐ-TTg' }),
  earlyReturnAnnounced: () => 'Nghị định 61/2018/NĐ-CP',
};
export const proceduresWith = (
  rules: Partial<DeadlineRules>,
  required: VersionInForce['required'] = [],
): ProcedureRules => {
  const bound = { ...deadlines, ...rules };
  return {
    findInForce: ({ code, case: procedureCase }) => {
      if (code !== '1.001193') return 'unknown';
      return procedureCase === 'standard' ? { version: 1, deadlines: bound, required } : 'case-unknown';
    },
    findDeadlines: ({ code }) => (code === '1.001193' ? bound : undefined),
  };
};

export const directoryWith = (rules: Partial<DirectoryRules>): DirectoryRules => ({
  version: '2023-06-01T00:00:00.000Z' as Instant,
  isValid: (code) => code !== ENDED_AGENCY,
  isTerritory: (code) => code !== '99999',
  succeeds: () => false,
  adapterServices: (code) => {
    if (code === PORTAL) return ['national-portal-adapter'];
    return code === POPULATION ? ['population-adapter'] : [];
  },
  hasNode: (code) => code !== MINISTRY,
  findRehomer: () => CITY,
  ...rules,
});

export const submittedExample = exampleOf('dossier', 'submitted') as unknown as SubmittedData;

/** One hour after the start, at the commune, for a call of its own API. */
export function contextOf(given: Partial<DecisionContext> = {}): DecisionContext {
  const time = given.time ?? given.now ?? at(60);
  return {
    dossier: DOSSIER,
    now: time,
    time,
    requester: given.writer ?? COMMUNE,
    writer: COMMUNE,
    directory: directoryWith({}),
    procedures: proceduresWith({}),
    retention: { erasableFrom: (endedAt) => later(endedAt, 3650 * DAY) },
    findEvent: () => ({ on: 'main' }),
    freshId: '01890b2c-6a3b-7c11-8f3e-0242ac12ffff' as Uuid,
    issued: { dossierCode: 'H26.129.05-230614-0001', registerNumber: 4711 } as DecisionContext['issued'] & object,
    opened: { submitted: submittedExample },
    ...given,
  };
}

function exampleOf(kind: string, name: string): JsonObject {
  const contract = findContract(kind, name, 1);
  if (!contract) throw new Error(`no contract ${kind}.${name}`);
  return contract.example;
}
/** The example of the published contract, with other members. */
export const commandOf = <N extends DossierCommandName>(
  type: N,
  data: Partial<DossierCommandData[N]> = {},
): DossierCommand => ({ type, data: { ...exampleOf('command', type), ...data } }) as unknown as DossierCommand;

export interface Happened {
  readonly event: DossierEvent;
  readonly author: AgencyCode;
  readonly time?: Instant;
}
type Changed<T> = { readonly [K in keyof T]?: T[K] | undefined };
const changed = (example: JsonObject, members: object): object =>
  Object.fromEntries(Object.entries({ ...example, ...members }).filter(([, value]) => value !== undefined));
/** The example of the published contract, with other members; `undefined` takes one away. */
export const happened = <N extends DossierEventName>(
  type: N,
  data: Changed<DossierEventData[N]> = {},
  by: { author?: AgencyCode; time?: Instant } = {},
): Happened => ({
  event: { type, data: changed(exampleOf('dossier', type), data) } as unknown as DossierEvent,
  author: COMMUNE,
  ...by,
});

/** Events a minute apart from the start, hashes by place; open data, of which the fold must take nothing personal. */
export const recordedHistory = (history: readonly Happened[]): readonly RecordedEvent[] =>
  history.map(({ event, author, time = at(0) }, index) => recordedEvent(event, { author, time, place: index + 1 }));

export const recordedEvent = (
  event: DossierEvent,
  { author, time, place }: { author: AgencyCode; time: Instant; place: number },
): RecordedEvent => ({
  ...(event as unknown as ClearDossierEvent),
  hash: hashAt(place),
  author,
  time,
  recordedTime: time,
});

export const validators = compileValidators();
const specification = specificationOf<DossierState, DossierCommand, DecisionContext, DossierEvent, RecordedEvent>({
  initial: initialState,
  evolve,
  decide,
  record: (event, { writer, time }, place) => recordedEvent(event, { author: writer, time, place }),
  faultsOf: ({ type, data }) => validators.validateOpen('dossier', type, 1, data as unknown as JsonObject),
});
export const given = (...history: readonly Happened[]) => specification(recordedHistory(history));
