/** Submitted, received, refused at intake. */
import { localDateOf } from '#libs/kernel';
import { defined } from './defined.ts';
import type { RecordedEventOf } from './dossier.events.ts';
import type { DossierFacts } from './facts.state.ts';
import { moveTo, type FiledState } from './filed.state.ts';
import { warned } from './warnings.ts';

function factsAtPlaceOne(event: RecordedEventOf<'submitted'> | RecordedEventOf<'received'>): DossierFacts {
  const { data } = event;
  return {
    filedWith: data.receivingAgency,
    receivingAgency: data.receivingAgency,
    hand: { kind: 'held', custodian: event.author },
    custodians: [event.author],
    procedure: data.procedure,
    place: data.place,
    channel: data.channel,
    applicantKind: data.applicantKind,
    returnMethod: data.returnMethod,
    notifier: data.notifier,
    otherCodes: data.otherCodes,
    clock: data.clock,
    components: data.components ?? {},
    supplements: [],
    identityChecks: {},
    obligations: {},
    steps: {},
    opinions: {},
    result: { papers: {} },
    links: [],
    petitions: {},
    erasedSubjects: [],
    flags: [],
    warnings: [],
    head: event.hash,
    lastTime: event.time,
    lastRecordedTime: event.recordedTime,
  };
}

export function beginSubmitted(event: RecordedEventOf<'submitted'>): FiledState {
  const { intakeAnswerDueAt } = event.data;
  return {
    situation: 'Submitted',
    facts: {
      ...factsAtPlaceOne(event),
      submittedAt: event.time,
      ...defined({ intakeAnswerDueAt }),
    },
  };
}

function factsOfReceipt(event: RecordedEventOf<'received'>): Partial<DossierFacts> {
  const { dossierCode, registerNumber, dueAt, limit, clock, submittedAt } = event.data;
  return {
    dossierCode,
    registerNumber,
    receivedAt: event.time,
    clock,
    ...defined({ submittedAt }),
    ...(dueAt === undefined ? {} : { due: { dueAt, clock } }),
    ...defined({ limit }),
  };
}

export function beginReceived(event: RecordedEventOf<'received'>): FiledState {
  const facts = factsAtPlaceOne(event);
  return { situation: 'Received', facts: { ...facts, ...factsOfReceipt(event), ...warnedOfCode(facts, event) } };
}

/** Domain 3.4: a code given by hand may bear another date, also because portals give codes before receipt. */
function warnedOfCode(facts: DossierFacts, event: RecordedEventOf<'received'>): Partial<DossierFacts> {
  const { dossierCode } = event.data;
  const receivedOn = localDateOf(event.time);
  const written = /-(\d{6})-\d+$/.exec(dossierCode)?.[1];
  const differs = written !== receivedOn.slice(2).replaceAll('-', '');
  return warned(facts, event, differs ? ['DOSSIER_CODE_DATE_DIFFERS', { dossierCode, receivedOn }] : undefined);
}

/** From here on the receiving agency stays fixed, whatever happened between filing and receipt. */
export function received(state: FiledState, event: RecordedEventOf<'received'>): FiledState {
  const { receivingAgency, procedure, place, channel, applicantKind, returnMethod, notifier, otherCodes } = event.data;
  return moveTo(
    state,
    { situation: 'Received' },
    {
      ...{ receivingAgency, procedure, place, channel, applicantKind, returnMethod, notifier, otherCodes },
      components: { ...state.facts.components, ...event.data.components },
      ...factsOfReceipt(event),
      ...warnedOfCode(state.facts, event),
    },
  );
}

export function intakeRefused(state: FiledState, event: RecordedEventOf<'intake-refused'>): FiledState {
  const ending = { how: 'intake-refused', at: event.time, agency: event.author } as const;
  return moveTo(state, { situation: 'IntakeRefused' }, { ending });
}
