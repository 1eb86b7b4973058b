import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { AgencyCode, Hash, Instant, NodeId } from '#libs/kernel';
import {
  branchesOf,
  deliveriesOfBranches,
  EMPTY_GRAPH,
  graphWith,
  judgeInOrder,
  judgeOnGraph,
  type EventNode,
} from './index.ts';
import { branchesKept } from './branches-kept.ts';
import { directoryOf, eventSketcher, GIA_LAM } from './judge.builders.ts';

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
const event = eventSketcher(sha256);
const directory = directoryOf(GIA_LAM, sha256);

/** A line of places, each claimed by two `rehomed` of one rehomer; counts how often a recorded time or a name is read. */
function looksAt(places: number): number {
  let looks = 0;
  const nodeAt = (place: number, hash: string, prevhash?: string): EventNode => ({
    hash: hash as Hash,
    ...(prevhash === undefined ? {} : { prevhash: prevhash as Hash }),
    streamseq: place,
    source: place === 1 ? 'urn:lienthong:agency:H26.129' : 'urn:lienthong:agency:H26',
    id: hash,
    get name() {
      looks += 1;
      return place === 1 ? 'received' : 'rehomed';
    },
    recordedtime: '2023-06-14T00:00:00.000Z' as Instant,
    to: 'H26.129' as AgencyCode,
    directoryVersion: '2023-06-01T00:00:00.000Z' as Instant,
  });
  const events = [nodeAt(1, 'a1')];
  for (let place = 2; place <= places; place++) {
    events.push(nodeAt(place, `a${place}`, `a${place - 1}`), nodeAt(place, `b${place}`, `a${place - 1}`));
  }
  branchesOf(events);
  return looks;
}

describe('what a branched stream costs', () => {
  it('grows with its events, not with their square', () => {
    expect(looksAt(800) / looksAt(400)).toBeLessThan(2.5);
  });

  it('is worked out once per event of a batch: each judgement begins with what the last one made', () => {
    const first = event({ by: 'H26.129.05', name: 'received', at: '14T00:00' });
    const sides = [1, 2, 3].map((index) =>
      event({ after: first, by: 'H26.129.05', name: 'noted', at: '14T00:01', data: { index } }),
    );
    let graph = EMPTY_GRAPH;
    for (const sealed of [first, ...sides]) {
      const judgement = judgeOnGraph(sealed, { graph, directory, known: { ids: new Map() } });
      const again = graphWith(graph, sealed, judgement);
      graph = graphWith(graph, sealed, judgement);
      expect(graph).toEqual(again);
      expect(branchesKept(graph.events)).toEqual(branchesOf([...graph.events]));
      expect(branchesKept(graph.events)).toBe(branchesKept(graph.events));
    }
  });

  it('sends each side of a fork once: one more side does not send all the others again', () => {
    const first = event({ by: 'H26.129.05', name: 'received', at: '14T00:00' });
    const sides = Array.from({ length: 20 }, (_, index) =>
      event({ after: first, by: 'H26.129.05', name: 'noted', at: '14T00:01', data: { index } }),
    );
    let graph = EMPTY_GRAPH;
    let sent = 0;
    for (const { sealed, judgement } of judgeInOrder(
      [first, ...sides].map((sealed) => ({ sealed })),
      {
        graphs: new Map(),
        known: { ids: new Map() },
        directory,
      },
    )) {
      graph = graphWith(graph, sealed, judgement);
      if (judgement.kind !== 'recorded' || judgement.stream?.head.branched !== true) continue;
      const sending = { ownNode: 'hanoi-city' as NodeId, directory };
      sent += deliveriesOfBranches(sealed, { graph, recorded: judgement }, sending).length;
    }
    const receivers = new Set(['gialam-communes', 'gialam-district', 'portal-adapter']).size;
    expect(sent).toBeLessThanOrEqual(sides.length * receivers);
  });
});
