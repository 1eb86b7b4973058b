/** What ADR 0015 decides: which rules of the decrees refuse, and which are recorded and seen. */
import { describe, expect, it } from '@jest/globals';
import type { DossierCode, Instant } from '#libs/kernel';
import {
  at,
  commandOf,
  contextOf,
  DAY,
  directoryWith,
  DISTRICT,
  given,
  happened,
  hashAt,
  later,
  proceduresWith,
} from '../testing/dossier-samples.ts';
import { warningMessage, type DossierEventData, type DossierState, type DossierWarning } from './index.ts';

const received = happened('received');
const submitted = happened('submitted');
const withoutExemption = { exemptComponents: undefined as never };
const warningsOf = (state: DossierState): readonly DossierWarning[] =>
  state.situation === 'NotFiled' ? [] : state.facts.warnings;
const codesOf = (state: DossierState): readonly string[] => warningsOf(state).map(({ code }) => code);
const lastMoment = later(at(0), 3 * DAY);

describe('Art 19(4): a supplement is asked for within the time of the law', () => {
  const ask = (now: Instant) => given(received).when(commandOf('request-supplement'), contextOf({ now }));
  const inTheYear = { applicantDueAt: later(at(0), 300 * DAY) };

  it('in the last moment it is in time, and the event says until when and by which text', () => {
    const state = given(received)
      .when(commandOf('request-supplement', inTheYear), contextOf({ now: lastMoment }))
      .then([
        {
          type: 'supplement-requested',
          data: { requestDueAt: lastMoment, late: false, legalBasis: 'Nghị định 61/2018/NĐ-CP' },
        },
      ]);
    expect(codesOf(state)).toEqual([]);
  });

  it('after it, it is accepted and seen: the dossier lacks something all the same', () => {
    const state = given(received)
      .when(commandOf('request-supplement', inTheYear), contextOf({ now: later(lastMoment, 1) }))
      .then([{ type: 'supplement-requested', data: { requestDueAt: lastMoment, late: true } }]);
    expect(state).toMatchObject({
      situation: 'AwaitingSupplement',
      facts: {
        flags: ['SUPPLEMENT_LATE'],
        supplements: [{ requestDueAt: lastMoment, late: true }],
        warnings: [{ code: 'SUPPLEMENT_LATE', event: hashAt(2) }],
      },
    });
    expect(warningsOf(state).map((warning) => warningMessage(warning).en)).toEqual([
      `The supplement was asked for after ${lastMoment} (Nghị định 61/2018/NĐ-CP).`,
    ]);
  });

  it('counts from receipt in whosever hand it is, and not before receipt', () => {
    const history = [
      received,
      happened('forwarded'),
      happened('custody-accepted', {}, { author: DISTRICT, time: later(lastMoment, DAY) }),
    ];
    given(...history)
      .when(
        commandOf('request-supplement', inTheYear),
        contextOf({ writer: DISTRICT, now: later(lastMoment, 2 * DAY) }),
      )
      .then([{ type: 'supplement-requested', data: { requestDueAt: lastMoment, late: true } }]);
    given(submitted)
      .when(commandOf('request-supplement', inTheYear), contextOf({ now: later(lastMoment, 1) }))
      .then([{ type: 'supplement-requested', data: { stage: 'before-receipt' } }]);
  });

  it('is by sector law where the procedure has one, and by none where none was in force', () => {
    const own = { dueAt: later(at(0), 60), citation: 'Luật ngành' };
    given(received)
      .when(
        commandOf('request-supplement'),
        contextOf({ procedures: proceduresWith({ supplementRequestDue: () => own }) }),
      )
      .then([{ type: 'supplement-requested', data: { late: true, legalBasis: 'Luật ngành' } }]);
    const none = contextOf({ procedures: proceduresWith({ supplementRequestDue: () => undefined }) });
    const state = given(received)
      .when(commandOf('request-supplement'), none)
      .then([{ type: 'supplement-requested' }]);
    expect(state).not.toHaveProperty('facts.supplements.0.late');
  });

  it('of an event of an earlier version, nothing is said', () => {
    const old = happened('supplement-requested', { late: undefined, requestDueAt: undefined, legalBasis: undefined });
    expect(codesOf(given(received, old).state)).toEqual([]);
    expect(ask(at(60))).toBeDefined();
  });

  it('a second one is flagged as before, once, and warned of each time', () => {
    const asked = happened('supplement-requested', { stage: 'after-receipt' });
    const provided = happened('supplement-provided', { stage: 'after-receipt' });
    const state = given(received, asked, provided, asked, provided)
      .when(commandOf('request-supplement'), contextOf())
      .then([{ type: 'supplement-requested' }]);
    expect(state).toMatchObject({ facts: { flags: ['SUPPLEMENT_TWICE'] } });
    expect(warningsOf(state).map(({ event }) => event)).toEqual([hashAt(4), hashAt(6)]);
  });
});

