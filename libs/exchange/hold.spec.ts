import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AgencyInterval, AgencyStatement } from '#libs/directory';
import type { AgencyCode, Instant, NodeId, Sha256 } from '#libs/kernel';
import { admitAll, HOLD_BOUNDS, type Admitted, type HeldCounts, type HoldBounds } from './hold.ts';
import { askedAfter, likelyHolders, questionsFor, type Asked, type AskGround, type Gap } from './hold-asking.ts';
import { directoryOf, DOSSIER, GIA_LAM } from './judge.builders.ts';

const NONE: HeldCounts = { total: 0, bySource: new Map() };
interface Row {
  readonly source: string;
}
const from = (source: string, count: number): readonly Row[] => Array.from({ length: count }, () => ({ source }));
const sourcesOf = (rows: readonly Row[]): readonly string[] => rows.map(({ source }) => source);

/** What is held after a batch. */
function countsAfter(counts: HeldCounts, { admitted, evicted }: Admitted<Row>): HeldCounts {
  const bySource = new Map(counts.bySource);
  for (const [source, count] of evicted) bySource.set(source, (bySource.get(source) ?? 0) - count);
  for (const { source } of admitted) bySource.set(source, (bySource.get(source) ?? 0) + 1);
  return { total: [...bySource.values()].reduce((a, b) => a + b, 0), bySource };
}
const after = (rows: readonly Row[], bounds: HoldBounds): HeldCounts => countsAfter(NONE, admitAll(NONE, rows, bounds));

describe('what is held', () => {
  it('is bounded per source: who floods fills its own share', () => {
    const flood = admitAll(NONE, from('flood', 10_000), HOLD_BOUNDS);
    expect(flood.admitted).toHaveLength(HOLD_BOUNDS.perSource);
    expect(flood.dropped).toHaveLength(10_000 - HOLD_BOUNDS.perSource);
    const other = admitAll(countsAfter(NONE, flood), from('other', 1), HOLD_BOUNDS);
    expect([sourcesOf(other.admitted), other.evicted.size]).toEqual([['other'], 0]);
  });

  it('is bounded in all, and gives a source with little its place at the cost of the largest', () => {
    const bounds = { perSource: 4, inAll: 6 };
    const full = after([...from('a', 4), ...from('b', 2)], bounds);
    const { admitted, dropped, evicted } = admitAll(full, [...from('b', 1), ...from('b', 1), ...from('c', 1)], bounds);
    expect([sourcesOf(admitted), sourcesOf(dropped)]).toEqual([['b', 'c'], ['b']]);
    expect([...evicted]).toEqual([['a', 2]]);
  });

  it('counts who has to go, among what was held before', () => {
    const bounds = { perSource: 4, inAll: 4 };
    const held = after(from('a', 4), bounds);
    const done = admitAll(held, [...from('b', 1), ...from('c', 1), ...from('a', 1)], bounds);
    expect(sourcesOf(done.admitted)).toEqual(['b', 'c']);
    expect([...done.evicted]).toEqual([['a', 2]]);
    expect(countsAfter(held, done).total).toBe(4);
  });

  it('takes from what came with the same batch first: it is the youngest', () => {
    const done = admitAll(NONE, [...from('a', 6), ...from('b', 2)], { perSource: 9, inAll: 6 });
    expect([sourcesOf(done.admitted), done.dropped, done.evicted.size]).toEqual([
      ['a', 'a', 'a', 'a', 'b', 'b'],
      from('a', 2),
      0,
    ]);
  });

  it('never passes its bounds, and gives each of n sources its nth part', () => {
    const bounds = { perSource: 5, inAll: 12 };
    const names = ['a', 'b', 'c', 'd', 'e'];
    fc.assert(
      fc.property(fc.array(fc.array(fc.constantFrom(...names), { maxLength: 20 }), { maxLength: 6 }), (batches) => {
        let counts = NONE;
        for (const batch of batches) {
          const done = admitAll(
            counts,
            batch.map((source) => ({ source })),
            bounds,
          );
          const before = counts;
          counts = countsAfter(counts, done);
          expect(done.admitted.length + done.dropped.length).toBe(batch.length);
          expect(counts.total).toBeLessThanOrEqual(bounds.inAll);
          for (const name of names) {
            const own = counts.bySource.get(name) ?? 0;
            const asked = (before.bySource.get(name) ?? 0) + batch.filter((source) => source === name).length;
            expect(own).toBeGreaterThanOrEqual(Math.min(asked, Math.floor(bounds.inAll / names.length)));
            expect(own).toBeLessThanOrEqual(bounds.perSource);
          }
        }
      }),
    );
  });
});

