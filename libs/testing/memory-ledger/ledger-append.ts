/** Appending a unit to a ledger in memory: the problems and their order are those of `lt.append`. */
import { DomainError, type Hash, type Instant, type NodeId, type Subject } from '#libs/kernel';
import type { AppendUnit, AppendVerdict, Arrival, Delivery, StreamChange } from '#libs/use-cases';
import {
  answerKey,
  idKey,
  isAnswered,
  lineKey,
  owedOf,
  receiverOf,
  rowOf,
  type Entry,
  type LedgerState,
  type Owed,
} from './ledger-state.ts';

/** Design 5: an idempotency key is known for 7 days. */
const KEY_LIFE_MS = 7 * 86_400_000;

export interface AppendContext {
  readonly now: Instant;
  readonly nowMs: number;
  readonly softwareVersion: string;
  readonly arrivals?: ReadonlyMap<Hash, Arrival>;
}

const eventsAdded = (unit: AppendUnit, subject: Subject): number =>
  unit.messages.filter(({ sealed: { message } }) => message.subject === subject && message.streamseq !== undefined)
    .length;

export function appendUnit(state: LedgerState, unit: AppendUnit, context: AppendContext): AppendVerdict {
  const problem = findProblem(state, unit, context);
  if (problem) return problem;
  const logIndexes = unit.messages.map((one) => addEntry(state, one, context));
  for (const change of unit.streams) changeStream(state, unit, change);
  noteCommands(state, logIndexes, context);
  for (const delivery of unit.deliveries) owe(state, delivery, context.now);
  const { idempotency: key } = unit;
  if (key)
    state.answers.set(answerKey(key.client, key.agency, key.key), {
      bodyHmac: key.bodyHmac,
      answer: key.answer,
      logIndexes,
      keptAtMs: context.nowMs,
    });
  return { kind: 'appended', logIndexes };
}

/** In this order: key, repeat or id, revision. */
const findProblem = (state: LedgerState, unit: AppendUnit, context: AppendContext): AppendVerdict | undefined =>
  findKnownKey(state, unit, context) ?? findKnownMessages(state, unit) ?? findConflict(state, unit);

function findKnownKey(
  state: LedgerState,
  { idempotency: key }: AppendUnit,
  { nowMs }: AppendContext,
): AppendVerdict | undefined {
  const kept = key && state.answers.get(answerKey(key.client, key.agency, key.key));
  if (!key || !kept || kept.keptAtMs <= nowMs - KEY_LIFE_MS) return undefined;
  if (kept.bodyHmac !== key.bodyHmac) return { kind: 'key-reused' };
  return { kind: 'repeat', logIndexes: kept.logIndexes, answer: kept.answer };
}

function findKnownMessages(state: LedgerState, { messages }: AppendUnit): AppendVerdict | undefined {
  const known = messages.map(({ sealed: { message } }) => state.byId.get(idKey(message.source, message.id)));
  const indexes = known.filter((index) => index !== undefined);
  if (indexes.length === 0) return undefined;
  if (messages.some(({ sealed }, at) => known[at] !== undefined && state.entries[known[at]]?.hash !== sealed.hash))
    return { kind: 'id-reused' };
  if (indexes.length === messages.length) return { kind: 'repeat', logIndexes: indexes };
  const subject = messages[0]?.sealed.message.subject as Subject;
  return { kind: 'conflict', subject, revision: revisionOf(state, subject) };
}

const revisionOf = (state: LedgerState, subject: Subject): number => state.streams.get(subject)?.head?.revision ?? 0;

function findConflict(state: LedgerState, { streams }: AppendUnit): AppendVerdict | undefined {
  const found = streams.find(({ subject, expectedRevision }) => revisionOf(state, subject) !== expectedRevision);
  return found && { kind: 'conflict', subject: found.subject, revision: revisionOf(state, found.subject) };
}

function addEntry(
  state: LedgerState,
  { sealed, effect }: AppendUnit['messages'][number],
  { now, softwareVersion, arrivals }: AppendContext,
): number {
  const logIndex = state.entries.length;
  const { message, hash, class: of } = sealed;
  const subject = message.subject as Subject;
  const before = state.entries.at(-1)?.appendedAt ?? now;
  const { hops: _, ...arrival } = arrivals?.get(hash) ?? { kind: 'local' as const, hops: 0 };
  const entry: Entry = {
    logIndex,
    appendedAt: before > now ? before : now,
    arrival,
    effect,
    softwareVersion,
    class: of,
    hash,
    bytes: sealed.bytes,
    sealed,
    subject,
  };
  state.entries.push(entry);
  state.byHash.set(hash, logIndex);
  state.byId.set(idKey(message.source, message.id), logIndex);
  if (message.causationhash !== undefined) rowOf(state.caused, message.causationhash as Hash, () => []).push(logIndex);
  const stream = rowOf(state.streams, subject, () => ({ subject, events: [] }));
  if (message.streamseq !== undefined && of === 'event') stream.events.push(logIndex);
  return logIndex;
}

function changeStream(state: LedgerState, unit: AppendUnit, { subject, expectedRevision, head }: StreamChange): void {
  const stream = rowOf(state.streams, subject, () => ({ subject, events: [] }));
  stream.head = { ...head, subject, revision: expectedRevision + eventsAdded(unit, subject) };
}

/** Keeps the list of commands that no outcome answers. A command may come after its outcome. */
function noteCommands(state: LedgerState, indexes: readonly number[], { arrivals }: AppendContext): void {
  for (const index of indexes) {
    const { class: of, hash, sealed } = state.entries[index] as Entry;
    if (of === 'command' && !isAnswered(state, index)) state.unanswered.set(index, arrivals?.get(hash)?.hops ?? 0);
    const command = state.byHash.get(sealed.message.causationhash as Hash) ?? -1;
    if (of === 'outcome' && isAnswered(state, command)) state.unanswered.delete(command);
  }
}

function owe(state: LedgerState, { receiver, message, openings = [], hops }: Delivery, now: Instant): void {
  const logIndex = state.byHash.get(message);
  if (logIndex === undefined) throw new DomainError('DELIVERY_OF_NOTHING', 'a delivery of a message that is nowhere');
  receiverOf(state, receiver);
  const known = state.numbered.get(`${receiver}/${logIndex}`);
  const owed = known ?? numberOf(state, { receiver, logIndex, owedAt: now, hops });
  owed.openings.push(...openings);
  // It may have been read a moment ago without them.
  if (known && openings.length > 0) state.resends.set(`${lineKey(receiver, owed.line)}/${owed.number}`, {});
}

interface ToNumber {
  readonly receiver: NodeId;
  readonly logIndex: number;
  readonly owedAt: Instant;
  readonly hops: number | undefined;
}
function numberOf(state: LedgerState, { receiver, logIndex, owedAt, hops }: ToNumber): Owed {
  const line = owedOf(state, receiver, state.line);
  const owed: Owed = {
    receiver,
    line: state.line,
    number: line.length + 1,
    logIndex,
    owedAt,
    openings: [],
    ...(hops !== undefined && { hops }),
  };
  line.push(owed);
  state.numbered.set(`${receiver}/${logIndex}`, owed);
  return owed;
}