describe('Art 17(1): a dossier is received when it is complete', () => {
  const required = ['C01', 'C02', 'C03'].map((code) => ({ code: `1.001193.${code}`, nameVi: `Giấy ${code}` }));
  const strict = contextOf({ procedures: proceduresWith({}, required) });

  it('at the counter: what is missing is named, and the desk submits it first and asks', () => {
    given()
      .when(commandOf('file-dossier', withoutExemption), strict)
      .thenRefused('COMPONENTS_MISSING', { missing: ['1.001193.C03'], names: ['Giấy C03'] });
    const state = given()
      .when(commandOf('file-dossier', { ...withoutExemption, receiveAtOnce: false }), strict)
      .then([{ type: 'submitted' }]);
    expect(state).toMatchObject({ situation: 'Submitted' });
  });

  it('online: with what was submitted, added, supplemented, and brought to the receipt', () => {
    const paper = { form: 'paper', digitised: false, reused: false, fromPersonalStore: false } as const;
    const bare = { ...withoutExemption, components: undefined as never };
    given(submitted)
      .when(commandOf('receive-dossier', bare), strict)
      .thenRefused('COMPONENTS_MISSING', { missing: ['1.001193.C03'] });
    const third = { components: { '1.001193.C03': paper } };
    given(submitted)
      .when(commandOf('receive-dossier', { ...bare, ...third }), strict)
      .then([{ type: 'received' }]);
    given(submitted, happened('component-added', third))
      .when(commandOf('receive-dossier', bare), strict)
      .then([{ type: 'received' }]);
    const asked = happened('supplement-requested', { stage: 'before-receipt' });
    given(submitted, asked, happened('supplement-provided', { ...third, stage: 'before-receipt' }))
      .when(commandOf('receive-dossier', bare), strict)
      .then([{ type: 'received' }]);
  });

  it('what the law does without is stated with its ground and text, in the receipt', () => {
    const exemptComponents = { '1.001193.C03': { ground: 'from-database', legalBasis: 'Nghị định 107/2021/NĐ-CP' } };
    for (const [history, command] of [
      [[], 'file-dossier'],
      [[submitted], 'receive-dossier'],
    ] as const)
      given(...history)
        .when(commandOf(command, { exemptComponents } as never), strict)
        .then([{ type: 'received', data: { exemptComponents } }]);
  });

  it('a label of every object is no paper', () => {
    const odd = contextOf({ procedures: proceduresWith({}, [{ code: 'constructor', nameVi: 'Giấy' }]) });
    given()
      .when(commandOf('file-dossier'), odd)
      .thenRefused('COMPONENTS_MISSING', { missing: ['constructor'] });
  });
});

