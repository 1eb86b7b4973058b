/**
 * Where to go on in a partition. The offset is the caller's (it moves in the same transaction as what was recorded); here
 * it is held against what the broker has. Whatever does not fit is a gap: reading starts at the earliest record there
 * is, and the caller asks every sender for its line (design 6). The client never resets by itself.
 */
import type { MailboxOffset } from '#libs/use-cases';
import type { PartitionRange } from './admin.ts';

export type GapReason =
  /** The broker is another cluster than the one the offset was read from. */
  | 'CLUSTER_CHANGED'
  /** The partition begins before where it once began: it was made anew. */
  | 'START_WENT_BACK'
  /** The offset is beyond what the broker holds: it was made anew, or restored. */
  | 'BEYOND_END'
  /** The record before the offset is another than was read: the topic was made anew, and filled past the offset. */
  | 'RECORD_DIFFERS'
  /** Retention removed records that were not read. */
  | 'EXPIRED';

export interface MailboxGap {
  readonly topic: string;
  readonly partition: number;
  readonly reason: GapReason;
  /** What the caller had. */
  readonly stored: MailboxOffset;
  /** Cluster and offset from which reading goes on. */
  readonly clusterId: string;
  readonly from: string;
}
export interface Position {
  readonly next: string;
  readonly gap?: GapReason;
  /** What the record before `next` must be: reading begins with it, and it is not handed out again. */
  readonly before?: string;
}

function gapOf(stored: MailboxOffset, clusterId: string, range: PartitionRange): GapReason | undefined {
  const next = BigInt(stored.next);
  if (stored.clusterId !== clusterId) return 'CLUSTER_CHANGED';
  if (BigInt(range.low) < BigInt(stored.partitionStart)) return 'START_WENT_BACK';
  if (next > BigInt(range.high)) return 'BEYOND_END';
  if (next < BigInt(range.low)) return 'EXPIRED';
  return undefined;
}

/** A partition never read before begins at the earliest record, without a gap. */
export function choosePosition(stored: MailboxOffset | undefined, clusterId: string, range: PartitionRange): Position {
  if (!stored) return { next: range.low };
  const gap = gapOf(stored, clusterId, range);
  if (gap) return { next: range.low, gap };
  const canBeHeld = stored.mark !== undefined && BigInt(stored.next) > BigInt(range.low);
  return { next: stored.next, ...(canBeHeld && { before: stored.mark }) };
}
