import { describe, expect, it } from '@jest/globals';
import type { Hash } from '#libs/kernel';
import { strongest } from './recipients-deliveries.ts';
import type { OpeningDue } from './recipients-openings.ts';

const due = (event: string, pointers: OpeningDue['pointers'], purpose = 'forwarded'): OpeningDue => ({
  event: event as Hash,
  pointers,
  purpose,
});

/** One message to a node may carry what two duties of it may see: neither more nor less. */
describe('a node with two duties about one event', () => {
  it('sees what either of them sees', () => {
    expect(strongest([due('a', ['/x', '/y']), due('a', ['/y', '/z']), due('b', ['/x'])])).toEqual([
      due('a', ['/x', '/y', '/z']),
      due('b', ['/x']),
    ]);
  });

  it('sees everything when one of them does, whichever comes first', () => {
    expect(strongest([due('a', 'all'), due('a', ['/x'])])).toEqual([due('a', 'all')]);
    expect(strongest([due('a', ['/x']), due('a', 'all')])).toEqual([due('a', 'all')]);
  });
});
