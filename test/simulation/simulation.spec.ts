/**
 * G1, G3, G4, G5, G12 in simulated worlds: hundreds of seeds. Larger worlds, kept failures, restored databases and planted
 * faults stand in files beside this one: a file is one worker's.
 */
import { describe, expect, it, jest } from '@jest/globals';
import { allHold } from './holds.ts';
import { simulate } from './simulate.ts';

jest.setTimeout(600_000);

describe('a simulated world', () => {
  it('is the same for the same seed', async () => {
    const [first, second] = [await simulate({ seed: 'same', nodes: 5 }), await simulate({ seed: 'same', nodes: 5 })];
    expect(first.events).toBeGreaterThan(50);
    expect(first.acknowledged).toBeGreaterThan(20);
    expect(second).toEqual(first);
  });

  it('keeps every promise at 3 nodes', () => allHold(3, 1, 120));
});
