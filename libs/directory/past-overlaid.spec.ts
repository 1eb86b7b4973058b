import { describe, expect, it } from '@jest/globals';
import type { AgencyCode, Instant } from '#libs/kernel';
import { agency, interval, statement } from './directory.builders.ts';
import { emptyDirectory, nodeOf, takeStatement, takeStatements } from './index.ts';

const TRUSTED = [{ keyId: 'hanoi#1', publicKey: new Uint8Array(32) }];
const IN_MARCH = '2023-03-01T00:00:00.000Z' as Instant;
const closed = (node: string) => interval('2023-01-01', { to: '2023-06-01', node });
const open = interval('2023-06-01', { node: 'gialam-district' });

/** Wire format 7: a statement whose past contradicts the one held is not taken; design 2: one node at a time. */
describe('a later statement that lays another interval over a closed one', () => {
  it('is not taken: it changes who served the agency then', () => {
    const first = takeStatements(emptyDirectory(TRUSTED), [
      statement({ data: agency('H26.129', { intervals: [closed('gialam-district'), open] }), at: '02T00:00' }),
    ]).directory;
    const overlaid = statement({
      data: agency('H26.129', { intervals: [closed('elsewhere'), closed('gialam-district'), open] }),
      streamseq: 2,
      at: '03T00:00',
    });
    const { taken } = takeStatement(first, overlaid);
    expect(taken).toBe(false);
    const { directory } = takeStatements(first, [overlaid]);
    expect(nodeOf(directory, 'H26.129' as AgencyCode, IN_MARCH)).toBe('gialam-district');
  });
});
