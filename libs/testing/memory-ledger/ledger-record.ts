/** Recording a mailbox batch in a ledger in memory: whole, or a conflict and no trace, as `lt.append` with `lt.take_in`. */
import type { Hash, Subject } from '#libs/kernel';
import type { AppendUnit, HeldMessage, IngestBatch, IngestVerdict, MailboxOffset, StreamChange } from '#libs/use-cases';
import { appendUnit, type AppendContext } from './ledger-append.ts';
import { isAnswered, type LedgerState } from './ledger-state.ts';

export function recordBatch(state: LedgerState, batch: IngestBatch, context: AppendContext): IngestVerdict {
  const merged = merge(batch.units);
  if ('conflict' in merged) return { kind: 'conflict', subject: merged.conflict };
  const leftWith = merged.messages.at(-1)?.sealed.hash ?? '';
  const hasLeft = batch.released.some((id) => (state.leftWith.get(id) ?? leftWith) !== leftWith);
  if (hasLeft) return { kind: 'conflict', subject: merged.messages[0]?.sealed.message.subject as Subject };
  const verdict = appendUnit(state, merged, { ...context, arrivals: batch.arrivals });
  if (verdict.kind === 'appended' || verdict.kind === 'repeat') {
    takeIn(state, batch, context);
    for (const id of batch.released) state.leftWith.set(id, leftWith);
    return { kind: 'recorded', logIndexes: verdict.logIndexes };
  }
  const subject = merged.messages[0]?.sealed.message.subject as Subject;
  return { kind: 'conflict', subject: verdict.kind === 'conflict' ? verdict.subject : subject };
}

/** Units decided one upon the other, as one. */
function merge(units: readonly AppendUnit[]): AppendUnit | { readonly conflict: Subject } {
  const changes = new Map<Subject, StreamChange>();
  const reached = new Map<Subject, number>();
  for (const unit of units) {
    for (const { subject, expectedRevision, head } of unit.streams) {
      if ((reached.get(subject) ?? expectedRevision) !== expectedRevision) return { conflict: subject };
      const added = unit.messages.filter(({ sealed: { message } }) => message.subject === subject && message.streamseq);
      reached.set(subject, expectedRevision + added.length);
      const first = changes.get(subject)?.expectedRevision ?? expectedRevision;
      changes.set(subject, { subject, head, expectedRevision: first });
    }
  }
  return {
    messages: units.flatMap(({ messages }) => messages),
    streams: [...changes.values()],
    deliveries: units.flatMap(({ deliveries }) => deliveries),
  };
}

function takeIn(state: LedgerState, batch: IngestBatch, context: AppendContext): void {
  for (const hash of batch.unheld) state.held.delete(hash);
  for (const { hash, hops } of batch.reopened ?? []) reopen(state, hash, hops);
  for (const [source, count] of batch.evicted ?? []) evict(state, source, count);
  for (const held of batch.held) hold(state, held);
  for (const id of batch.released) {
    const row = state.quarantine[id - 1];
    if (row && row.releasedAt === undefined) state.quarantine[id - 1] = { ...row, releasedAt: context.now };
  }
  quarantine(state, batch, context);
  if (batch.offset) moveOffset(state, batch.offset);
}

/** Commands that come back a longer way than they went, without an outcome here, wait anew. */
function reopen(state: LedgerState, hash: Hash, hops: number): void {
  const index = state.byHash.get(hash);
  const isCommand = index !== undefined && state.entries[index]?.class === 'command';
  if (!isCommand || isAnswered(state, index) || (state.ways.get(hash)?.hops ?? -1) >= hops) return;
  state.unanswered.set(index, Math.max(hops, state.unanswered.get(index) ?? 0));
}

function evict(state: LedgerState, source: string, count: number): void {
  const youngest = [...state.held.values()]
    .filter((held) => held.source === source)
    .toSorted((a, b) => b.heldSince.localeCompare(a.heldSince) || b.hash.localeCompare(a.hash));
  for (const { hash } of youngest.slice(0, count)) state.held.delete(hash);
}

/** The first bytes and time stay, the last reason counts. */
function hold(state: LedgerState, held: HeldMessage): void {
  if (state.byHash.has(held.hash)) return;
  const { waitsFor: _, until: __, ...before } = state.held.get(held.hash) ?? held;
  const { reason, waitsFor, until } = held;
  state.held.set(held.hash, {
    ...before,
    reason,
    ...(waitsFor !== undefined && { waitsFor }),
    ...(until !== undefined && { until }),
  });
}

function quarantine(state: LedgerState, { quarantined }: IngestBatch, { now }: AppendContext): void {
  const recordOf = ({ arrival, bytes }: IngestBatch['quarantined'][number]): string | undefined =>
    arrival.kind === 'mailbox'
      ? `${arrival.partition}/${arrival.offset}/${Buffer.from(bytes).toString('base64')}`
      : undefined;
  const known = quarantined.length > 0 ? new Set(state.quarantine.map(recordOf)) : new Set();
  for (const message of quarantined) {
    const record = recordOf(message);
    if (record !== undefined && known.has(record)) continue;
    known.add(record);
    const bytes = Buffer.from(message.bytes);
    state.quarantine.push({ ...message, bytes, id: state.quarantine.length + 1, quarantinedAt: now });
  }
}

function moveOffset(state: LedgerState, { from, ...offset }: MailboxOffset): void {
  const at = state.offsets.get(offset.partition);
  if (!at || from === undefined || at.next === from) state.offsets.set(offset.partition, offset);
}
