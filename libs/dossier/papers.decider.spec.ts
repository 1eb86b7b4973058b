import { describe, expect, it } from '@jest/globals';
import {
  at,
  commandOf,
  contextOf,
  COMMUNE,
  DAY,
  DISTRICT,
  DUE,
  given,
  happened,
  hashAt,
  later,
  POPULATION,
  PORTAL,
  proceduresWith,
} from '../testing/dossier-samples.ts';
import type { DossierEventData } from './index.ts';

const submitted = happened('submitted');
const received = happened('received');
const paper = { form: 'paper', digitised: false, reused: false, fromPersonalStore: false } as const;
const askedAfter = (data: Partial<DossierEventData['supplement-requested']> = {}, time = at(10)) =>
  happened('supplement-requested', { stage: 'after-receipt', ...data }, { time });
const provided = happened('supplement-provided', { stage: 'after-receipt' }, { time: at(20) });
const stopAndSubtract = { rule: 'stop-and-subtract', calendarVersion: 'vn-2023.1' } as const;

describe('components', () => {
  it('are added once', () => {
    const state = given(submitted)
      .when(commandOf('add-component', { components: { 'X.1': paper } }), contextOf())
      .then([{ type: 'component-added', data: { components: { 'X.1': paper } } }]);
    expect(state).toMatchObject({ facts: { components: { 'X.1': paper } } });
    given(submitted)
      .when(commandOf('add-component', { components: { '1.001193.C01': paper } }), contextOf())
      .thenRefused('COMPONENT_EXISTS', { component: '1.001193.C01' });
  });

  it('are digitised once, and only when they are there', () => {
    const digitised = { ...paper, digitised: true };
    const state = given(submitted)
      .when(commandOf('digitise-component', { components: { '1.001193.C02': digitised } }), contextOf())
      .then([{ type: 'component-digitised' }]);
    expect(state).toMatchObject({ facts: { components: { '1.001193.C02': { digitised: true } } } });
    given(submitted)
      .when(commandOf('digitise-component', { components: { 'X.1': digitised } }), contextOf())
      .thenRefused('COMPONENT_UNKNOWN', { component: 'X.1' });
    given(submitted)
      .when(commandOf('digitise-component', { components: { '1.001193.C01': digitised } }), contextOf())
      .thenRefused('COMPONENT_DIGITISED', { component: '1.001193.C01' });
    given(submitted)
      .when(commandOf('digitise-component', { components: { '1.001193.C02': paper } }), contextOf())
      .thenRefused('INVALID', { fault: '/components/1.001193.C02/digitised' });
  });
});

describe('request-supplement', () => {
  it('says whether it is before or after receipt, and what was due', () => {
    const before = given(submitted)
      .when(commandOf('request-supplement'), contextOf())
      .then([{ type: 'supplement-requested', data: { stage: 'before-receipt' } }]);
    expect(before).toMatchObject({ situation: 'AwaitingSupplement', then: 'Submitted' });
    const after = given(received)
      .when(commandOf('request-supplement'), contextOf())
      .then([{ type: 'supplement-requested', data: { stage: 'after-receipt', previousDueAt: DUE } }]);
    expect(after).toMatchObject({ situation: 'AwaitingSupplement', then: 'Received', askedAt: at(60) });
  });

  it('is accepted a second time, and flagged', () => {
    const once = given(received, askedAfter(), provided);
    expect(once.state).toMatchObject({ facts: { flags: [] } });
    const twice = once.when(commandOf('request-supplement'), contextOf()).then([{ type: 'supplement-requested' }]);
    expect(twice).toMatchObject({ facts: { flags: ['SUPPLEMENT_TWICE'] } });
  });

  it('is not asked while one is open, nor with a deadline that has passed', () => {
    given(received, askedAfter())
      .when(commandOf('request-supplement'), contextOf())
      .thenRefused('COMMAND_NOT_ALLOWED', { situation: 'AwaitingSupplement' });
    given(received)
      .when(commandOf('request-supplement', { applicantDueAt: at(60) }), contextOf())
      .thenRefused('DEADLINE_IN_PAST', { dueAt: at(60) });
  });
});

