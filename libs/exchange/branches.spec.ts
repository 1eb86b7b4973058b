import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { agencyInHand, agencySource } from '#libs/kernel';
import type { AgencyCode, Hand, Hash, Instant, SealedMessage, Sha256 } from '#libs/kernel';
import { NO_EVENT, toEventNode, type EventNode } from './branches-graph.ts';
import { branchesOf } from './branches.ts';
import { handAfterEvent } from './custody.ts';
import { eventSketcher } from './judge.builders.ts';

const sha256: Sha256 = (bytes) => createHash('sha256').update(bytes).digest();
const event = eventSketcher(sha256);
const followed = (...events: readonly SealedMessage[]): readonly string[] =>
  branchesOf(events.map(toEventNode)).main.map(({ name, source }) => `${name} by ${source.split(':').at(-1)}`);

const received = event({ by: 'A01', name: 'received', at: '14T01:00' });
const toB = event({ after: received, by: 'A01', name: 'forwarded', at: '14T02:00', data: { to: 'B01' } });
const acceptedByB = event({ after: toB, by: 'B01', name: 'custody-accepted', at: '14T03:00' });
const rehomed = (after: SealedMessage, at: string, { to = 'R01', version = '2023-06-01' } = {}): SealedMessage =>
  event({ after, by: 'R01', name: 'rehomed', at, data: { to, directoryVersion: `${version}T00:00:00.000Z` } });