describe('codes given by hand (domain 3.1, 3.4)', () => {
  const byHand = (code: string, context = contextOf()) =>
    given().when(commandOf('file-dossier', { dossierCode: code as DossierCode }), context);
  const real = directoryWith({ isValid: (agency) => ['H26.129.05', 'H56.22.17', 'H56.00.17'].includes(agency) });

  it('of another date than receipt are accepted, and seen', () => {
    const state = byHand('H26.129.05-230613-9001').then([{ type: 'received' }]);
    expect(warningsOf(state)).toEqual([
      {
        code: 'DOSSIER_CODE_DATE_DIFFERS',
        event: hashAt(1),
        details: { dossierCode: 'H26.129.05-230613-9001', receivedOn: '2023-06-14' },
      },
    ]);
    expect(codesOf(byHand('H26.129.05-230614-9001').then([{ type: 'received' }]))).toEqual([]);
  });

  it('are dated in Viet Nam, where the day begins seven hours earlier', () => {
    const beforeMidnight = contextOf({ now: '2023-06-14T16:59:59.999Z' as Instant });
    const afterMidnight = contextOf({ now: '2023-06-14T17:00:00.000Z' as Instant });
    expect(codesOf(byHand('H26.129.05-230614-9001', beforeMidnight).then([{ type: 'received' }]))).toEqual([]);
    expect(codesOf(byHand('H26.129.05-230614-9001', afterMidnight).then([{ type: 'received' }]))).toEqual([
      'DOSSIER_CODE_DATE_DIFFERS',
    ]);
  });

  it('in the old form are of the agency that they name after conversion', () => {
    const context = contextOf({ directory: real });
    byHand('000.17.22.H56-230614-9001', context).thenRefused('INVALID', { fault: '/dossierCode' });
    // An agency that the directory does not know: an older code of this one.
    byHand('000.18.05.H26-230614-9001', context).then([
      { type: 'received', data: { dossierCode: '000.18.05.H26-230614-9001' } },
    ]);
    const own = { ...context, dossier: 'dossier/H56.22.17/01890b2c-6a3b-7c11-8f3e-0242ac120001' as never };
    const there = { ...own, writer: 'H56.22.17' as never, requester: 'H56.22.17' as never };
    byHand('000.17.22.H56-230614-9001', there).then([{ type: 'received' }]);
    byHand('000.17.00.H56-230614-9001', there).thenRefused('INVALID', { fault: '/dossierCode' });
  });
});

describe('Art 20(4): what is returned early is announced first', () => {
  const longer = happened('received', { dueAt: later(at(0), 5 * DAY), limit: { value: 5, unit: 'working-day' } });
  const resolved = happened('resolved');
  const told = happened('result-ready', { announced: true });
  const untold = happened('result-ready', { announced: false });
  const dueDay = contextOf({ now: later(at(0), 5 * DAY - 1) });

  it('to somebody who is not there: not sent before they were told', () => {
    for (const history of [
      [longer, resolved],
      [longer, resolved, untold],
    ]) {
      given(...history)
        .when(commandOf('dispatch-result'), contextOf())
        .thenRefused('RESULT_NOT_ANNOUNCED', { dueAt: later(at(0), 5 * DAY) });
      given(...history)
        .when(commandOf('return-result', { method: 'online' }), contextOf())
        .thenRefused('RESULT_NOT_ANNOUNCED');
    }
    given(longer, resolved, told)
      .when(commandOf('dispatch-result'), contextOf())
      .then([{ type: 'result-dispatched', data: { early: true, announced: true } }]);
    given(longer, resolved, told, untold)
      .when(commandOf('return-result', { method: 'online' }), contextOf())
      .then([{ type: 'result-returned', data: { early: true, announced: true } }]);
  });

  it('to somebody at the counter: given, recorded and seen', () => {
    const state = given(longer, resolved, untold)
      .when(commandOf('return-result'), contextOf())
      .then([{ type: 'result-returned', data: { early: true, announced: false } }]);
    expect(state).toMatchObject({ situation: 'Returned', facts: { flags: ['RESULT_NOT_ANNOUNCED'] } });
    expect(
      codesOf(
        given(longer, resolved, told)
          .when(commandOf('return-result'), contextOf())
          .then([{ type: 'result-returned' }]),
      ),
    ).toEqual([]);
  });

  it('on the day it is due nothing is early, whatever the hour', () => {
    given(longer, resolved)
      .when(commandOf('dispatch-result'), dueDay)
      .then([{ type: 'result-dispatched', data: { early: false } }]);
  });

  it('asks nothing of results on the spot, of no due date, and where no text demands it', () => {
    const free: Partial<Record<'dueAt' | 'limit', undefined>> = { dueAt: undefined, limit: undefined };
    const instant = happened('received', { dueAt: later(at(0), DAY), limit: { value: 0, unit: 'instant' } });
    for (const begun of [instant, happened('received', free)])
      given(begun, resolved)
        .when(commandOf('dispatch-result'), contextOf())
        .then([{ type: 'result-dispatched' }]);
    const none = contextOf({ procedures: proceduresWith({ earlyReturnAnnounced: () => undefined }) });
    given(longer, resolved)
      .when(commandOf('dispatch-result'), none)
      .then([{ type: 'result-dispatched' }]);
  });
});