describe('provide-supplement', () => {
  it('before receipt moves no clock', () => {
    const asked = happened('supplement-requested', { stage: 'before-receipt' });
    const state = given(submitted, asked)
      .when(commandOf('provide-supplement'), contextOf())
      .then([{ type: 'supplement-provided', data: { stage: 'before-receipt', request: hashAt(2) } }]);
    expect(state).toMatchObject({ situation: 'Submitted' });
  });

  it('after receipt counts the limit again from the start, where that is the rule', () => {
    const dueAt = later(at(60), DAY);
    const state = given(received, happened('processing-started'), askedAfter())
      .when(commandOf('provide-supplement'), contextOf())
      .then([
        { type: 'supplement-provided', data: { request: hashAt(3), previousDueAt: DUE, dueAt, complete: true } },
        {
          type: 'due-date-recomputed',
          data: { previousDueAt: DUE, dueAt, reason: 'supplement-provided', limit: { value: 1, unit: 'working-day' } },
        },
      ]);
    expect(state).toMatchObject({
      situation: 'InProcess',
      facts: { due: { dueAt }, supplements: [{ providedAt: at(60) }] },
    });
  });

  it('takes the wait off instead, where that is the rule, and never both', () => {
    const dueAt = later(DUE, 50 * 60_000);
    given(happened('received', { clock: stopAndSubtract }), askedAfter({ clock: stopAndSubtract }))
      .when(commandOf('provide-supplement'), contextOf())
      .then([
        { type: 'supplement-provided', data: { dueAt } },
        { type: 'due-date-recomputed', data: { dueAt, clock: stopAndSubtract } },
      ]);
  });

  it('keeps the request open while the dossier is not full', () => {
    const state = given(received, askedAfter())
      .when(commandOf('provide-supplement', { complete: false, components: { 'X.1': paper } }), contextOf())
      .then([{ type: 'supplement-provided', data: { complete: false } }]);
    expect(state).toMatchObject({
      situation: 'AwaitingSupplement',
      facts: { components: { 'X.1': paper }, due: { dueAt: DUE } },
    });
  });

  it('has nothing to recompute without a due date', () => {
    const { dueAt: _dueAt, limit: _limit, ...unlimited } = received.event.data as DossierEventData['received'];
    given({ ...received, event: { type: 'received', data: unlimited } }, askedAfter())
      .when(commandOf('provide-supplement'), contextOf())
      .then([{ type: 'supplement-provided' }]);
  });

  it('comes from the desk while another agency has the dossier', () => {
    const history = [
      received,
      happened('forwarded'),
      happened('custody-accepted', {}, { author: DISTRICT }),
      happened('supplement-requested', { stage: 'after-receipt' }, { author: DISTRICT }),
    ];
    const atDistrict = contextOf({ requester: COMMUNE, writer: DISTRICT });
    given(...history)
      .when(commandOf('provide-supplement'), atDistrict)
      .then([{ type: 'supplement-provided' }, { type: 'due-date-recomputed' }]);
    given(...history)
      .when(commandOf('provide-supplement'), { ...atDistrict, requester: PORTAL })
      .then([{ type: 'supplement-provided' }, { type: 'due-date-recomputed' }]);
  });

  it('is refused when none is open, when it lies before its request, and for a procedure that is gone', () => {
    given(received)
      .when(commandOf('provide-supplement'), contextOf())
      .thenRefused('SUPPLEMENT_NOT_OPEN', { situation: 'Received' });
    given(received, askedAfter())
      .when(commandOf('provide-supplement'), contextOf({ now: at(60), time: at(9) }))
      .thenRefused('TIME_BEFORE_REQUEST', { requestedAt: at(10) });
    given(received, askedAfter())
      .when(
        commandOf('provide-supplement'),
        contextOf({ procedures: { ...proceduresWith({}), findDeadlines: () => undefined } }),
      )
      .thenRefused('PROCEDURE_UNKNOWN');
  });
});

describe('identity checks', () => {
  const request = '01890b2c-6a3b-7c11-8f3e-0242ac120010';
  const asked = happened('identity-check-requested');
  const byAdapter = contextOf({ requester: POPULATION });

  it('are asked for a purpose, under a fresh id where none is given', () => {
    const state = given(submitted)
      .when(commandOf('request-identity-check'), contextOf())
      .then([{ type: 'identity-check-requested', data: { request: contextOf().freshId, purpose: '1.001193' } }]);
    expect(state).toMatchObject({ facts: { identityChecks: { [contextOf().freshId]: { person: 'applicant' } } } });
    given(submitted, asked)
      .when(commandOf('request-identity-check', { request: request as never }), contextOf())
      .thenRefused('IDENTITY_CHECK_OPEN', { check: request });
  });

  it.each([
    [{ result: 'confirmed', checked: ['personal-id'] }, 'identity-confirmed', 'confirmed'],
    [{ result: 'not-confirmed', finding: 'not-found' }, 'identity-not-confirmed', 'not-confirmed'],
    [{ result: 'failed', reason: 'unavailable' }, 'identity-check-failed', 'failed'],
  ] as const)('are answered by the population adapter: %j', (answer, type, finding) => {
    const state = given(submitted, asked)
      .when(commandOf('record-identity-check', answer as never), byAdapter)
      .then([{ type, data: { request } }]);
    expect(state).toMatchObject({ facts: { identityChecks: { [request]: { finding } } } });
  });

  it.each([
    [{ result: 'confirmed', checked: undefined }, '/checked'],
    [{ result: 'not-confirmed', finding: undefined }, '/finding'],
    [{ result: 'failed', reason: undefined }, '/reason'],
  ] as const)('are refused where the answer lacks its member: %j', (answer, fault) => {
    given(submitted, asked)
      .when(commandOf('record-identity-check', answer as never), byAdapter)
      .thenRefused('INVALID', { fault });
  });

  it('have one answer, from nobody else', () => {
    given(submitted).when(commandOf('record-identity-check'), byAdapter).thenRefused('IDENTITY_CHECK_NOT_OPEN');
    given(submitted, asked, happened('identity-not-confirmed'))
      .when(commandOf('record-identity-check'), byAdapter)
      .thenRefused('IDENTITY_CHECK_NOT_OPEN', { check: request });
    given(submitted, asked).when(commandOf('record-identity-check'), contextOf()).thenRefused('NOT_A_PARTY');
  });
});
