import { describe, expect, it } from '@jest/globals';
import {
  at,
  commandOf,
  contextOf,
  DAY,
  DISTRICT,
  directoryWith,
  DUE,
  given,
  happened,
  hashAt,
  later,
  MINISTRY,
  NEIGHBOUR,
  proceduresWith,
  type Happened,
} from '../testing/dossier-samples.ts';
import type { DossierEventData, DossierState } from './index.ts';

const received = happened('received');
const started = happened('processing-started');
const atDistrict: readonly Happened[] = [
  received,
  started,
  happened('forwarded'),
  happened('custody-accepted', {}, { author: DISTRICT }),
];

describe('start-processing', () => {
  it('begins the work', () => {
    const state = given(received)
      .when(commandOf('start-processing'), contextOf())
      .then([{ type: 'processing-started' }]);
    expect(state).toMatchObject({
      situation: 'InProcess',
      facts: { processing: { agency: 'H26.129.05', startedAt: at(60) } },
    });
  });
  it('is done once by each agency that works on it', () => {
    given(received, started).when(commandOf('start-processing'), contextOf()).thenRefused('COMMAND_NOT_ALLOWED');
    given(...atDistrict)
      .when(commandOf('start-processing'), contextOf({ writer: DISTRICT }))
      .then([{ type: 'processing-started' }]);
  });
});

describe('steps', () => {
  const {
    dueAt: _due,
    leadAgency: _lead,
    ...unsaid
  } = commandOf('assign-step').data as { dueAt?: string; leadAgency?: string };
  const assign = { type: 'assign-step', data: unsaid } as never;
  const noStepDue = proceduresWith({ stepDue: () => undefined });

  it('are due by the command, else the route, else the dossier', () => {
    given(received)
      .when(commandOf('assign-step', { dueAt: at(99) }), contextOf())
      .then([{ type: 'step-assigned', data: { dueAt: at(99) } }]);
    given(received)
      .when(assign, contextOf())
      .then([{ type: 'step-assigned', data: { dueAt: later(at(60), DAY), leadAgency: 'H26.129.05' } }]);
    given(received)
      .when(assign, contextOf({ procedures: noStepDue }))
      .then([{ type: 'step-assigned', data: { dueAt: DUE } }]);
    const { dueAt: _dueAt, limit: _limit, ...unlimited } = received.event.data as DossierEventData['received'];
    given({ ...received, event: { type: 'received', data: unlimited } })
      .when(assign, contextOf({ procedures: noStepDue }))
      .thenRefused('DEADLINE_MISSING', { what: 'appraise' });
  });

  it('are led by who was named lead agency', () => {
    given(received, happened('processing-started', { leadAgency: DISTRICT }))
      .when(assign, contextOf())
      .then([{ type: 'step-assigned', data: { leadAgency: DISTRICT } }]);
  });

  it('finish with the deadline they were assigned', () => {
    const state = given(received, happened('step-assigned', {}, { time: at(30) }))
      .when(commandOf('complete-step'), contextOf())
      .then([{ type: 'step-completed', data: { assigned: hashAt(2), startedAt: at(30), dueAt: DUE } }]);
    expect(state).toMatchObject({ facts: { steps: { '2/appraise': { completedAt: at(60) } } } });
  });

  it('are told apart by their number, and without one by their duty', () => {
    const [second, third] = [2, 3].map((stepNumber) => commandOf('complete-step', { step: 'appraise', stepNumber }));
    const unnumbered = happened('step-completed', { step: 'appraise', stepNumber: undefined });
    const state = given(received, happened('step-completed', { step: 'appraise', stepNumber: 2 }), unnumbered);
    state.when(second as never, contextOf()).thenRefused('STEP_COMPLETED', { step: 'appraise' });
    const after = state.when(third as never, contextOf()).then([{ type: 'step-completed', data: { stepNumber: 3 } }]);
    expect(Object.keys((after as Extract<DossierState, { facts: unknown }>).facts.steps)).toEqual([
      '2/appraise',
      'appraise',
      '3/appraise',
    ]);
  });

  it('may be finished without having been assigned, but not twice', () => {
    given(received)
      .when(commandOf('complete-step'), contextOf())
      .then([{ type: 'step-completed' }]);
    given(received, happened('step-completed'))
      .when(commandOf('complete-step'), contextOf())
      .thenRefused('STEP_COMPLETED');
    given(received, happened('step-completed'), happened('step-assigned'))
      .when(commandOf('complete-step'), contextOf())
      .then([{ type: 'step-completed' }]);
  });
});

describe('request-opinion', () => {
  it('names the agency, the duty and the deadline', () => {
    const state = given(received)
      .when(commandOf('request-opinion'), contextOf())
      .then([{ type: 'opinion-requested', data: { agency: DISTRICT, leadAgency: 'H26.129.05', dueAt: DUE } }]);
    expect(state).toMatchObject({
      situation: 'Received',
      facts: { opinions: { o1: { agency: DISTRICT, dueAt: DUE } } },
    });
  });
  it('shares the fields that were named, and adds none', () => {
    for (const fields of [[], ['/applicant/fullName']])
      given(received)
        .when(commandOf('request-opinion', { fields }), contextOf())
        .then([{ type: 'opinion-requested', data: { fields } }]);
  });
  it('is refused under a label in use, of an agency that is not valid, with a past deadline', () => {
    given(received, happened('opinion-requested'))
      .when(commandOf('request-opinion'), contextOf())
      .thenRefused('OPINION_EXISTS');
    given(received)
      .when(commandOf('request-opinion'), contextOf({ directory: directoryWith({ isValid: () => false }) }))
      .thenRefused('AGENCY_NOT_VALID', { agency: DISTRICT });
    given(received)
      .when(commandOf('request-opinion', { dueAt: at(60) }), contextOf())
      .thenRefused('DEADLINE_IN_PAST');
  });
});