const sha256: Sha256 = (bytes) => createHash('sha256').update(bytes).digest();
const directory = directoryOf(GIA_LAM, sha256);
const ground: AskGround = {
  directory,
  at: '2023-06-16T00:00:00.000Z' as Instant,
  nowMs: 20_000,
  ownNode: 'hanoi-city' as NodeId,
  heads: new Map([[DOSSIER, 2]]),
  parties: new Map([[DOSSIER, ['H26.129.05', 'H26.129'] as AgencyCode[]]]),
};
const gap: Gap = { subject: DOSSIER, source: 'urn:lienthong:agency:H26.130', streamseq: 9, heldSinceMs: 10_000 };
const NEVER: ReadonlyMap<string, Asked> = new Map();

describe('a gap', () => {
  it('is asked for after ten seconds, of the node whose event waits, from the first place missing', () => {
    expect(questionsFor([gap], NEVER, { ...ground, nowMs: 19_999 })).toEqual([]);
    expect(questionsFor([gap], NEVER, ground)).toEqual([
      { subject: DOSSIER, to: 'other-district', data: { stream: DOSSIER, from: '0000000003' } },
    ]);
  });

  it('is asked for from the place before it where that lies lower than the head: another branch', () => {
    const low = { ...gap, streamseq: 2 };
    expect(questionsFor([low], NEVER, ground)[0]?.data.from).toBe('0000000001');
    expect(
      questionsFor([{ ...gap, streamseq: 3 }], NEVER, { ...ground, heads: new Map([[DOSSIER, 7]]) })[0]?.data.from,
    ).toBe('0000000002');
  });

  it('is asked for once per stream, however many events wait, and again after growing pauses', () => {
    const many = Array.from({ length: 10_000 }, (_, index) => ({ ...gap, streamseq: 10 + index }));
    const first = questionsFor(many, NEVER, ground);
    expect(first).toHaveLength(1);
    let asked = askedAfter(NEVER, first, 20_000);
    const again = (nowMs: number): ReturnType<typeof questionsFor> => questionsFor([gap], asked, { ...ground, nowMs });
    expect(again(29_999)).toEqual([]);
    expect(again(30_000)).toHaveLength(1);
    asked = askedAfter(asked, again(30_000), 30_000);
    expect(again(44_999)).toEqual([]);
    expect(again(50_000)).toHaveLength(1);
  });

  it('is asked of the other holders in turn, for the whole stream', () => {
    const to = [0, 1, 2, 3].map(
      (times) => questionsFor([gap], new Map([[DOSSIER, { times, lastMs: -1e9 }]]), ground)[0],
    );
    expect(to.map((question) => question?.to)).toEqual([
      'other-district',
      'gialam-communes',
      'gialam-district',
      'other-district',
    ]);
    expect(to.slice(1).map((question) => question?.data.from)).toEqual(['0000000001', '0000000001', '0000000001']);
  });

  it('is asked last of a node that a party has left', () => {
    const commune = directory.agencies.get('H26.129.05' as AgencyCode) as AgencyStatement;
    const [before] = commune.intervals as [AgencyInterval];
    const since = '2023-06-10T17:00:00.000Z' as Instant;
    const moved = { ...before, from: since, node: 'new-node' as NodeId };
    const intervals = [{ ...before, to: since }, moved];
    const agencies = new Map(directory.agencies).set(commune.code, { ...commune, intervals });
    const holders = likelyHolders(gap, { ...ground, directory: { ...directory, agencies } });
    expect(holders).toContain('new-node');
    expect(holders.at(-1)).toBe('gialam-communes');
  });

  it('is asked of nobody but others: never of this node, of a node itself for its own streams', () => {
    expect(likelyHolders(gap, ground)).not.toContain('hanoi-city');
    const operation = {
      subject: 'operation/gialam-district/H26.129/2023-06',
      source: 'urn:lienthong:node:gialam-district',
    };
    expect(likelyHolders(operation, ground)).toEqual(['gialam-district']);
    const stranger = { ...gap, subject: 'operation/x/y/2023-06', source: 'urn:lienthong:agency:X99' };
    expect(questionsFor([stranger], NEVER, ground)).toEqual([]);
  });
});
