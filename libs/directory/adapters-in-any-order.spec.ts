import { describe, expect, it } from '@jest/globals';
import type { AgencyCode, Instant } from '#libs/kernel';
import { agency, interval, statement } from './directory.builders.ts';
import { adapterFor, emptyDirectory, takeStatements } from './index.ts';

const TRUSTED = [{ keyId: 'hanoi#1', publicKey: new Uint8Array(32) }];
const adapter = (code: string) =>
  agency(code, {
    intervals: [interval('2023-01-01', { level: 'service', parent: 'H26', services: ['national-portal-adapter'] })],
  });
const city = statement({ data: agency('H26', { intervals: [interval('2023-01-01', { level: 'city' })] }) });
const one = (at: string, streamseq = 1) => statement({ data: adapter('H26.901'), at, streamseq });
const other = (at: string, streamseq = 1) => statement({ data: adapter('H26.903'), at, streamseq });

/** Wire format 6: nodes that hold the same follow the same history, whatever came first; 7: compaction loses nothing. */
describe('two agencies named for one service', () => {
  it('give the same adapter to a node that read every statement and to one that read what compaction left', () => {
    const every = takeStatements(emptyDirectory(TRUSTED), [
      city,
      one('01T00:01'),
      other('01T00:02'),
      one('01T00:03', 2),
    ]);
    const compacted = takeStatements(emptyDirectory(TRUSTED), [city, other('01T00:02'), one('01T00:03', 2)]);
    const named = ({ directory }: typeof every) =>
      adapterFor(directory, 'national-portal-adapter', 'H26' as AgencyCode, '2023-06-14T00:00:00.000Z' as Instant);
    expect(named(compacted)).toBe(named(every));
  });
});
