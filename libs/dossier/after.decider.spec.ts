import { describe, expect, it } from '@jest/globals';
import {
  at,
  commandOf,
  COMMUNE,
  contextOf,
  DAY,
  DOSSIER,
  given,
  happened,
  hashAt,
  later,
  PORTAL,
  proceduresWith,
} from '../testing/dossier-samples.ts';
import type { Hash } from '#libs/kernel';

const received = happened('received');
const withdrawn = happened('withdrawn');

describe('link', () => {
  it('is stated once for each relation, never with itself', () => {
    const state = given(received)
      .when(commandOf('link'), contextOf())
      .then([{ type: 'linked' }]);
    expect(state).toMatchObject({ facts: { links: [{ relation: 'interlinked' }] } });
    given(received, happened('linked')).when(commandOf('link'), contextOf()).thenRefused('LINK_EXISTS');
    given(received, happened('linked'))
      .when(commandOf('link', { relation: 'follows' }), contextOf())
      .then([{ type: 'linked' }]);
    given(received)
      .when(commandOf('link', { dossier: DOSSIER }), contextOf())
      .thenRefused('LINK_TO_SELF');
  });
});

describe('rate-satisfaction', () => {
  it('is about the desk that received, once the dossier has ended', () => {
    const state = given(received, withdrawn)
      .when(commandOf('rate-satisfaction'), contextOf({ requester: PORTAL }))
      .then([{ type: 'satisfaction-rated', data: { desk: COMMUNE } }]);
    expect(state).toMatchObject({ facts: { ratedAt: at(60) } });
    given(received).when(commandOf('rate-satisfaction'), contextOf()).thenRefused('COMMAND_NOT_ALLOWED');
  });
});

describe('petitions', () => {
  const filed = happened('petition-filed');
  it('have a clock of their own', () => {
    const state = given(received)
      .when(commandOf('file-petition'), contextOf())
      .then([{ type: 'petition-filed', data: { concerns: COMMUNE, answerDueAt: later(at(60), 21 * DAY) } }]);
    expect(state).toMatchObject({ facts: { petitions: { p1: { filedAt: at(60) } } } });
  });
  it('are answered; asking for more is no answer yet', () => {
    const more = given(received, filed)
      .when(commandOf('answer-petition', { outcome: 'more-asked' }), contextOf())
      .then([{ type: 'petition-answered' }]);
    expect(more).not.toHaveProperty('facts.petitions.p1.answeredAt');
    const solved = given(received, filed)
      .when(commandOf('answer-petition'), contextOf())
      .then([{ type: 'petition-answered' }]);
    expect(solved).toMatchObject({ facts: { petitions: { p1: { answeredAt: at(60) } } } });
  });
  it('are refused twice, unknown, answered, and for a procedure that is gone', () => {
    given(received, filed).when(commandOf('file-petition'), contextOf()).thenRefused('PETITION_EXISTS');
    given(received).when(commandOf('answer-petition'), contextOf()).thenRefused('PETITION_UNKNOWN', { petition: 'p1' });
    given(received, filed, happened('petition-answered'))
      .when(commandOf('answer-petition'), contextOf())
      .thenRefused('PETITION_ALREADY_ANSWERED');
    given(received)
      .when(
        commandOf('file-petition'),
        contextOf({ procedures: { ...proceduresWith({}), findDeadlines: () => undefined } }),
      )
      .thenRefused('PROCEDURE_UNKNOWN');
  });
});

