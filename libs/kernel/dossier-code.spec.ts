import { describe, expect, it } from '@jest/globals';
import { comparableCode, currentAgencyCode } from './index.ts';

describe('codes of two generations', () => {
  // The examples of the domain reference, 3.1.
  it.each([
    ['000.00.19.H26', 'H26.19'],
    ['000.17.22.H56', 'H56.22.17'],
    ['000.00.00.G17', 'G17'],
    ['000.17.00.H56', 'H56.00.17'],
    ['001.17.22.H56', 'H56.22.17.001'],
    ['H26.129.05', 'H26.129.05'],
    ['0.17.22.H56', '0.17.22.H56'],
  ])('%s is compared as %s', (old, current) => {
    expect(currentAgencyCode(old)).toBe(current);
    expect(comparableCode(`${old}-230614-9001`)).toBe(`${current}-230614-9001`);
  });

  it('conversion changes nothing twice, and touches no other code', () => {
    for (const code of ['H56.22.17-230614-9001', 'G22.99-230614-000123', 'SO-TAY-000.17.22.H56', '', '-', 'á'])
      expect(comparableCode(code)).toBe(code);
  });

  it('takes the beginning of a code too', () => {
    expect(comparableCode('000.17.22.H56-23')).toBe('H56.22.17-23');
  });
});
