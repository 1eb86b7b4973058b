/**
 * How far a line is held, what is missing and what was refused (wire format 2.2 and 5):
 *
 * > `receipt` `{ "line", "contiguousUpTo", "missing": [[a,b]…≤100], "refused": [[n,code]…≤100], "logSize" }`;
 * > `contiguousUpTo`: highest n with 1…n delivered or refused; `logSize`: of the receiver's own log.
 *
 * A number is delivered when the hash that the manifest puts there is recorded, refused when it is quarantined, else missing
 * (also while held). Proved by `receipts.spec.ts`.
 */
import { isJsonObject, type Hash, type JsonObject, type JsonValue } from '#libs/kernel';
import type { InboundLine } from './manifests.ts';

export const RECEIPT_ENTRIES = 100;

/** From, to, both included. */
export type Range = readonly [number, number];
export interface Receipt {
  readonly line: number;
  readonly contiguousUpTo: number;
  readonly missing: readonly Range[];
  readonly refused: readonly (readonly [number, string])[];
  readonly logSize: number;
}

export interface Standing {
  readonly isRecorded: (hash: Hash) => boolean;
  /** The code under which the hash is quarantined. */
  readonly findRefusal: (hash: Hash) => string | undefined;
  /** Up to here every number was delivered or refused before; what is recorded stays so. */
  readonly contiguousBefore?: number;
}

/**
 * The first 100 missing ranges (they hold `contiguousUpTo` back) and the last 100 refused (the first were told before). Takes
 * as long as the hashes known are many: a manifest that names a `highest` beyond all measure costs one range.
 */
export function receiptOf(inbound: InboundLine, standing: Standing, logSize: number): Receipt {
  const floor = standing.contiguousBefore ?? 0;
  const missing: [number, number][] = [];
  const refused: (readonly [number, string])[] = [];
  let next = floor + 1;
  for (const [number, hash] of [...inbound.hashes].sort(([a], [b]) => a - b)) {
    const code = standing.isRecorded(hash) ? undefined : standing.findRefusal(hash);
    if (code !== undefined) refused.push([number, code]);
    if (number < next) continue;
    extend(missing, next, number - 1);
    if (code === undefined && !standing.isRecorded(hash)) extend(missing, number, number);
    next = number + 1;
  }
  extend(missing, next, inbound.highest);
  return {
    line: inbound.line,
    contiguousUpTo: missing[0] ? missing[0][0] - 1 : Math.max(inbound.highest, floor),
    missing: missing.slice(0, RECEIPT_ENTRIES),
    refused: refused.slice(-RECEIPT_ENTRIES),
    logSize,
  };
}

function extend(ranges: [number, number][], from: number, to: number): void {
  if (from > to) return;
  const last = ranges.at(-1);
  if (last?.[1] === from - 1) last[1] = to;
  else ranges.push([from, to]);
}

export const receiptData = ({ line, contiguousUpTo, missing, refused, logSize }: Receipt): JsonObject => ({
  line,
  contiguousUpTo,
  missing: missing.map(([from, to]) => [from, to]),
  refused: refused.map(([number, code]) => [number, code]),
  logSize,
});

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
const isPair = (value: JsonValue): value is readonly [JsonValue, JsonValue] =>
  Array.isArray(value) && value.length === 2;

/** `data` of a `receipt` message; undefined when it is none. Ranges lie above `contiguousUpTo`, in order. */
export function readReceipt(data: JsonValue | undefined): Receipt | undefined {
  if (!isJsonObject(data)) return undefined;
  const { line, contiguousUpTo, missing, refused, logSize } = data as Record<string, JsonValue | undefined>;
  if (!isCount(line) || line === 0 || !isCount(contiguousUpTo) || !isCount(logSize)) return undefined;
  const ranges = readRanges(missing, contiguousUpTo);
  const codes = readRefused(refused);
  return ranges && codes && { line, contiguousUpTo, missing: ranges, refused: codes, logSize };
}

function readRanges(value: JsonValue | undefined, after: number): readonly Range[] | undefined {
  if (!Array.isArray(value) || value.length > RECEIPT_ENTRIES) return undefined;
  const ranges: Range[] = [];
  let last = after;
  for (const pair of value as readonly JsonValue[]) {
    if (!isPair(pair) || !isCount(pair[0]) || !isCount(pair[1])) return undefined;
    if (pair[0] <= last || pair[1] < pair[0]) return undefined;
    last = pair[1];
    ranges.push([pair[0], pair[1]]);
  }
  return ranges;
}

function readRefused(value: JsonValue | undefined): readonly (readonly [number, string])[] | undefined {
  if (!Array.isArray(value) || value.length > RECEIPT_ENTRIES) return undefined;
  const refused: (readonly [number, string])[] = [];
  for (const pair of value as readonly JsonValue[]) {
    if (!isPair(pair) || !isCount(pair[0]) || typeof pair[1] !== 'string') return undefined;
    refused.push([pair[0], pair[1]]);
  }
  return refused;
}