describe('the branch that is followed', () => {
  it('is the whole stream where no place has two events', () => {
    const branches = branchesOf([acceptedByB, received, toB].map(toEventNode));
    expect(branches).toMatchObject({ superseded: [], contested: [], branched: false, fork: false });
    expect(branches.main.map(({ hash }) => hash)).toEqual([received.hash, toB.hash, acceptedByB.hash]);
  });

  it('is nobody’s where a custodian answers twice: the stream ends before the forked place', () => {
    const declined = event({ after: toB, by: 'B01', name: 'custody-declined', at: '14T03:01' });
    const branches = branchesOf([received, toB, acceptedByB, declined].map(toEventNode));
    expect(branches).toMatchObject({
      fork: true,
      forkAt: { streamseq: 3, after: toB.hash, sides: [acceptedByB.hash, declined.hash].sort() },
      superseded: [],
    });
    expect(branches.main.map(({ hash }) => hash)).toEqual([received.hash, toB.hash]);
    expect(new Set(branches.contested)).toEqual(new Set([acceptedByB.hash, declined.hash]));
  });

  it('is the one that another agency joined: a former custodian that signs its place again loses', () => {
    const again = event({ after: received, by: 'A01', name: 'withdrawn', at: '14T02:30' });
    const more = event({ after: again, by: 'A01', name: 'note', at: '14T02:31' });
    expect(branchesOf([received, again, toB].map(toEventNode)).fork).toBe(true);
    expect(followed(received, again, more, toB, acceptedByB)).toEqual([
      'received by A01',
      'forwarded by A01',
      'custody-accepted by B01',
    ]);
  });

  it('is the rehomer’s against the custodian’s own next events, however many', () => {
    const next = event({ after: acceptedByB, by: 'B01', name: 'note', at: '16T00:00' });
    const onward = event({ after: next, by: 'B01', name: 'resolved', at: '16T00:01' });
    const overtaken = rehomed(acceptedByB, '16T02:00');
    expect(branchesOf([received, toB, acceptedByB, next, onward, overtaken].map(toEventNode))).toMatchObject({
      fork: false,
      superseded: [next.hash, onward.hash],
    });
  });

  it('is the one of the later directory version where two were rehomed', () => {
    const older = rehomed(acceptedByB, '16T02:00', { to: 'C01' });
    const newer = rehomed(acceptedByB, '16T01:00', { to: 'D01', version: '2023-06-10' });
    expect(branchesOf([received, toB, acceptedByB, older, newer].map(toEventNode)).superseded).toEqual([older.hash]);
  });

  it('stays with a dossier that had moved on before the rehomed, and goes with one that moved on after it', () => {
    const toC = event({ after: acceptedByB, by: 'B01', name: 'forwarded', at: '16T00:00', data: { to: 'C01' } });
    const acceptedByC = event({ after: toC, by: 'C01', name: 'custody-accepted', at: '16T03:00' });
    const late = rehomed(acceptedByB, '16T03:01');
    const intime = rehomed(acceptedByB, '16T02:59');
    const sameMoment = rehomed(acceptedByB, '16T03:00');
    const base = [received, toB, acceptedByB, toC, acceptedByC];
    expect(branchesOf([...base, late].map(toEventNode)).superseded).toEqual([late.hash]);
    expect(branchesOf([...base, intime].map(toEventNode)).superseded).toEqual([toC.hash, acceptedByC.hash]);
    expect(branchesOf([...base, sameMoment].map(toEventNode)).superseded).toEqual([toC.hash, acceptedByC.hash]);
  });

  it('goes with the rehomed against an acceptance by the agency in whose hand the place was', () => {
    const overtaken = rehomed(toB, '14T05:00');
    expect(branchesOf([received, toB, acceptedByB, overtaken].map(toEventNode)).superseded).toEqual([acceptedByB.hash]);
  });

  it('is kept by a rehomed at the end of one side, even when the other side had moved on earlier', () => {
    const toC = event({ after: received, by: 'A01', name: 'forwarded', at: '14T02:01', data: { to: 'C01' } });
    const acceptedByC = event({ after: toC, by: 'C01', name: 'custody-accepted', at: '14T03:01' });
    const deceived = [received, toB, acceptedByB, toC, acceptedByC];
    expect(branchesOf(deceived.map(toEventNode))).toMatchObject({ fork: true, forkAt: { streamseq: 2 } });
    const ended = branchesOf([...deceived, rehomed(acceptedByB, '17T00:00')].map(toEventNode));
    expect(ended).toMatchObject({ fork: false, superseded: [toC.hash, acceptedByC.hash] });
    expect(ended.main.at(-1)?.name).toBe('rehomed');
  });

  it('weighs inside the sides of a fork as well, and lets a nested fork end by itself', () => {
    const twin = event({ by: 'A01', name: 'received', at: '14T01:30' });
    const again = event({ after: received, by: 'A01', name: 'withdrawn', at: '14T02:30' });
    const joined = event({ after: twin, by: 'A01', name: 'forwarded', at: '14T02:30', data: { to: 'B01' } });
    const joinedByB = event({ after: joined, by: 'B01', name: 'custody-accepted', at: '14T02:40' });
    const branches = branchesOf([received, again, toB, acceptedByB, twin, joined, joinedByB].map(toEventNode));
    expect(branches).toMatchObject({ main: [], fork: true, forkAt: { streamseq: 1 }, superseded: [again.hash] });
    expect(branches.contested).toHaveLength(6);
  });

  it('does not follow what leads nowhere, and counts nobody twice', () => {
    const stray = toEventNode(acceptedByB);
    expect(branchesOf([toEventNode(received), toEventNode(received), stray]).main.map(({ hash }) => hash)).toEqual([
      received.hash,
    ]);
  });

  it('follows 20,000 events without running out of stack', () => {
    const nodes: EventNode[] = [toEventNode(received)];
    for (let place = 2; place <= 20_000; place++) {
      const before = nodes[place - 2] as EventNode;
      nodes.push({ ...before, hash: `${place}` as Hash, prevhash: before.hash, streamseq: place, name: 'note' });
    }
    const beside = { ...(nodes[1] as EventNode), hash: 'beside' as Hash };
    expect(branchesOf([...nodes, beside])).toMatchObject({ fork: true, forkAt: { streamseq: 2 } });
    expect(branchesOf([...nodes, beside]).contested).toHaveLength(20_000);
  });
});

const AGENCIES = ['A01', 'B01', 'C01', 'R01'] as const;
const NAMES = ['note', 'forwarded', 'custody-accepted', 'custody-declined', 'rehomed'] as const;
/** Any tree of events at all, entitled or not: the rule has to have one answer for each set. */
const trees: fc.Arbitrary<readonly EventNode[]> = fc
  .array(
    fc.record({
      after: fc.nat(),
      root: fc.integer({ min: 0, max: 9 }),
      by: fc.constantFrom(...AGENCIES),
      name: fc.constantFrom(...NAMES),
      to: fc.constantFrom(...AGENCIES),
      minute: fc.integer({ min: 10, max: 40 }),
      version: fc.integer({ min: 1, max: 3 }),
    }),
    { minLength: 1, maxLength: 14 },
  )
  .map((sketches) => {
    const nodes: EventNode[] = [];
    sketches.forEach(({ after, root, by, name, to, minute, version }, index) => {
      const before = index === 0 || root === 0 ? undefined : nodes[after % index];
      const moves = name === 'forwarded' || name === 'rehomed';
      nodes.push({
        hash: `h${index}` as Hash,
        ...(before ? { prevhash: before.hash } : {}),
        streamseq: (before?.streamseq ?? 0) + 1,
        source: agencySource(by as AgencyCode),
        id: `${index}`,
        name: before ? name : 'received',
        recordedtime: `2023-06-14T01:${minute}:00.000Z` as Instant,
        ...(before && moves ? { to: to as AgencyCode } : {}),
        ...(before && name === 'rehomed' ? { directoryVersion: `2023-06-0${version}T00:00:00.000Z` as Instant } : {}),
      });
    });
    return nodes;
  });

