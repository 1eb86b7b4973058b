import { describe, expect, it } from '@jest/globals';
import {
  at,
  commandOf,
  contextOf,
  DUE,
  given,
  happened,
  later,
  PORTAL,
  proceduresWith,
} from '../testing/dossier-samples.ts';

const received = happened('received');
const asked = happened('fee-requested', {}, { time: at(10) });
const stopped = happened('fee-requested', { clockEffect: 'stop' }, { time: at(10) });
const pay = commandOf('record-payment');

describe('request-fee', () => {
  it('awaits the payment; the clock runs or stands by the procedure version', () => {
    const { clockEffect: _effect, ...unsaid } = commandOf('request-fee').data as { clockEffect?: string };
    const running = given(received)
      .when({ type: 'request-fee', data: unsaid } as never, contextOf())
      .then([{ type: 'fee-requested', data: { amount: 8000, clockEffect: 'run' } }]);
    expect(running).toMatchObject({ situation: 'AwaitingPayment', then: 'Received' });
    expect(running).not.toHaveProperty('clockStoppedAt');
    const standing = given(received)
      .when(
        { type: 'request-fee', data: unsaid } as never,
        contextOf({ procedures: proceduresWith({ paymentClockEffect: 'stop' }) }),
      )
      .then([{ type: 'fee-requested', data: { clockEffect: 'stop' } }]);
    expect(standing).toMatchObject({ situation: 'AwaitingPayment', clockStoppedAt: at(60) });
  });

  it('stops the clock only where the procedure version says so; an ordinary fee may leave it running there', () => {
    const stopping = proceduresWith({ paymentClockEffect: 'stop' });
    given(received)
      .when(commandOf('request-fee', { clockEffect: 'stop' }), contextOf())
      .thenRefused('INVALID', { fault: '/clockEffect' });
    for (const clockEffect of ['stop', 'run'] as const)
      given(received)
        .when(commandOf('request-fee', { clockEffect }), contextOf({ procedures: stopping }))
        .then([{ type: 'fee-requested', data: { clockEffect } }]);
  });

  it('keeps nobody from their work while the clock runs', () => {
    const started = given(received, asked)
      .when(commandOf('start-processing'), contextOf())
      .then([{ type: 'processing-started' }]);
    expect(started).toMatchObject({ situation: 'AwaitingPayment', then: 'InProcess' });
    given(received, stopped).when(commandOf('start-processing'), contextOf()).thenRefused('COMMAND_NOT_ALLOWED');
  });

  it('changes nothing but the account when the result is there', () => {
    const state = given(received, happened('resolved'))
      .when(commandOf('request-fee'), contextOf())
      .then([{ type: 'fee-requested' }]);
    expect(state).toMatchObject({ situation: 'Resolved', facts: { obligations: { f1: { amount: 8000 } } } });
  });

  it('is refused twice under one label, with a past deadline, for a procedure that is gone', () => {
    given(received, asked)
      .when(commandOf('request-fee'), contextOf())
      .thenRefused('FEE_ALREADY_REQUESTED', { fee: 'f1' });
    given(received)
      .when(commandOf('request-fee', { paymentDueAt: at(1) }), contextOf())
      .thenRefused('DEADLINE_IN_PAST');
    given(received)
      .when(
        commandOf('request-fee'),
        contextOf({ procedures: { ...proceduresWith({}), findDeadlines: () => undefined } }),
      )
      .thenRefused('PROCEDURE_UNKNOWN');
  });
});

