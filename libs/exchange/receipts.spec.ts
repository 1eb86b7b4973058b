import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Hash, JsonValue } from '#libs/kernel';
import {
  applyManifest,
  isReminderDue,
  manifestData,
  manifestsOf,
  readManifest,
  type InboundLine,
  type Manifest,
} from './manifests.ts';
import { readReceipt, receiptData, receiptOf, type Receipt, type Standing } from './receipts.ts';
import {
  isSaidAgain,
  meaningOf,
  namesNothing,
  numbersOpen,
  resendingAfter,
  type MissingSince,
} from './receipts-resending.ts';

const hash = (number: number): Hash => String(number).padStart(43, 'h') as Hash;
const manifest = (line: number, first: number, numbers: readonly number[], highest: number): Manifest => ({
  line,
  first,
  hashes: numbers.map(hash),
  highest,
});
const inbound = (...manifests: readonly Manifest[]): InboundLine =>
  manifests.reduce<InboundLine | undefined>(
    (line, next) => applyManifest(line, next).inbound,
    undefined,
  ) as InboundLine;
const standing = (recorded: readonly number[], refused: Readonly<Record<number, string>> = {}): Standing => ({
  isRecorded: (one) => recorded.includes(Number(one.replace(/h/g, ''))),
  findRefusal: (one) => refused[Number(one.replace(/h/g, ''))],
});
const TEN = Array.from({ length: 10 }, (_, index) => index + 1);

describe('a manifest', () => {
  const vectors = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../test/fixtures/wire-vectors.json'), 'utf8'),
  ) as {
    exchange: Record<string, { message: string }>;
  };
  const dataOf = (name: string): JsonValue =>
    (JSON.parse(vectors.exchange[name]?.message ?? '{}') as { data: JsonValue }).data;

  it('is read from the vectors, and written the same', () => {
    const read = readManifest(dataOf('manifest')) as Manifest;
    expect(manifestData(read)).toEqual(dataOf('manifest'));
    expect(receiptData(readReceipt(dataOf('receipt')) as Receipt)).toEqual(dataOf('receipt'));
  });

  it.each<[string, JsonValue]>([
    ['no object', []],
    ['line 0', { line: 0, first: 1, hashes: [], highest: 0 }],
    ['a number below 1', { line: 1, first: 0, hashes: [], highest: 0 }],
    ['a hash that is none', { line: 1, first: 1, hashes: ['x'], highest: 1 }],
    [
      'more than 1000 hashes',
      { line: 1, first: 1, hashes: Array.from({ length: 1001 }, (_, n) => hash(n)), highest: 1001 },
    ],
    ['hashes above its highest', { line: 1, first: 2, hashes: [hash(2)], highest: 1 }],
    ['a fraction', { line: 1, first: 1.5, hashes: [], highest: 2 }],
  ])('is none: %s', (_, data) => {
    expect(readManifest(data)).toBeUndefined();
  });

  it('names what was sent run by run, at most 1000 hashes each', () => {
    const sent = [...TEN.slice(0, 3), ...TEN.slice(4)].map((number) => ({ number, hash: hash(number) }));
    expect(manifestsOf(1, sent, 12).map(({ first, hashes, highest }) => [first, hashes.length, highest])).toEqual([
      [1, 3, 12],
      [5, 6, 12],
    ]);
    const long = Array.from({ length: 2001 }, (_, index) => ({ number: index + 1, hash: hash(index) }));
    expect(manifestsOf(1, long, 2001).map(({ first, hashes }) => [first, hashes.length])).toEqual([
      [1, 1000],
      [1001, 1000],
      [2001, 1],
    ]);
    expect(manifestsOf(1, [], 5)).toEqual([{ line: 1, first: 5, hashes: [], highest: 5 }]);
    expect(readManifest(manifestData(manifestsOf(1, [], 5)[0] as Manifest))).toBeDefined();
  });

  it('is repeated after 60 s until a receipt covers what was sent', () => {
    const line = { sent: 5, contiguousUpTo: 4, lastManifestMs: 0 };
    expect(isReminderDue(line, 59_999)).toBe(false);
    expect(isReminderDue(line, 60_000)).toBe(true);
    expect(isReminderDue({ ...line, contiguousUpTo: 5 }, 60_000)).toBe(false);
  });

  it('gives a number its hash once; another one is a contradiction and changes nothing', () => {
    const line = inbound(manifest(1, 1, [1, 2], 2));
    const again = applyManifest(line, { line: 1, first: 2, hashes: [hash(9), hash(3)], highest: 3 });
    expect(again.contradicted).toEqual([2]);
    expect([...again.inbound.hashes.values()]).toEqual([hash(1), hash(2), hash(3)]);
  });

  it('begins anew with a later line, and takes nothing of an earlier one', () => {
    const line = inbound(manifest(1, 1, [1, 2], 2), manifest(2, 1, [7], 1));
    expect(line).toEqual({ line: 2, highest: 1, hashes: new Map([[1, hash(7)]]) });
    expect(applyManifest(line, manifest(1, 3, [3], 3))).toEqual({ inbound: line, contradicted: [], stale: true });
  });
});