describe('give-opinion, finish-task', () => {
  const asked = happened('opinion-requested');
  const task = happened('opinion-requested', { request: 't1', kind: 'task' });
  const fromDistrict = contextOf({ requester: DISTRICT });

  it('come from the agency asked', () => {
    const state = given(received, asked)
      .when(commandOf('give-opinion'), fromDistrict)
      .then([
        {
          type: 'opinion-given',
          data: { request: 'o1', kind: 'opinion', agency: DISTRICT, verdict: 'agree', dueAt: DUE },
        },
      ]);
    expect(state).toMatchObject({ facts: { opinions: { o1: { givenAt: at(60) } } } });
    given(received, task)
      .when(commandOf('finish-task'), fromDistrict)
      .then([{ type: 'opinion-given', data: { request: 't1', kind: 'task', verdict: 'done' } }]);
  });

  it('are written down by the custodian for an agency without a node', () => {
    const ofMinistry = happened('opinion-requested', { agency: MINISTRY });
    given(received, ofMinistry)
      .when(commandOf('give-opinion'), contextOf())
      .then([{ type: 'opinion-given', data: { agency: MINISTRY } }]);
    given(received, asked).when(commandOf('give-opinion'), contextOf()).thenRefused('NOT_THE_AGENCY_ASKED');
  });

  it('do not come from the successor of the agency asked: once that has ended, the custodian writes them down', () => {
    const directory = directoryWith({
      succeeds: (agency, before) => agency === NEIGHBOUR && before === DISTRICT,
      hasNode: (agency) => agency !== DISTRICT,
    });
    given(received, asked)
      .when(commandOf('give-opinion'), contextOf({ requester: NEIGHBOUR, directory }))
      .thenRefused('NOT_A_PARTY');
    given(received, asked)
      .when(commandOf('give-opinion'), contextOf({ directory }))
      .then([{ type: 'opinion-given', data: { agency: DISTRICT } }]);
  });

  it('count late, and after the end', () => {
    const late = given(received, asked, happened('opinion-overdue'), happened('resolved'))
      .when(commandOf('give-opinion'), fromDistrict)
      .then([{ type: 'opinion-given' }]);
    expect(late).toMatchObject({
      situation: 'Resolved',
      facts: { opinions: { o1: { overdueSince: at(0), givenAt: at(60) } } },
    });
  });

  it.each([
    ['give-opinion', 'finish-task', 'OPINION_KIND_DIFFERS'],
    ['finish-task', 'give-opinion', 'OPINION_KIND_DIFFERS'],
  ] as const)('%s does not answer what %s would', (command, _other, code) => {
    const request = command === 'give-opinion' ? 't1' : 'o1';
    given(received, asked, task).when(commandOf(command, { request }), fromDistrict).thenRefused(code);
  });

  it.each(['give-opinion', 'finish-task'] as const)(
    '%s is refused for the unknown, twice, and to others',
    (command) => {
      const question = command === 'give-opinion' ? asked : task;
      given(received, question)
        .when(commandOf(command, { request: 'other' }), fromDistrict)
        .thenRefused('OPINION_UNKNOWN');
      const { request } = question.event.data as DossierEventData['opinion-requested'];
      given(received, question, happened('opinion-given', { request }))
        .when(commandOf(command), fromDistrict)
        .thenRefused('OPINION_ALREADY_GIVEN');
      given(received, question, happened('opinion-requested', { request: 'o9', agency: NEIGHBOUR }))
        .when(commandOf(command), contextOf({ requester: NEIGHBOUR }))
        .thenRefused('NOT_THE_AGENCY_ASKED', { asked: DISTRICT });
      given(received, question)
        .when(commandOf(command), contextOf({ requester: NEIGHBOUR }))
        .thenRefused('NOT_A_PARTY');
    },
  );
});

describe('mark-opinion-overdue', () => {
  const asked = happened('opinion-requested');
  const afterDue = contextOf({ now: later(DUE, 1) });

  it('states silence once the deadline has passed, and holds nothing up', () => {
    const state = given(received, asked)
      .when(commandOf('mark-opinion-overdue'), afterDue)
      .then([{ type: 'opinion-overdue', data: { request: 'o1', agency: DISTRICT, dueAt: DUE } }]);
    expect(state).toMatchObject({
      situation: 'Received',
      facts: { opinions: { o1: { overdueSince: later(DUE, 1) } } },
    });
  });

  it('is refused at the deadline itself, for the unknown, the answered, and the second time', () => {
    const mark = commandOf('mark-opinion-overdue');
    given(received, asked)
      .when(mark, contextOf({ now: DUE }))
      .thenRefused('OPINION_NOT_DUE', { dueAt: DUE });
    given(received).when(mark, afterDue).thenRefused('OPINION_UNKNOWN');
    given(received, asked, happened('opinion-given')).when(mark, afterDue).thenRefused('OPINION_ALREADY_GIVEN');
    given(received, asked, happened('opinion-overdue')).when(mark, afterDue).thenRefused('OPINION_ALREADY_OVERDUE');
  });
});
