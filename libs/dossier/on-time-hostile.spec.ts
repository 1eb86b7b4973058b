import { describe, expect, it } from '@jest/globals';
import type { Instant } from '#libs/kernel';
import { happened, recordedHistory, validators } from '../testing/dossier-samples.ts';
import { fold, onTime } from './index.ts';

/** After every moment that has a date in Viet Nam within year 9999. */
const LAST = '9999-12-31T17:00:00.000Z' as Instant;
const BEFORE_ALL = '0000-01-01T00:00:00.000Z' as Instant;

describe('a due date that another agency states', () => {
  it('never makes the verdict throw: the state is one that the fold took', () => {
    const received = happened('received', { dueAt: LAST });
    expect(validators.validateOpen('dossier', 'received', 1, received.event.data as never)).toEqual([]);
    const { state, parked } = fold(recordedHistory([received, happened('resolved')]));
    expect(parked).toBeUndefined();
    expect(onTime(state, BEFORE_ALL).local).toBe('early');
  });

  it('nor does a wait that is longer than the calendar', () => {
    const { state, parked } = fold(
      recordedHistory([
        happened('received'),
        happened('supplement-requested', {}, { time: '0000-01-01T00:00:00.000Z' as Instant }),
        happened(
          'supplement-provided',
          { complete: true, previousDueAt: undefined, dueAt: undefined },
          { time: '9999-12-31T00:00:00.000Z' as Instant },
        ),
        happened('resolved'),
      ]),
    );
    expect(parked).toBeUndefined();
    expect(() => onTime(state, BEFORE_ALL)).not.toThrow();
  });
});
