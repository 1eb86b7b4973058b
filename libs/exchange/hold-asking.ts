/**
 * When a gap is asked for, of whom, and from which place on (wire format 2.2, `resend-wanted`). A gap has ten seconds to
 * close by itself. Then one question per stream: first to the node of the agency whose event waits, which holds what its
 * event stands on; if that does not help, to the other holders in turn, with growing pauses, and for the whole stream, since
 * the branch may part lower than it looks from here.
 *
 * Times are real milliseconds (`performance.now` or the like), never work time. Proved by `hold.spec.ts`.
 */
import { findLastKnown, formerNodesOf, superiorsOf, nodeOf, type Directory } from '#libs/directory';
import {
  agencyInName,
  formatStreamSeq,
  isAgencyCode,
  splitSource,
  splitSubject,
  type AgencyCode,
  type Instant,
  type NodeId,
} from '#libs/kernel';
import { pauseBefore } from './retry-pace.ts';

export const ASK_AFTER_MS = 10_000;
/** Held so much later than now: the clock was ahead and has been set back, and nobody knows how long it has been. */
const CLOCK_SET_BACK_MS = 300_000;
const PAUSES = { firstMs: ASK_AFTER_MS, longestMs: 600_000 };

/** An event held with `GAP`. */
export interface Gap {
  readonly subject: string;
  /** Source of the event that waits. */
  readonly source: string;
  /** Its place. */
  readonly streamseq: number;
  readonly heldSinceMs: number;
}
/** What was asked about a stream, kept by the caller as long as the process lives. */
export interface Asked {
  readonly times: number;
  readonly lastMs: number;
}
export interface Question {
  readonly subject: string;
  readonly to: NodeId;
  /** `data` of the `resend-wanted`. */
  readonly data: { readonly stream: string; readonly from: string };
}

export interface AskGround {
  readonly directory: Directory;
  /** Work time: topology is asked of the directory at it. */
  readonly at: Instant;
  readonly nowMs: number;
  readonly ownNode: NodeId;
  /** Place of the last event on the main branch held, by stream; absent: nothing held. */
  readonly heads: ReadonlyMap<string, number>;
  readonly parties: ReadonlyMap<string, readonly AgencyCode[]>;
}

/** At most one question per stream; streams whose pause has not passed are left out. */
export function questionsFor(
  gaps: readonly Gap[],
  asked: ReadonlyMap<string, Asked>,
  ground: AskGround,
): readonly Question[] {
  const due = new Map<string, Gap>();
  for (const gap of gaps) {
    if (!isDue(gap, asked.get(gap.subject), ground.nowMs)) continue;
    const known = due.get(gap.subject);
    if (!known || gap.streamseq < known.streamseq) due.set(gap.subject, gap);
  }
  return [...due.values()].flatMap((gap) => questionFor(gap, asked.get(gap.subject)?.times ?? 0, ground));
}

function isDue(gap: Gap, asked: Asked | undefined, nowMs: number): boolean {
  const heldMs = nowMs - gap.heldSinceMs;
  if (heldMs < ASK_AFTER_MS && heldMs > -CLOCK_SET_BACK_MS) return false;
  return !asked || nowMs - asked.lastMs >= pauseBefore(gap.subject, asked.times - 1, PAUSES);
}

function questionFor(gap: Gap, times: number, ground: AskGround): readonly Question[] {
  const holders = likelyHolders(gap, ground);
  const to = holders[times % Math.max(holders.length, 1)];
  if (to === undefined) return [];
  const behind = (ground.heads.get(gap.subject) ?? 0) + 1;
  const from = times === 0 ? Math.max(1, Math.min(behind, gap.streamseq - 1)) : 1;
  return [{ subject: gap.subject, to, data: { stream: gap.subject, from: formatStreamSeq(from) } }];
}

/** The node whose event waits, then the parties' nodes, then their superiors', then those where parties once were; without the own one. */
export function likelyHolders(
  gap: Pick<Gap, 'subject' | 'source'>,
  ground: Omit<AskGround, 'nowMs' | 'heads'>,
): readonly NodeId[] {
  const { directory, at } = ground;
  const source = splitSource(gap.source);
  const first = splitSubject(gap.subject).name.split('/')[0] ?? '';
  const agencies = [
    ...(source?.kind === 'agency' ? [source.name as AgencyCode] : []),
    ...(isAgencyCode(first) ? [agencyInName(gap.subject)] : []),
    ...(ground.parties.get(gap.subject) ?? []),
  ];
  const superiors = agencies.flatMap((agency) => superiorsOf(directory, agency, at));
  const nodes = [
    source?.kind === 'node' ? (source.name as NodeId) : undefined,
    ...agencies.map((agency) => findLastKnown(directory, agency, at)?.node),
    ...superiors.map((agency) => nodeOf(directory, agency, at)),
    ...agencies.flatMap((agency) => formerNodesOf(directory, agency, at)),
  ];
  return [...new Set(nodes)].filter((node) => node !== undefined && node !== ground.ownNode) as readonly NodeId[];
}

/** What the caller keeps after it has sent the questions. */
export function askedAfter(
  asked: ReadonlyMap<string, Asked>,
  questions: readonly Question[],
  nowMs: number,
): ReadonlyMap<string, Asked> {
  const next = new Map(asked);
  for (const { subject } of questions) next.set(subject, { times: (next.get(subject)?.times ?? 0) + 1, lastMs: nowMs });
  return next;
}
