/** Submitted, received, refused at intake. */
import { defined } from './defined.ts';
import type { RecordedEventOf } from './dossier.events.ts';
import type { DossierFacts } from './facts.state.ts';
import { moveTo, type FiledState } from './filed.state.ts';

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
  return { situation: 'Received', facts: { ...factsAtPlaceOne(event), ...factsOfReceipt(event) } };
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
    },
  );
}

export function intakeRefused(state: FiledState, event: RecordedEventOf<'intake-refused'>): FiledState {
  const ending = { how: 'intake-refused', at: event.time, agency: event.author } as const;
  return moveTo(state, { situation: 'IntakeRefused' }, { ending });
}