describe('indicator 5.2: every way to deal with a petition has its time', () => {
  const dates = {
    refuseBy: later(at(0), 2 * DAY),
    askMoreBy: later(at(0), 7 * DAY),
    answerDueAt: later(at(0), 21 * DAY),
  };
  const filed = happened('petition-filed', dates);
  type Answer = DossierEventData['petition-answered'];
  const answer = (data: Partial<Answer>, now: Instant, ...more: readonly ReturnType<typeof happened>[]) =>
    given(received, filed, ...more).when(commandOf('answer-petition', data as never), contextOf({ now }));

  it('stated when it is filed', () => {
    given(received)
      .when(commandOf('file-petition'), contextOf({ now: at(0) }))
      .then([{ type: 'petition-filed', data: { ...dates, legalBasis: 'Quyết định 766/QĐ-TTg' } }]);
    given(received)
      .when(commandOf('file-petition'), contextOf({ procedures: proceduresWith({ petitionDue: () => undefined }) }))
      .thenRefused('RULE_NOT_IN_FORCE', { rule: 'petition' });
  });

  it.each([
    ['refused', dates.refuseBy],
    ['more-asked', dates.askMoreBy],
    ['solved', dates.answerDueAt],
    ['passed-on', dates.answerDueAt],
  ] as const)('%s in the last moment is in time, and late after it', (outcome, dueAt) => {
    const inTime = answer({ outcome }, dueAt).then([
      { type: 'petition-answered', data: { step: 'answer', dueAt, late: false } },
    ]);
    expect(codesOf(inTime)).toEqual([]);
    const late = answer({ outcome }, later(dueAt, 1)).then([
      { type: 'petition-answered', data: { dueAt, late: true } },
    ]);
    expect(warningsOf(late)).toMatchObject([{ code: 'PETITION_LATE', details: { petition: 'p1', dueAt } }]);
  });

  it('by one that was filed before there were these times, the one time it has', () => {
    const old = happened('petition-filed', { ...dates, refuseBy: undefined, askMoreBy: undefined });
    given(received, old)
      .when(commandOf('answer-petition', { outcome: 'refused' }), contextOf())
      .then([{ type: 'petition-answered', data: { dueAt: dates.answerDueAt, late: false } }]);
  });

  it('what was solved is published within its own time, by the same answer once more', () => {
    const solvedAt = at(60);
    const publishDueAt = later(solvedAt, 2 * DAY);
    const solved = answer({ outcome: 'solved', published: false }, solvedAt).then([
      { type: 'petition-answered', data: { publishDueAt } },
    ]);
    expect(solved).toMatchObject({ facts: { petitions: { p1: { answeredAt: solvedAt, publishDueAt } } } });
    const before = happened(
      'petition-answered',
      { outcome: 'solved', published: false, publishDueAt },
      { time: solvedAt },
    );
    const late = answer({ outcome: 'solved', published: true }, later(publishDueAt, 1), before).then([
      { type: 'petition-answered', data: { step: 'publication', dueAt: publishDueAt, late: true } },
    ]);
    expect(late).toMatchObject({
      facts: {
        petitions: { p1: { answeredAt: solvedAt, publishedAt: later(publishDueAt, 1) } },
        flags: ['PETITION_LATE'],
      },
    });
    expect(late).not.toHaveProperty('facts.petitions.p1.publishDueAt');
    answer({ outcome: 'solved', published: false }, at(90), before).thenRefused('PETITION_ALREADY_ANSWERED');
    answer({ outcome: 'refused', published: true }, at(90), before).thenRefused('PETITION_ALREADY_ANSWERED');
    const published = happened('petition-answered', { outcome: 'solved', published: true });
    answer({ outcome: 'solved', published: true }, at(90), before, published).thenRefused('PETITION_ALREADY_ANSWERED');
  });
});