describe('erase-personal-data', () => {
  const erase = commandOf('erase-personal-data');
  const afterRetention = contextOf({ now: later(at(0), 3651 * DAY) });

  it('is stated once the dossier has ended and retention with it', () => {
    const state = given(received, withdrawn)
      .when(erase, afterRetention)
      .then([{ type: 'personal-data-erased', data: { subjects: ['applicant', 'c1'] } }]);
    expect(state).toMatchObject({ facts: { erasedSubjects: ['applicant', 'c1'] } });
  });
  it('is forbidden on a live dossier, before retention has ended, and where the rule keeps it for ever', () => {
    given(received).when(erase, afterRetention).thenRefused('RETENTION_FORBIDS_ERASURE', { reason: 'dossier-open' });
    given(received, happened('resolved'))
      .when(erase, afterRetention)
      .thenRefused('RETENTION_FORBIDS_ERASURE', { reason: 'dossier-open' });
    given(received, withdrawn)
      .when(erase, contextOf())
      .thenRefused('RETENTION_FORBIDS_ERASURE', { reason: 'retention', until: later(at(0), 3650 * DAY) });
    given(received, withdrawn)
      .when(erase, { ...afterRetention, retention: { erasableFrom: () => undefined } })
      .thenRefused('RETENTION_FORBIDS_ERASURE', { reason: 'kept-for-ever' });
  });
  it('names somebody who has not been erased', () => {
    const erased = happened('personal-data-erased');
    given(received, withdrawn, erased)
      .when(erase, afterRetention)
      .thenRefused('ALREADY_ERASED', { subjects: ['applicant', 'c1'] });
    given(received, withdrawn, erased)
      .when(commandOf('erase-personal-data', { subjects: ['c1', 'officer'] }), afterRetention)
      .then([{ type: 'personal-data-erased' }]);
  });
});

const aside = (answered = false) => ({ on: 'superseded', type: 'resolved', answered }) as const;

describe('correct', () => {
  const superseded = contextOf({ findEvent: () => aside() });
  const refusal = {
    verdict: 'refused',
    supersededEvents: [hashAt(7), hashAt(8)],
    corrects: undefined,
    fields: undefined,
    applicant: undefined,
  } as never;

  it('replaces what an event of the main history said', () => {
    const place = { territory: '00562', area: 'tdp-07' } as never;
    const state = given(received)
      .when(commandOf('correct', { fields: ['/place'], place }), contextOf())
      .then([{ type: 'corrected', data: { verdict: 'corrected' } }]);
    expect(state).toMatchObject({ situation: 'Received', facts: { place, dossierCode: 'H26.129.05-230614-0001' } });
  });
  it('answers superseded events, several at once, each once', () => {
    given(received)
      .when(commandOf('correct', refusal), superseded)
      .then([{ type: 'corrected', data: { supersededEvents: [hashAt(7), hashAt(8)] } }]);
    given(received)
      .when(commandOf('correct', refusal), contextOf({ findEvent: (hash) => aside(hash === hashAt(8)) }))
      .thenRefused('ALREADY_CORRECTED', { event: hashAt(8) });
  });
  it('knows which is which', () => {
    const nowhere = contextOf({ findEvent: () => undefined });
    given(received).when(commandOf('correct'), nowhere).thenRefused('EVENT_UNKNOWN');
    given(received).when(commandOf('correct'), superseded).thenRefused('EVENT_SUPERSEDED');
    given(received)
      .when(commandOf('correct', refusal), nowhere)
      .thenRefused('EVENT_UNKNOWN', { event: hashAt(7) });
    given(received)
      .when(commandOf('correct', refusal), contextOf())
      .thenRefused('EVENT_NOT_SUPERSEDED', { event: hashAt(7) });
  });
  it('is refused without its event, or with a territory that does not exist', () => {
    given(received)
      .when(commandOf('correct', { corrects: undefined as unknown as Hash }), contextOf())
      .thenRefused('INVALID', { fault: '/corrects' });
    given(received)
      .when(commandOf('correct', { verdict: 'refused' }), contextOf())
      .thenRefused('INVALID', { fault: '/supersededEvents' });
    given(received)
      .when(commandOf('correct', { place: { territory: '99999', area: 'a' } as never }), contextOf())
      .thenRefused('TERRITORY_UNKNOWN');
  });
});
