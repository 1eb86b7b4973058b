/** G1, G3, G4, G5, G12 in simulated worlds of more nodes. */
import { describe, it, jest } from '@jest/globals';
import { allHold } from './holds.ts';

jest.setTimeout(600_000);

describe('a simulated world', () => {
  it('keeps every promise at 5 nodes', () => allHold(5, 1, 60));
  it('keeps every promise at 9 nodes', () => allHold(9, 1, 20));
});