describe('record-payment', () => {
  it('ends the wait', () => {
    const state = given(received, asked)
      .when(pay, contextOf({ requester: PORTAL }))
      .then([{ type: 'fee-paid', data: { obligation: 'f1', amount: 8000 } }]);
    expect(state).toMatchObject({
      situation: 'Received',
      facts: { obligations: { f1: { settled: { how: 'paid', at: at(60) } } } },
    });
  });

  it('finds the only open obligation by itself', () => {
    const { obligation: _obligation, ...unnamed } = pay.data as { obligation?: string };
    given(received, asked)
      .when({ type: 'record-payment', data: unnamed } as never, contextOf())
      .then([{ type: 'fee-paid', data: { obligation: 'f1' } }]);
    given(received, asked, happened('fee-requested', { obligation: 'f2' }))
      .when({ type: 'record-payment', data: unnamed } as never, contextOf())
      .thenRefused('FEE_NOT_REQUESTED');
  });

  it('sets the clock going again, the wait taken off', () => {
    const dueAt = later(DUE, 50 * 60_000);
    const state = given(received, stopped)
      .when(pay, contextOf())
      .then([
        { type: 'fee-paid' },
        { type: 'due-date-recomputed', data: { previousDueAt: DUE, dueAt, reason: 'fee-paid' } },
      ]);
    expect(state).toMatchObject({ situation: 'Received', facts: { due: { dueAt } } });
  });

  it('leaves the clock standing while something else is owed', () => {
    const state = given(received, stopped, happened('fee-requested', { obligation: 'f2' }))
      .when(pay, contextOf())
      .then([{ type: 'fee-paid' }]);
    expect(state).toMatchObject({ situation: 'AwaitingPayment', clockStoppedAt: at(10) });
  });

  it('moves no date where there is none', () => {
    const { dueAt: _dueAt, limit: _limit, ...unlimited } = received.event.data as { dueAt?: string; limit?: object };
    given({ ...received, event: { type: 'received', data: unlimited } as never }, stopped)
      .when(pay, contextOf())
      .then([{ type: 'fee-paid' }]);
  });

  it('is taken late too, for money that came is a fact', () => {
    const state = given(received, asked, happened('withdrawn'))
      .when(pay, contextOf())
      .then([{ type: 'fee-paid' }]);
    expect(state).toMatchObject({ situation: 'Withdrawn' });
  });

  it('is refused without a request, twice, in another amount, before its request, for a procedure that is gone', () => {
    given(received).when(pay, contextOf()).thenRefused('FEE_NOT_REQUESTED', { fee: 'f1' });
    given(received, asked, happened('fee-paid')).when(pay, contextOf()).thenRefused('FEE_ALREADY_PAID', { fee: 'f1' });
    given(received, asked)
      .when(commandOf('record-payment', { amount: 7999 }), contextOf())
      .thenRefused('AMOUNT_DIFFERS', { amount: 7999, requested: 8000 });
    given(received, asked)
      .when(pay, contextOf({ now: at(60), time: at(9) }))
      .thenRefused('TIME_BEFORE_REQUEST');
    given(received, stopped)
      .when(pay, contextOf({ procedures: { ...proceduresWith({}), findDeadlines: () => undefined } }))
      .thenRefused('PROCEDURE_UNKNOWN');
  });
});

describe('waive-fee', () => {
  it('in full ends the obligation, and the wait', () => {
    const state = given(received, stopped)
      .when(commandOf('waive-fee'), contextOf())
      .then([
        { type: 'fee-waived', data: { remaining: 0 } },
        { type: 'due-date-recomputed', data: { reason: 'fee-waived' } },
      ]);
    expect(state).toMatchObject({
      situation: 'Received',
      facts: { obligations: { f1: { settled: { how: 'waived' } } } },
    });
  });

  it('in part leaves the rest to be paid', () => {
    const reduced = given(received, asked)
      .when(commandOf('waive-fee', { extent: 'reduced', remaining: 3000 }), contextOf())
      .then([{ type: 'fee-waived' }]);
    expect(reduced).toMatchObject({ situation: 'AwaitingPayment', facts: { obligations: { f1: { amount: 3000 } } } });
    given(received, asked, happened('fee-waived', { extent: 'reduced', remaining: 3000 }))
      .when(commandOf('record-payment', { amount: 3000 }), contextOf())
      .then([{ type: 'fee-paid' }]);
  });

  it.each([
    { extent: 'full', remaining: 1 },
    { extent: 'reduced', remaining: 0 },
    { extent: 'reduced', remaining: 8000 },
  ] as const)('is refused where the rest does not fit: %j', (waiver) => {
    given(received, asked).when(commandOf('waive-fee', waiver), contextOf()).thenRefused('AMOUNT_DIFFERS');
  });

  it('is refused without a request, for what is settled, before its request', () => {
    const waive = commandOf('waive-fee');
    given(received).when(waive, contextOf()).thenRefused('FEE_NOT_REQUESTED');
    given(received, asked, happened('fee-paid')).when(waive, contextOf()).thenRefused('FEE_ALREADY_PAID');
    given(received, asked)
      .when(waive, contextOf({ now: at(60), time: at(9) }))
      .thenRefused('TIME_BEFORE_REQUEST');
  });
});
