/**
 * What a sender does about a receipt (wire format 2.2, design 6): what stays missing for 10 s it sends again unasked, and
 * what then is missing still, after pauses that grow (a peer that does not take it is not helped by more of it); a
 * receipt that knows of more than was ever sent says that the *sender* was restored, one whose log has become smaller that
 * the *receiver* was. Times are real milliseconds. Proved by `receipts.spec.ts`.
 */
import type { Receipt } from './receipts.ts';
import { pauseBefore } from './retry-pace.ts';

export const RESEND_AFTER_MS = 10_000;
const PAUSES = { firstMs: RESEND_AFTER_MS, longestMs: 600_000 };
/** Numbers followed per line at a time, lowest first: the rest comes when these are through. */
const WINDOW = 1000;
/** Numbers that one question of the receiver's has sent again: a mailbox that lost more is brought level step by step. */
const ASKED_WINDOW = 20_000;

export interface Missing {
  /** Since when it has been missing, or when it was last sent again. */
  readonly sinceMs: number;
  /** How often it was sent again. */
  readonly times: number;
}
export type MissingSince = ReadonlyMap<number, Missing>;
export interface Resending {
  /** To be sent again now, in order. */
  readonly due: readonly number[];
  readonly since: MissingSince;
}

/** `sent`: highest number that the broker has acknowledged; what lies above it is not missing but on its way. */
export function resendingAfter(
  receipt: Receipt,
  sent: number,
  { since, nowMs }: { readonly since: MissingSince; readonly nowMs: number },
): Resending {
  const next = new Map<number, Missing>();
  const due: number[] = [];
  for (const number of missingNumbers(receipt, sent, WINDOW)) {
    const { sinceMs, times } = since.get(number) ?? { sinceMs: nowMs, times: 0 };
    const isDue = nowMs - sinceMs >= pauseBefore(String(number), times, PAUSES);
    if (isDue) due.push(number);
    next.set(number, isDue ? { sinceMs: nowMs, times: times + 1 } : { sinceMs, times });
  }
  return { due, since: next };
}

type Told = Pick<Receipt, 'contiguousUpTo' | 'missing'>;

/** Numbers that were sent and that the receipt leaves open, for a receiver that asks for them. */
export const numbersOpen = (receipt: Told, sent: number): readonly number[] =>
  missingNumbers(receipt, sent, ASKED_WINDOW);

/** Whether a receipt says of the line what the last one said, or, as the first, nothing: then it is no progress, but a question. */
export const isSaidAgain = (receipt: Told, before: Told): boolean =>
  receipt.contiguousUpTo === before.contiguousUpTo && textOf(receipt.missing) === textOf(before.missing);
const textOf = (ranges: Told['missing']): string => ranges.map(([from, to]) => `${from}-${to}`).join();

/** Whether a receipt tells of no number at all. */
export const namesNothing = ({ contiguousUpTo, missing, refused }: Receipt): boolean =>
  contiguousUpTo === 0 && missing.length === 0 && refused.length === 0;

/** Numbers missing by the receipt, those sent and not even mentioned in a manifest that arrived included. */
function missingNumbers(receipt: Told, sent: number, most: number): readonly number[] {
  const numbers: number[] = [];
  const push = (from: number, to: number): void => {
    for (let number = from; number <= Math.min(to, sent) && numbers.length < most; number++) numbers.push(number);
  };
  for (const [from, to] of receipt.missing) push(from, to);
  if (receipt.missing.length === 0) push(receipt.contiguousUpTo + 1, sent);
  return numbers;
}

export interface OwnLine {
  readonly line: number;
  /** Highest number ever given on it. */
  readonly highest: number;
  /** From the receiver's receipt before this one. */
  readonly before?: Pick<Receipt, 'contiguousUpTo' | 'logSize' | 'line'>;
}
export type ReceiptMeaning =
  | 'progress'
  /** It knows more of this line, or a later line, than this node does: this node was restored from an old state. */
  | 'own-node-restored'
  /** It holds less than it did: the peer was restored; what it lacks is missing again and is sent by itself. */
  | 'peer-restored'
  /** About a line that is over. */
  | 'old-line';

export function meaningOf(receipt: Receipt, own: OwnLine): ReceiptMeaning {
  if (receipt.line < own.line) return 'old-line';
  if (receipt.line > own.line || highestNamed(receipt) > own.highest) return 'own-node-restored';
  const { before } = own;
  const shrunk = before?.line === receipt.line && receipt.logSize < before.logSize;
  return shrunk ? 'peer-restored' : 'progress';
}

const highestNamed = ({ contiguousUpTo, missing, refused }: Receipt): number =>
  [contiguousUpTo, ...missing.map(([, to]) => to), ...refused.map(([number]) => number)].reduce((a, b) =>
    Math.max(a, b),
  );
