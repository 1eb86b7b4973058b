import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { changesRedrive, pauseAfterBatch, redriveStateOf, type RedriveAct, type RedriveState } from './redrive.ts';

const ACTS = ['redrive-paused', 'redrive-resumed', 'redrive-cancelled'] as const satisfies readonly RedriveAct[];
const over = expect.objectContaining({ code: 'REDRIVE_OVER' });

describe('a redrive', () => {
  it.each<[readonly string[], boolean, RedriveState]>([
    [[], false, 'running'],
    [['redrive-paused'], false, 'paused'],
    [['redrive-paused', 'redrive-resumed'], false, 'running'],
    [['redrive-paused', 'redrive-paused', 'redrive-resumed'], false, 'running'],
    [['redrive-resumed'], false, 'running'],
    [['redrive-cancelled', 'redrive-resumed'], false, 'cancelled'],
    [['redrive-paused', 'redrive-cancelled'], true, 'cancelled'],
    [[], true, 'finished'],
    [['redrive-paused'], true, 'finished'],
    [['something-later'], false, 'running'],
  ])('after %j (nothing left: %j) is %s', (acts, finished, state) => {
    expect(redriveStateOf(acts, finished)).toBe(state);
  });

  it('once cancelled stays so, whatever comes after', () => {
    const acts = fc.array(fc.constantFrom(...ACTS));
    fc.assert(
      fc.property(acts, acts, fc.boolean(), (before, after, finished) => {
        expect(redriveStateOf([...before, 'redrive-cancelled', ...after], finished)).toBe('cancelled');
      }),
    );
  });

  it('takes an act that changes something, passes over one that does not, refuses what comes too late', () => {
    expect(changesRedrive('running', 'redrive-paused')).toBe(true);
    expect(changesRedrive('paused', 'redrive-paused')).toBe(false);
    expect(changesRedrive('running', 'redrive-resumed')).toBe(false);
    expect(changesRedrive('cancelled', 'redrive-cancelled')).toBe(false);
    expect(() => changesRedrive('cancelled', 'redrive-resumed')).toThrow(over);
    expect(() => changesRedrive('finished', 'redrive-cancelled')).toThrow(over);
  });

  it('an act that is taken is one that the state shows', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...ACTS)), fc.constantFrom(...ACTS), (acts, act) => {
        const state = redriveStateOf(acts, false);
        fc.pre(state !== 'cancelled');
        expect(redriveStateOf([...acts, act], false) !== state).toBe(changesRedrive(state, act));
      }),
    );
  });

  it('never tries more in a minute than it may', () => {
    expect(pauseAfterBatch(50, 600)).toBe(5000);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 60_000 }), (tried, perMinute) => {
        const batches = 60_000 / pauseAfterBatch(tried, perMinute);
        expect(batches * tried).toBeLessThanOrEqual(perMinute + 1e-6);
      }),
    );
  });
});