describe('a receipt', () => {
  it('says how far the line is held, what is missing and what was refused', () => {
    const line = inbound(manifest(1, 1, TEN, 12));
    expect(receiptOf(line, standing([1, 2, 4, 7, 8, 9, 10], { 3: 'SIGNATURE' }), 77)).toEqual({
      line: 1,
      contiguousUpTo: 4,
      missing: [
        [5, 6],
        [11, 12],
      ],
      refused: [[3, 'SIGNATURE']],
      logSize: 77,
    });
  });

  it('is whole when everything is delivered or refused', () => {
    const line = inbound(manifest(1, 1, TEN, 10));
    expect(receiptOf(line, standing(TEN.slice(0, 9), { 10: 'NOT_ENTITLED' }), 9)).toMatchObject({
      contiguousUpTo: 10,
      missing: [],
    });
  });

  it('counts as missing what a manifest has not named yet', () => {
    expect(receiptOf(inbound(manifest(1, 9, [9, 10], 10)), standing([9, 10]), 2)).toMatchObject({
      contiguousUpTo: 0,
      missing: [[1, 8]],
    });
  });

  it('goes on from where the line was whole before', () => {
    const known = { ...standing([9, 10]), contiguousBefore: 8 };
    expect(receiptOf(inbound(manifest(1, 9, [9, 10], 10)), known, 2)).toMatchObject({
      contiguousUpTo: 10,
      missing: [],
    });
  });

  it('holds at most 100 ranges and 100 refusals, the lowest and the latest', () => {
    const numbers = Array.from({ length: 600 }, (_, index) => index + 1);
    const even = Object.fromEntries(numbers.filter((n) => n % 2 === 0).map((n) => [n, 'LINK']));
    const { missing, refused } = receiptOf(inbound(manifest(1, 1, numbers, 600)), standing([], even), 0);
    expect([missing.length, missing.at(-1)]).toEqual([100, [199, 199]]);
    expect([refused.length, refused[0]?.[0], refused.at(-1)?.[0]]).toEqual([100, 402, 600]);
  });

  it('costs nothing when a manifest names a highest beyond all measure', () => {
    const line = inbound(manifest(1, 1, [1], Number.MAX_SAFE_INTEGER));
    expect(receiptOf(line, standing([1]), 1).missing).toEqual([[2, Number.MAX_SAFE_INTEGER]]);
  });

  it.each<[string, JsonValue]>([
    ['no object', []],
    ['missing that is no list', { line: 1, contiguousUpTo: 0, missing: 'none', refused: [], logSize: 1 }],
    ['refused that is no list', { line: 1, contiguousUpTo: 0, missing: [], refused: 'none', logSize: 1 }],
    ['a range from behind', { line: 1, contiguousUpTo: 5, missing: [[3, 4]], refused: [], logSize: 1 }],
    ['a range backwards', { line: 1, contiguousUpTo: 0, missing: [[4, 3]], refused: [], logSize: 1 }],
    [
      'ranges out of order',
      {
        line: 1,
        contiguousUpTo: 0,
        missing: [
          [5, 6],
          [2, 3],
        ],
        refused: [],
        logSize: 1,
      },
    ],
    [
      '101 ranges',
      {
        line: 1,
        contiguousUpTo: 0,
        missing: Array.from({ length: 101 }, (_, n) => [2 * n + 1, 2 * n + 1]),
        refused: [],
        logSize: 1,
      },
    ],
    ['a code that is no text', { line: 1, contiguousUpTo: 0, missing: [], refused: [[1, 2]], logSize: 1 }],
    ['no log size', { line: 1, contiguousUpTo: 0, missing: [], refused: [] }],
    ['three in a pair', { line: 1, contiguousUpTo: 0, missing: [[1, 2, 3]], refused: [], logSize: 1 }],
  ])('is none: %s', (_, data) => {
    expect(readReceipt(data)).toBeUndefined();
  });

  it('accounts for every number, whatever arrived', () => {
    const fates = fc.array(fc.constantFrom('recorded', 'refused', 'held', 'unnamed'), { maxLength: 80 });
    fc.assert(
      fc.property(fates, (list) => {
        const at = (fate: string): readonly number[] => list.flatMap((one, index) => (one === fate ? [index + 1] : []));
        const named = list.flatMap((one, index) =>
          one === 'unnamed' ? [] : [manifest(1, index + 1, [index + 1], list.length)],
        );
        const line = inbound(manifest(1, 1, [], list.length), ...named);
        const receipt = receiptOf(
          line,
          standing(at('recorded'), Object.fromEntries(at('refused').map((n) => [n, 'LINK']))),
          0,
        );
        const missing = receipt.missing.flatMap(([a, b]) => Array.from({ length: b - a + 1 }, (_, index) => a + index));
        expect(missing).toEqual([...at('held'), ...at('unnamed')].sort((a, b) => a - b));
        expect(receipt.contiguousUpTo).toBe((missing[0] ?? list.length + 1) - 1);
        expect(readReceipt(receiptData(receipt))).toEqual(receipt);
      }),
    );
  });
});

