import { describe, expect, it } from '@jest/globals';
import {
  at,
  commandOf,
  contextOf,
  DAY,
  DISTRICT,
  directoryWith,
  given,
  happened,
  later,
  proceduresWith,
  submittedExample,
} from '../testing/dossier-samples.ts';
import { decide, initialState, takesFromCounters } from './index.ts';
import type { DossierCode } from '#libs/kernel';

const online = { channel: 'online', receiveAtOnce: false } as const;

describe('file-dossier', () => {
  it('receives at once what is handed over the counter', () => {
    const state = given()
      .when(commandOf('file-dossier'), contextOf())
      .then([
        {
          type: 'received',
          data: {
            receivingAgency: 'H26.129.05',
            dossierCode: 'H26.129.05-230614-0001',
            registerNumber: 4711,
            procedure: { code: '1.001193', version: 1, case: 'standard' },
            directoryVersion: '2023-06-01T00:00:00.000Z',
            dueAt: later(at(60), DAY),
            limit: { value: 1, unit: 'working-day' },
            clock: { rule: 'restart', calendarVersion: 'vn-2023.1' },
          },
        },
      ]);
    expect(state).toMatchObject({ situation: 'Received', facts: { hand: { kind: 'held', custodian: 'H26.129.05' } } });
  });

  it('submits what came online, with the time of the answer and without a code', () => {
    const state = given()
      .when(commandOf('file-dossier', online), contextOf())
      .then([{ type: 'submitted', data: { intakeAnswerDueAt: at(60 + 8 * 60), channel: 'online' } }]);
    expect(state).toMatchObject({ situation: 'Submitted', facts: { submittedAt: at(60) } });
    expect(state).not.toHaveProperty('facts.dossierCode');
  });

  it('has no due date where the procedure has no limit', () => {
    const state = given()
      .when(commandOf('file-dossier'), contextOf({ procedures: proceduresWith({ receiptDue: () => undefined }) }))
      .then([{ type: 'received' }]);
    expect(state).not.toHaveProperty('facts.due');
  });

  it('takes a code given by hand, from the range that is kept for it', () => {
    const directory = directoryWith({ isValid: (agency) => agency === 'H26.129.05' });
    given()
      .when(
        commandOf('file-dossier', { dossierCode: 'H26.129.05-230613-9001' as DossierCode, registerNumber: 12 }),
        contextOf(),
      )
      .then([{ type: 'received', data: { dossierCode: 'H26.129.05-230613-9001', registerNumber: 12 } }]);
    given()
      .when(
        commandOf('file-dossier', { dossierCode: '000.18.05.H26-230613-9001' as DossierCode }),
        contextOf({ directory }),
      )
      .then([{ type: 'received', data: { dossierCode: '000.18.05.H26-230613-9001' } }]);
  });

  it.each(['H26.129.05-230613-0001', 'H26.129.05-230613-10000', 'H26.129.06-230613-9001', 'H26.129.05-230230-9001'])(
    'refuses the code %s given by hand',
    (code) => {
      given()
        .when(commandOf('file-dossier', { dossierCode: code as DossierCode }), contextOf())
        .thenRefused('INVALID', { fault: '/dossierCode' });
    },
  );

  it('refuses an unknown procedure, case, territory, and an agency that is not valid', () => {
    const procedure = { code: '9.999999', case: 'standard' } as never;
    given()
      .when(commandOf('file-dossier', { procedure }), contextOf())
      .thenRefused('PROCEDURE_UNKNOWN', { procedure: '9.999999' });
    const unknownCase = { code: '1.001193', case: 'abroad' } as never;
    given()
      .when(commandOf('file-dossier', { procedure: unknownCase }), contextOf())
      .thenRefused('PROCEDURE_CASE_UNKNOWN', { case: 'abroad' });
    const place = { territory: '99999', area: 'tdp-03' } as never;
    given()
      .when(commandOf('file-dossier', { place }), contextOf())
      .thenRefused('TERRITORY_UNKNOWN', { territory: '99999' });
    given()
      .when(commandOf('file-dossier'), contextOf({ directory: directoryWith({ isValid: () => false }) }))
      .thenRefused('AGENCY_NOT_VALID', { agency: 'H26.129.05' });
  });

  it('wants to know the officer who receives', () => {
    const { actor: _actor, ...rest } = commandOf('file-dossier').data as { actor?: unknown };
    given()
      .when({ type: 'file-dossier', data: rest } as never, contextOf())
      .thenRefused('INVALID', { fault: '/actor' });
  });

  it('is written by the agency in the name alone', () => {
    given()
      .when(commandOf('file-dossier'), contextOf({ requester: 'H26.901' as never, writer: DISTRICT }))
      .thenRefused('NOT_THE_RECEIVING_AGENCY', { receivingAgency: 'H26.129.05' });
  });

  it('is refused for a dossier that is there', () => {
    given(happened('received')).when(commandOf('file-dossier'), contextOf()).thenRefused('DOSSIER_EXISTS');
  });

  it('fails loudly when it was given no code to issue', () => {
    const { issued: _issued, ...context } = contextOf();
    expect(() => decide(commandOf('file-dossier'), initialState, context)).toThrow(
      expect.objectContaining({ code: 'CONTEXT_INCOMPLETE' }),
    );
  });
});

