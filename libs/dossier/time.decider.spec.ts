import { describe, expect, it } from '@jest/globals';
import { commandOf, contextOf, DAY, DUE, given, happened, later } from '../testing/dossier-samples.ts';
import type { DossierEventData } from './index.ts';

const received = happened('received');
const newDueAt = later(DUE, DAY);
const extend = commandOf('extend-due-date', { dueAt: newDueAt });

describe('extend-due-date', () => {
  it('moves the due date, with the apology', () => {
    const state = given(received)
      .when(extend, contextOf())
      .then([{ type: 'due-date-extended', data: { previousDueAt: DUE, dueAt: newDueAt } }]);
    expect(state).toMatchObject({
      facts: { due: { dueAt: newDueAt }, extension: { previousDueAt: DUE, dueAt: newDueAt } },
    });
  });

  it('is announced at the latest on the day before, by the calendar of Viet Nam', () => {
    // 16:59:59.999 UTC of 14 June is the last millisecond of that day there; the dossier is due on 15 June.
    const lastMoment = '2023-06-14T16:59:59.999Z' as typeof DUE;
    given(received)
      .when(extend, contextOf({ now: lastMoment }))
      .then([{ type: 'due-date-extended' }]);
    given(received)
      .when(extend, contextOf({ now: later(lastMoment, 1) }))
      .thenRefused('EXTENSION_TOO_LATE', { dueAt: DUE });
  });

  it('counts by when it was announced, also when it is entered later', () => {
    given(received)
      .when(extend, contextOf({ now: later(DUE, DAY), time: later(DUE, -DAY) }))
      .then([{ type: 'due-date-extended' }]);
  });

  it('is possible once', () => {
    given(received, happened('due-date-extended', { dueAt: newDueAt }))
      .when(commandOf('extend-due-date', { dueAt: later(newDueAt, DAY) }), contextOf())
      .thenRefused('EXTENSION_USED', { dueAt: newDueAt });
  });

  it('stays used after the clock was started again', () => {
    const again = happened('due-date-recomputed', { dueAt: newDueAt });
    given(received, happened('due-date-extended'), again)
      .when(commandOf('extend-due-date', { dueAt: later(newDueAt, DAY) }), contextOf())
      .thenRefused('EXTENSION_USED');
  });

  it('gives time, and needs a date to move', () => {
    given(received)
      .when(commandOf('extend-due-date', { dueAt: DUE }), contextOf())
      .thenRefused('DUE_DATE_NOT_LATER', { dueAt: DUE });
    const { dueAt: _dueAt, limit: _limit, ...unlimited } = received.event.data as DossierEventData['received'];
    given({ ...received, event: { type: 'received', data: unlimited } })
      .when(extend, contextOf())
      .thenRefused('NO_DUE_DATE');
  });

  it('waits while the clock stands still', () => {
    given(received, happened('supplement-requested', { stage: 'after-receipt' }))
      .when(extend, contextOf())
      .thenRefused('COMMAND_NOT_ALLOWED');
  });
});
