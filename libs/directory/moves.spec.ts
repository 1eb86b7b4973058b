import { describe, expect, it } from '@jest/globals';
import type { AgencyCode, Instant, NodeId } from '#libs/kernel';
import { agency, interval, statement } from './directory.builders.ts';
import { emptyDirectory } from './directory.ts';
import { formerNodesOf, movesFrom } from './moves.ts';
import { takeStatements } from './taking.ts';

const [MOVED, STAYS, ENDED, BACK] = ['H26.129', 'H26.130', 'H26.131', 'H26.132'] as AgencyCode[];
const at = (node: string, from: string, to?: string) => interval(from, { node, ...(to === undefined ? {} : { to }) });
const statements = [
  agency(MOVED ?? '', {
    intervals: [
      at('one', '2023-01-01', '2023-06-10'),
      at('two', '2023-06-10', '2023-06-20'),
      at('three', '2023-06-20'),
    ],
  }),
  agency(STAYS ?? '', { intervals: [at('one', '2023-01-01')] }),
  agency(ENDED ?? '', { intervals: [at('one', '2023-01-01', '2023-06-10')] }),
  agency(BACK ?? '', {
    intervals: [at('one', '2023-01-01', '2023-06-10'), at('two', '2023-06-10', '2023-06-12'), at('one', '2023-06-12')],
  }),
].map((data, count) => statement({ data, at: `2023-01-02T00:0${count}` }));
const trusted = [{ keyId: 'hanoi#1', publicKey: new Uint8Array(32) }];
const { directory } = takeStatements(emptyDirectory(trusted), statements);
const moves = (node: string, now: string) => movesFrom(directory, node as NodeId, now as Instant);

describe('an agency has moved from a node', () => {
  it('when another one serves it now, however often it has moved since; not when it ended, or came back', () => {
    expect(moves('one', '2023-06-09T00:00:00.000Z')).toEqual([]);
    const june = { agency: MOVED, to: 'two', since: '2023-06-09T17:00:00.000Z' };
    expect(moves('one', '2023-06-15T00:00:00.000Z')).toEqual([june]);
    const last = { agency: MOVED, to: 'three', since: '2023-06-19T17:00:00.000Z' };
    for (const node of ['one', 'two'])
      expect(moves(node, '2023-06-25T00:00:00.000Z').filter((move) => move.agency === MOVED)).toEqual([last]);
    expect(moves('two', '2023-06-25T00:00:00.000Z').map((move) => move.agency)).toEqual([MOVED, BACK]);
  });

  it('which is told of its former nodes, the latest first', () => {
    const of = (now: string) => formerNodesOf(directory, MOVED as AgencyCode, now as Instant);
    expect(of('2023-06-01T00:00:00.000Z')).toEqual([]);
    expect(of('2023-06-25T00:00:00.000Z')).toEqual(['two', 'one']);
  });
});