const submitted = happened('submitted');

describe('receive-dossier', () => {
  it('states the whole dossier again, with the components known by then', () => {
    const added = happened('component-added', {
      components: { 'X.1': { form: 'paper', digitised: false, reused: false, fromPersonalStore: false } },
    });
    const state = given(submitted, added)
      .when(commandOf('receive-dossier'), contextOf())
      .then([
        {
          type: 'received',
          data: { applicant: submittedExample.applicant, submittedAt: at(0), dossierCode: 'H26.129.05-230614-0001' },
        },
      ]);
    expect(state).toMatchObject({ situation: 'Received', facts: { receivedAt: at(60) } });
    expect(Object.keys(state.situation === 'NotFiled' ? {} : state.facts.components)).toEqual(
      expect.arrayContaining(['X.1', '1.001193.C01']),
    );
  });

  it('waits for the openings of what was submitted', () => {
    given(submitted)
      .when(commandOf('receive-dossier'), contextOf({ opened: {} }))
      .thenRefused('OPENINGS_MISSING');
  });

  it('asks for the version in force when it is received', () => {
    const procedures = { ...proceduresWith({}), findInForce: () => 'unknown' as const };
    given(submitted).when(commandOf('receive-dossier'), contextOf({ procedures })).thenRefused('PROCEDURE_UNKNOWN');
    const withoutCase = { ...proceduresWith({}), findInForce: () => 'case-unknown' as const };
    given(submitted)
      .when(commandOf('receive-dossier'), contextOf({ procedures: withoutCase }))
      .thenRefused('PROCEDURE_CASE_UNKNOWN');
  });

  it('refuses a code given by hand outside its range', () => {
    given(submitted)
      .when(commandOf('receive-dossier', { dossierCode: 'H26.129.05-230613-0007' as DossierCode }), contextOf())
      .thenRefused('INVALID');
  });

  it('does not lie before what was submitted, nor does what is filed', () => {
    given(submitted)
      .when(commandOf('receive-dossier'), contextOf({ now: at(60), time: at(-1) }))
      .thenRefused('TIME_BEFORE_REQUEST', { requestedAt: at(0) });
    given()
      .when(commandOf('file-dossier', { submittedAt: at(61) }), contextOf())
      .thenRefused('INVALID', { fault: '/submittedAt' });
  });

  it('is for what was submitted, once', () => {
    given().when(commandOf('receive-dossier'), contextOf()).thenRefused('DOSSIER_UNKNOWN');
    given(happened('received'))
      .when(commandOf('receive-dossier'), contextOf())
      .thenRefused('COMMAND_NOT_ALLOWED', { situation: 'Received' });
  });

  it('is the successor’s, when the agency in the name has ended', () => {
    const rehomed = happened('rehomed', { from: 'H26.129.05' as never, to: DISTRICT }, { author: 'H26' as never });
    const state = given(submitted, rehomed)
      .when(commandOf('receive-dossier'), contextOf({ writer: DISTRICT }))
      .then([{ type: 'received', data: { receivingAgency: DISTRICT } }]);
    expect(state).toMatchObject({ facts: { filedWith: 'H26.129.05', receivingAgency: DISTRICT } });
  });
});

describe('refuse-intake', () => {
  it('ends the dossier before receipt', () => {
    const state = given(submitted)
      .when(commandOf('refuse-intake'), contextOf())
      .then([{ type: 'intake-refused' }]);
    expect(state).toMatchObject({
      situation: 'IntakeRefused',
      facts: { ending: { how: 'intake-refused', at: at(60) } },
    });
  });
  it('is too late after receipt', () => {
    given(happened('received')).when(commandOf('refuse-intake'), contextOf()).thenRefused('COMMAND_NOT_ALLOWED');
  });
});

describe('takesFromCounters', () => {
  it('is true where a code or a number must be issued', () => {
    const code = 'H26.129.05-230613-9001' as DossierCode;
    expect(takesFromCounters(commandOf('file-dossier'))).toBe(true);
    expect(takesFromCounters(commandOf('file-dossier', online))).toBe(false);
    expect(takesFromCounters(commandOf('receive-dossier'))).toBe(true);
    expect(takesFromCounters(commandOf('receive-dossier', { dossierCode: code, registerNumber: 1 }))).toBe(false);
    expect(takesFromCounters(commandOf('forward'))).toBe(false);
  });
});