/** The rule of the wire format as it is written, without any thought of speed. */
function asWritten(nodes: readonly EventNode[]): {
  main: readonly string[];
  superseded: readonly string[];
  fork: boolean;
} {
  const following = (hash: Hash): readonly EventNode[] => nodes.filter((node) => (node.prevhash ?? NO_EVENT) === hash);
  const branch = (first: EventNode): readonly EventNode[] => [first, ...following(first.hash).flatMap(branch)];
  const upTo = (hash: Hash | undefined): readonly EventNode[] => {
    const node = nodes.find((one) => one.hash === hash);
    return node ? [...upTo(node.prevhash), node] : [];
  };
  const counts = (node: EventNode): boolean => {
    const hand = upTo(node.prevhash).reduce<Hand | undefined>(handAfterEvent, undefined) as Hand;
    const siblings = following(node.prevhash ?? NO_EVENT).filter((sibling) => sibling !== node);
    return !siblings
      .flatMap(branch)
      .some(
        (other) =>
          other.name === 'custody-accepted' &&
          other.source !== agencySource(agencyInHand(hand)) &&
          other.recordedtime < node.recordedtime,
      );
  };
  const weight = (first: EventNode): string => {
    const all = branch(first);
    const versions = all
      .filter((node) => node.name === 'rehomed' && counts(node))
      .map((node) => node.directoryVersion ?? '');
    return `${versions.sort().at(-1) ?? ''}|${all.some((node) => node.source !== first.source) ? 1 : 0}`;
  };
  const superseded: string[] = [];
  const follow = (hash: Hash): { path: readonly string[]; fork: boolean } => {
    const children = following(hash);
    if (children.length === 0) return { path: [], fork: false };
    const best = children.map(weight).sort(byWeight).at(-1);
    for (const child of children)
      if (weight(child) !== best) superseded.push(...branch(child).map((node) => node.hash));
    const heaviest = children.filter((child) => weight(child) === best);
    const rest = heaviest.map((child) => ({ child, after: follow(child.hash) }));
    const [only, ...others] = rest as [(typeof rest)[0], ...typeof rest];
    if (others.length > 0) return { path: [], fork: true };
    return { path: [only.child.hash, ...only.after.path], fork: only.after.fork };
  };
  const { path, fork } = follow(NO_EVENT);
  return { main: path, superseded: superseded.sort(), fork };
}
const byWeight = (a: string, b: string): number => {
  const [versionA = '', joinedA = ''] = a.split('|');
  const [versionB = '', joinedB = ''] = b.split('|');
  if (versionA !== versionB) return versionA < versionB ? -1 : 1;
  return joinedA < joinedB ? -1 : 1;
};

describe('any tree of events', () => {
  it('has the history that the wire format describes, in whatever order it is given', () => {
    fc.assert(
      fc.property(
        trees.chain((nodes) =>
          fc.tuple(fc.constant(nodes), fc.shuffledSubarray([...nodes], { minLength: nodes.length })),
        ),
        ([nodes, shuffled]) => {
          const branches = branchesOf(shuffled);
          const expected = asWritten(nodes);
          expect(branches.main.map(({ hash }) => hash)).toEqual(expected.main);
          expect([...branches.superseded].sort()).toEqual(expected.superseded);
          expect(branches.fork).toBe(expected.fork);
          expect(branches).toEqual(branchesOf([...shuffled, ...nodes]));
        },
      ),
      { numRuns: 600 },
    );
  });

  it('loses no event: each is followed, superseded or contested, and only one of these', () => {
    fc.assert(
      fc.property(trees, (nodes) => {
        const { main, superseded, contested } = branchesOf(nodes);
        const all = [...main.map(({ hash }) => hash), ...superseded, ...contested];
        expect(all.toSorted()).toEqual(nodes.map(({ hash }) => hash).toSorted());
      }),
      { numRuns: 500 },
    );
  });
});
