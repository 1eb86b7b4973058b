/**
 * A batch judged in order, as if each message were recorded before the next is looked at: what one commits to the ledger
 * together, later messages of the batch already stand on. A held event is judged again as soon as the one it waits for is
 * recorded, so a batch in any order ends the same way.
 *
 * Promises: every message has one last verdict; the verdicts stand in an order in which they can be recorded; nobody waits
 * for anybody but the event they name. Proved by `judge-order.spec.ts`.
 */
import type { Directory } from '#libs/directory';
import type { Hash, Instant, SealedMessage, Subject } from '#libs/kernel';
import { EMPTY_GRAPH, type StreamGraph } from './branches-graph.ts';
import { eventsWith } from './branches-kept.ts';
import { idKey, judgeOnGraph, judgeWithoutStream, type Judgement, type Known } from './judge.ts';

export interface Arrived {
  readonly sealed: SealedMessage;
  readonly tooEarly?: Instant;
}
export interface Judged {
  readonly sealed: SealedMessage;
  readonly judgement: Judgement;
  /** It was held, and judged again when the event it waited for had been recorded. */
  readonly afterWaiting: boolean;
}
export interface BatchGround {
  readonly graphs: ReadonlyMap<Subject, StreamGraph>;
  readonly known: Known;
  readonly directory: Directory;
  /** Messages held with a gap from earlier batches; those that nothing here sets free are not in the answer. */
  readonly waiting?: readonly SealedMessage[];
}

/** The graph with a message recorded by its verdict; any other verdict leaves it as it is. */
export function graphWith(graph: StreamGraph, sealed: SealedMessage, judgement: Judgement): StreamGraph {
  if (judgement.kind !== 'recorded' || !judgement.stream) return graph;
  const { head, expectedRevision } = judgement.stream;
  return {
    head: { ...head, subject: sealed.message.subject as Subject, revision: expectedRevision + 1 },
    events: eventsWith(graph.events, sealed),
  };
}

/** A held event; `slot`: where its verdict stands in the answer, absent for one from an earlier batch. */
interface Waiting {
  readonly sealed: SealedMessage;
  readonly slot?: number;
}
interface Desk {
  readonly graphs: Map<Subject, StreamGraph>;
  readonly ids: Map<string, Hash>;
  readonly hashes: Set<Hash>;
  readonly waiting: Map<Hash, Waiting[]>;
  readonly directory: Directory;
  /** Last verdicts by slot; a slot is given up when its message is judged again. */
  readonly judged: Map<number, Judged>;
  slots: number;
}

export function judgeInOrder(batch: readonly Arrived[], ground: BatchGround): readonly Judged[] {
  const desk: Desk = {
    graphs: new Map(ground.graphs),
    ids: new Map(ground.known.ids),
    hashes: new Set(ground.known.hashes),
    waiting: new Map(),
    directory: ground.directory,
    judged: new Map(),
    slots: 0,
  };
  for (const sealed of ground.waiting ?? []) wait(desk, sealed.message.prevhash as Hash, { sealed });
  for (const { sealed, tooEarly } of batch) settle(desk, { sealed }, judgeAt(desk, sealed, tooEarly));
  return [...desk.judged.values()];
}

function judgeAt(desk: Desk, sealed: SealedMessage, tooEarly?: Instant): Judgement {
  const early = tooEarly === undefined ? {} : { tooEarly };
  const known = { ids: desk.ids, hashes: desk.hashes };
  if (sealed.class !== 'event') return judgeWithoutStream(sealed, { known, ...early });
  const graph = desk.graphs.get(sealed.message.subject as Subject) ?? EMPTY_GRAPH;
  return judgeOnGraph(sealed, { graph, directory: desk.directory, known, ...early });
}

/** Puts a verdict into effect, then judges what had waited for the message, then what had waited for that. */
function settle(desk: Desk, first: Waiting, judgement: Judgement): void {
  enter(desk, first, { judgement, afterWaiting: false });
  const open = judgement.kind === 'recorded' ? takeWaiting(desk, first.sealed.hash) : [];
  for (let at = 0; at < open.length; at++) {
    const waiting = open[at] as Waiting;
    const again = judgeAt(desk, waiting.sealed);
    enter(desk, waiting, { judgement: again, afterWaiting: true });
    if (again.kind !== 'recorded') continue;
    for (const freed of takeWaiting(desk, waiting.sealed.hash)) open.push(freed);
  }
}

function enter(desk: Desk, { sealed, slot }: Waiting, verdict: Omit<Judged, 'sealed'>): void {
  const { judgement } = verdict;
  if (slot !== undefined) desk.judged.delete(slot);
  const newSlot = desk.slots++;
  desk.judged.set(newSlot, { sealed, ...verdict });
  if (judgement.kind === 'held' && judgement.waitsFor) wait(desk, judgement.waitsFor, { sealed, slot: newSlot });
  if (judgement.kind !== 'recorded') return;
  desk.ids.set(idKey(sealed), sealed.hash);
  desk.hashes.add(sealed.hash);
  if (!judgement.stream) return;
  const subject = sealed.message.subject as Subject;
  desk.graphs.set(subject, graphWith(desk.graphs.get(subject) ?? EMPTY_GRAPH, sealed, judgement));
}

function wait(desk: Desk, forHash: Hash, waiting: Waiting): void {
  const others = desk.waiting.get(forHash);
  if (others) others.push(waiting);
  else desk.waiting.set(forHash, [waiting]);
}

function takeWaiting(desk: Desk, hash: Hash): Waiting[] {
  const waiting = desk.waiting.get(hash) ?? [];
  desk.waiting.delete(hash);
  return waiting;
}
