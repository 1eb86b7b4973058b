import { describe, expect, it } from '@jest/globals';
import { at, DAY, DUE, given, happened, later, type Happened } from '../testing/dossier-samples.ts';
import { onTime, type DossierEventData } from './index.ts';

const received = happened('received');
const { dueAt: _dueAt, limit: _limit, ...data } = received.event.data as DossierEventData['received'];
const unlimited: Happened = { ...received, event: { type: 'received', data } };
const resolvedAt = (time: typeof DUE) => happened('resolved', {}, { time });
const asked = (time: typeof DUE) => happened('supplement-requested', { stage: 'after-receipt' }, { time });
/** As `decide` gives it: with the due date reckoned again. */
const provided = (time: typeof DUE, dueAt: typeof DUE = DUE) =>
  happened('supplement-provided', { stage: 'after-receipt', previousDueAt: DUE, dueAt }, { time });
/** As another program may give it: the due date left alone. */
const providedOnly = (time: typeof DUE) =>
  happened('supplement-provided', { stage: 'after-receipt', previousDueAt: undefined, dueAt: undefined }, { time });
const verdict = (history: readonly Happened[], until = later(DUE, 30 * DAY)) => onTime(given(...history).state, until);

describe('on time', () => {
  it('counts nothing that was not received', () => {
    expect(verdict([])).toEqual({ local: 'not-counted', scoring: 'not-counted', differ: false });
    expect(verdict([happened('submitted'), happened('intake-refused')])).toMatchObject({
      local: 'not-counted',
      scoring: 'not-counted',
    });
  });

  it.each([
    [later(DUE, -DAY), 'early', 'on-time', false],
    [later(DUE, -60_000), 'on-time', 'on-time', false],
    [DUE, 'on-time', 'on-time', false],
    // Same date in Viet Nam, a minute too late for the scoring: the two rules disagree on one day.
    [later(DUE, 60_000), 'on-time', 'overdue', true],
    [later(DUE, DAY), 'overdue', 'overdue', false],
  ] as const)('resolved at %s: %s by dates, %s by times', (time, local, scoring, differ) => {
    expect(verdict([received, resolvedAt(time)])).toEqual({ local, scoring, differ, endedAt: time });
  });

  it('counts the date in Viet Nam, not in Greenwich', () => {
    // 23:59 of 15 June and 00:01 of 16 June in Viet Nam are both 15 June in Greenwich.
    expect(verdict([received, resolvedAt('2023-06-15T16:59:00.000Z' as typeof DUE)]).local).toBe('on-time');
    expect(verdict([received, resolvedAt('2023-06-15T17:01:00.000Z' as typeof DUE)]).local).toBe('overdue');
  });

  it('takes the time of 9, also when 10 comes late', () => {
    const late = happened('result-returned', {}, { time: later(DUE, 9 * DAY) });
    expect(verdict([received, resolvedAt(at(60)), late])).toMatchObject({ scoring: 'on-time', endedAt: at(60) });
  });

  it('while running is overdue once it was due before the end of the period', () => {
    expect(verdict([received], DUE)).toMatchObject({ local: 'running', scoring: 'on-time' });
    expect(verdict([received], later(DUE, 1))).toEqual({ local: 'overdue', scoring: 'overdue', differ: false });
  });

  it('withdrawn is on time by dates, and by times as any end', () => {
    expect(verdict([received, happened('withdrawn', {}, { time: later(DUE, DAY) })])).toMatchObject({
      local: 'on-time',
      scoring: 'overdue',
      differ: true,
    });
  });

  it.each(['refused', 'stopped'] as const)('%s ends the clock', (end) => {
    expect(verdict([received, happened(end, {}, { time: at(60) })])).toMatchObject({
      local: 'early',
      scoring: 'on-time',
      endedAt: at(60),
    });
  });

  it('takes the time of the only supplement request while it is open', () => {
    expect(verdict([received, asked(at(60))])).toMatchObject({ scoring: 'on-time', endedAt: at(60) });
    expect(verdict([received, asked(later(DUE, 1))])).toMatchObject({ scoring: 'overdue' });
  });

  it('takes the wait off a due date that it did not move, once processing has ended', () => {
    const history = [received, asked(at(60)), providedOnly(later(at(60), DAY)), resolvedAt(later(DUE, DAY))];
    expect(verdict(history)).toMatchObject({ local: 'overdue', scoring: 'on-time', differ: true });
    expect(verdict(history.slice(0, 3))).toMatchObject({ scoring: 'overdue' });
  });

  it('never takes a wait off twice: a due date reckoned with it stands', () => {
    const moved = later(DUE, 10 * DAY);
    const waited = [received, asked(at(60)), provided(later(at(60), 10 * DAY), moved)];
    expect(verdict([...waited, resolvedAt(moved)])).toMatchObject({ local: 'on-time', scoring: 'on-time' });
    expect(verdict([...waited, resolvedAt(later(moved, 9 * DAY))])).toMatchObject({
      local: 'overdue',
      scoring: 'overdue',
      differ: false,
    });
  });

  it('nor when the date comes in an event of its own', () => {
    const moved = later(DUE, 10 * DAY);
    const again = happened('due-date-recomputed', { dueAt: moved, reason: 'supplement-provided' });
    const waited = [received, asked(at(60)), providedOnly(later(at(60), 10 * DAY)), again];
    expect(verdict([...waited, resolvedAt(later(moved, 9 * DAY))])).toMatchObject({ scoring: 'overdue' });
    const calendar = happened('due-date-recomputed', { dueAt: DUE, reason: 'calendar-changed' });
    const unmoved = [...waited.slice(0, 3), calendar, resolvedAt(later(DUE, 9 * DAY))];
    expect(verdict(unmoved)).toMatchObject({ scoring: 'on-time' });
  });

  it('is overdue when a supplement was asked for twice', () => {
    const twice = [received, asked(at(1)), provided(at(2)), asked(at(3)), provided(at(4)), resolvedAt(at(5))];
    expect(verdict(twice)).toMatchObject({ local: 'early', scoring: 'overdue' });
  });

  it('does not count requests before receipt', () => {
    const early = happened('supplement-requested', { stage: 'before-receipt' });
    const answered = happened('supplement-provided', { stage: 'before-receipt' });
    const twice = [happened('submitted'), early, answered, early, answered, received, resolvedAt(at(5))];
    expect(verdict(twice)).toMatchObject({ scoring: 'on-time' });
  });

  it('without a due date goes by the maximum limit, where there is one', () => {
    const state = given(unlimited, resolvedAt(at(600))).state;
    expect(onTime(state, DUE)).toMatchObject({ local: 'on-time', scoring: 'on-time' });
    expect(onTime(state, DUE, () => at(601))).toMatchObject({ scoring: 'on-time' });
    expect(onTime(state, DUE, () => at(599))).toMatchObject({ local: 'on-time', scoring: 'overdue', differ: true });
    expect(onTime(given(unlimited).state, DUE)).toMatchObject({ local: 'running' });
  });
});
