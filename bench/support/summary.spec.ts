import { describe, expect, it } from '@jest/globals';
import { Chance } from '../../apps/load/chance.ts';
import { openLoad, zipf } from './open-loop.ts';
import { linesOf } from './summary.ts';
import { rowOf, verdictOf } from './targets.ts';

const figure = (name: string, callers: number, perSecond: number) => ({
  bench: 'append',
  name,
  callers,
  perSecond,
  timesFloor: perSecond / 1_000,
  p50TimesFloor: 3,
});
const asText = (lines: readonly object[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join('');

describe('the table of targets', () => {
  it('has what has a target, and that of the append, which is told by contenders', () => {
    const row = { bench: 'verify', unit: '× floor' };
    const lines = linesOf(
      asText([
        figure('floor', 32, 1_000),
        figure('whole', 32, 500),
        figure('emmett', 32, 250),
        figure('whole', 1, 100),
        { ...figure('append small', 32, 9), bench: 'size' },
        rowOf({ ...row, name: 'a', target: { atLeast: 0.7 } }, [0.1, 0.8, 0.9]),
        rowOf({ ...row, name: 'b' }, [1]),
      ]),
    );
    expect(lines.map(({ bench, name, unit, value }) => [bench, name, unit, value])).toEqual([
      ['append', 'whole act, 32 callers', '× floor', 0.5],
      ['append', 'whole act, 32 callers', '× emmett', 2],
      ['append', 'whole act, 1 caller, p50', '× floor', 3],
      ['verify', 'a', '× floor', 0.8],
    ]);
    expect(lines.map(verdictOf)).toEqual([
      '≥ 1.5  MISSED, 3.0 times below',
      '≥ 4  MISSED, 2.0 times below',
      '≤ 2  MISSED, 1.5 times above',
      '≥ 0.7  met',
    ]);
  });
});

describe('the open load', () => {
  it('starts work at its moment, whatever became of the work before', async () => {
    const intended: number[] = [];
    let waiting = 0;
    const stuck = Promise.withResolvers<void>();
    await openLoad({ perSecond: 1_000, seconds: 0.05, chance: new Chance('bench/spec') }, (at) => {
      intended.push(at);
      waiting += 1;
      if (waiting === 10) stuck.resolve();
      return stuck.promise;
    });
    expect(waiting).toBeGreaterThan(10);
    expect(intended).toEqual(intended.toSorted((a, b) => a - b));
  });

  it('chooses by Zipf', () => {
    const next = zipf(['a', 'b', 'c', 'd'], new Chance('bench/spec'));
    const counts = Map.groupBy(Array.from({ length: 4_000 }, next), (one) => one);
    const shares = ['a', 'b', 'c', 'd'].map((one) => Math.round(((counts.get(one)?.length ?? 0) / 4_000) * 10));
    expect(shares).toEqual([5, 2, 2, 1]);
  });
});