describe('what a sender does about a receipt', () => {
  const receipt: Receipt = {
    line: 1,
    contiguousUpTo: 3,
    missing: [
      [4, 5],
      [9, 12],
    ],
    refused: [],
    logSize: 10,
  };
  const FRESH: MissingSince = new Map();

  it('sends again what stays missing for 10 s, and then waits twice as long, each number about so', () => {
    const first = resendingAfter(receipt, 10, { since: FRESH, nowMs: 0 });
    expect(first.due).toEqual([]);
    expect(resendingAfter(receipt, 10, { since: first.since, nowMs: 9_999 }).due).toEqual([]);
    const second = resendingAfter(receipt, 10, { since: first.since, nowMs: 10_000 });
    expect(second.due).toEqual([4, 5, 9, 10]);
    expect(resendingAfter(receipt, 10, { since: second.since, nowMs: 24_999 }).due).toEqual([]);
    expect(resendingAfter(receipt, 10, { since: second.since, nowMs: 30_000 }).due).toEqual([4, 5, 9, 10]);
  });

  it('forgets what has arrived, and starts the clock of each number for itself', () => {
    const first = resendingAfter(receipt, 10, { since: FRESH, nowMs: 0 });
    const later = { ...receipt, contiguousUpTo: 8, missing: [[9, 11]] as const };
    const second = resendingAfter(later, 11, { since: first.since, nowMs: 10_000 });
    expect(second.due).toEqual([9, 10]);
    expect([...second.since.keys()]).toEqual([9, 10, 11]);
  });

  it('knows what no receipt names at all, when the last manifest was lost as well', () => {
    const silent = { ...receipt, missing: [] };
    expect([...resendingAfter(silent, 6, { since: FRESH, nowMs: 0 }).since.keys()]).toEqual([4, 5, 6]);
  });

  it('follows a thousand numbers at a time, whatever the receipt asks for', () => {
    const all = { ...receipt, contiguousUpTo: 0, missing: [[1, Number.MAX_SAFE_INTEGER]] as const };
    expect(resendingAfter(all, 5_000_000, { since: FRESH, nowMs: 0 }).since.size).toBe(1000);
  });

  it('takes for a question what says of the line what was said before, whatever else has changed', () => {
    const whole: Receipt = { ...receipt, logSize: 11, refused: [[2, 'LINK']] };
    expect(isSaidAgain(whole, receipt)).toBe(true);
    expect(isSaidAgain({ ...receipt, contiguousUpTo: 4, missing: [[5, 5]] }, receipt)).toBe(false);
    expect(isSaidAgain({ ...receipt, missing: [[4, 5]] }, receipt)).toBe(false);
  });

  it('answers a question with all that was sent and is open, twenty thousand at a time', () => {
    expect(numbersOpen(receipt, 10)).toEqual([4, 5, 9, 10]);
    expect(numbersOpen({ contiguousUpTo: 3, missing: [] }, 6)).toEqual([4, 5, 6]);
    expect(numbersOpen({ contiguousUpTo: 6, missing: [] }, 6)).toEqual([]);
    expect(numbersOpen({ contiguousUpTo: 0, missing: [[1, Number.MAX_SAFE_INTEGER]] }, 5_000_000)).toHaveLength(20_000);
  });

  it('knows one that tells of no number', () => {
    const nothing: Receipt = { line: 1, contiguousUpTo: 0, missing: [], refused: [], logSize: 7 };
    expect(namesNothing(nothing)).toBe(true);
    expect(
      [{ contiguousUpTo: 1 }, { missing: [[1, 1]] as const }, { refused: [[1, 'LINK']] as const }].map((change) =>
        namesNothing({ ...nothing, ...change }),
      ),
    ).toEqual([false, false, false]);
  });

  it.each<[string, Partial<Receipt>, string]>([
    ['progress', {}, 'progress'],
    ['more than was ever sent', { contiguousUpTo: 21 }, 'own-node-restored'],
    ['a refusal of what was never sent', { refused: [[21, 'LINK']] }, 'own-node-restored'],
    ['a later line', { line: 3 }, 'own-node-restored'],
    ['a line that is over', { line: 1 }, 'old-line'],
    ['a log that has become smaller', { logSize: 9 }, 'peer-restored'],
  ])('reads from it: %s', (_, change, meaning) => {
    const own = { line: 2, highest: 20, before: { line: 2, contiguousUpTo: 3, logSize: 10 } };
    expect(meaningOf({ ...receipt, line: 2, ...change }, own)).toBe(meaning);
  });
});
