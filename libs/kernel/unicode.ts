/**
 * Which text may stand in a message (wire format 1): code points assigned in Unicode 15.0, in NFC. For such strings NFC is
 * the same in every later Unicode version, so the platform's `normalize` may be used whatever version it knows.
 */
import { UNICODE_15_RANGES } from './unicode-15.generated.ts';

const BMP_SIZE = 0x10000;
/** All below are assigned: the end of the first range, Latin and its marks. */
const FIRST_GAP = 0x378;
const assignedInBmp = new Uint8Array(BMP_SIZE);
const firstBeyondBmp: number[] = [];
const lastBeyondBmp: number[] = [];
for (let at = 0; at < UNICODE_15_RANGES.length; at += 2) {
  const [first, last] = [UNICODE_15_RANGES[at] as number, UNICODE_15_RANGES[at + 1] as number];
  assignedInBmp.fill(1, first, Math.min(last + 1, BMP_SIZE));
  if (last < BMP_SIZE) continue;
  firstBeyondBmp.push(first);
  lastBeyondBmp.push(last);
}

function isAssignedBeyondBmp(codePoint: number): boolean {
  let low = 0;
  let high = firstBeyondBmp.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((firstBeyondBmp[middle] as number) <= codePoint) low = middle;
    else high = middle - 1;
  }
  return (firstBeyondBmp[low] as number) <= codePoint && codePoint <= (lastBeyondBmp[low] as number);
}

/** Every code point is assigned in Unicode 15.0, none is a surrogate or a noncharacter. */
export function isAssigned(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < FIRST_GAP || assignedInBmp[unit] === 1) continue;
    const codePoint = text.codePointAt(at) as number;
    if (codePoint < BMP_SIZE || !isAssignedBeyondBmp(codePoint)) return false;
    at++;
  }
  return true;
}

/** A piece that the platform normalizes in well under a millisecond even when it is made of nothing but marks. */
const PIECE = 2048;
/** Two code points, so that each neighbouring pair lies within some piece. */
const OVERLAP = 4;

const isPieceNfc = (text: string): boolean => text.normalize('NFC') === text;

/**
 * In NFC. The platform sorts a run of combining marks in quadratic time: 60,000 of them out of order would stop a node for
 * seconds. Every piece of a text in NFC is in NFC, so pieces are looked at first; where all pass, no neighbours are out of
 * order and the whole is read in linear time.
 */
export function isNfc(text: string): boolean {
  if (text.length <= PIECE) return isPieceNfc(text);
  for (let at = 0; at < text.length; at += PIECE - OVERLAP) {
    if (!isPieceNfc(text.slice(at, at + PIECE))) return false;
  }
  return isPieceNfc(text);
}
