/**
 * The ledger, telling a span for every message that enters it. What was written here follows the request or the automation
 * under way, or its cause; what came in follows the span named by the record's header. The span's id is that of node and
 * message (libs/observability/trace-ids.ts), so a crash after the commit loses a span and never a place for its children.
 * What the relay reads is remembered by its bytes, for the header it is sent with (traced-sender.ts).
 */
import type { Hash, NodeId, SealedMessage } from '#libs/kernel';
import { type LogFields, type SpanContext, spanIdOf, traceIdOf, type Tracing } from '#libs/observability';
import type { Arrival, Effect, EventStore, IngestBatch, OutboxItem } from '#libs/use-cases';
import { spanTime, type Work, workNow } from './work.ts';

export interface TracedStoreOf {
  readonly tracing: Tracing;
  readonly node: NodeId;
  /** What was read to be sent, by its bytes. */
  readonly outgoing: WeakMap<Uint8Array, OutboxItem>;
}

interface Entered {
  readonly sealed: SealedMessage;
  readonly effect: Effect;
  readonly logIndex: number | undefined;
  readonly arrival: Arrival;
  readonly began: number;
}

export function tracedStore(store: EventStore, { tracing, node, outgoing }: TracedStoreOf): EventStore {
  const tell = (entered: Entered): void => tellEntered({ tracing, node }, entered);
  const remember = <T extends readonly OutboxItem[]>(items: T): T => {
    for (const item of items) outgoing.set(item.bytes, item);
    return items;
  };
  return {
    ...store,
    async append(unit) {
      const began = spanTime();
      const verdict = await store.append(unit);
      if (verdict.kind === 'appended')
        unit.messages.forEach(({ sealed, effect }, at) =>
          tell({ sealed, effect, logIndex: verdict.logIndexes[at], arrival: { kind: 'local' }, began }),
        );
      return verdict;
    },
    async record(batch) {
      const began = workNow()?.began ?? spanTime();
      const verdict = await store.record(batch);
      if (verdict.kind === 'conflict') return verdict;
      const messages = batch.units.flatMap((unit) => unit.messages);
      messages.forEach(({ sealed, effect }, at) => {
        const arrival = batch.arrivals.get(sealed.hash) ?? { kind: 'local' };
        tell({ sealed, effect, logIndex: verdict.logIndexes[at], arrival, began });
      });
      tellHeldUp(tracing, batch, began);
      return verdict;
    },
    readOutbox: async (lease, limit) => remember(await store.readOutbox(lease, limit)),
    takeResends: async (receiver, limit) => remember(await store.takeResends(receiver, limit)),
  };
}

function tellEntered({ tracing, node }: Pick<TracedStoreOf, 'tracing' | 'node'>, entered: Entered): void {
  const { sealed, arrival, effect, logIndex, began } = entered;
  const { message, hash } = sealed;
  const traceId = traceIdOf(message.subject);
  if (traceId === undefined) return;
  const work = workNow();
  const came = arrival.kind === 'mailbox';
  const context = { traceId, spanId: spanIdOf(node, hash) };
  tracing.tell({
    name: came ? 'receive' : 'append',
    of: { type: message.type },
    kind: came ? 'consumer' : 'internal',
    context,
    ...(came ? parentOfArrival(work, arrival, traceId) : parentOfOwn(node, sealed, { work, traceId })),
    began,
    ended: spanTime(),
    fields: {
      ...about(message.subject, hash),
      effect,
      logIndex,
      ...(came ? { partition: arrival.partition, offset: Number(arrival.offset) } : {}),
      ...(work?.follower === undefined ? {} : { follower: work.follower }),
      correlationId: message.correlationid,
    },
  });
}

const about = (subject: string, hash: Hash): LogFields => ({ subject, hash });

type Ancestry = { readonly parentSpanId?: string; readonly links?: readonly SpanContext[] };

/** A header that speaks of another trace than the message does is somebody's mistake, or worse, and is not followed. */
function parentOfArrival(work: Work | undefined, arrival: Arrival & { kind: 'mailbox' }, traceId: string): Ancestry {
  const parent = work?.parents?.get(`${arrival.partition} ${arrival.offset}`);
  return parent?.traceId === traceId ? { parentSpanId: parent.spanId } : {};
}

interface Under {
  readonly work: Work | undefined;
  readonly traceId: string;
}
/** The request or decision under way, and a link to the cause; without one (an automation) the cause itself. */
function parentOfOwn(node: NodeId, { message }: SealedMessage, { work, traceId }: Under): Ancestry {
  const cause = message.causationhash === undefined ? undefined : spanIdOf(node, message.causationhash);
  const around = work?.spanId !== undefined && traceIdOf(work.subject) === traceId ? work.spanId : undefined;
  if (around === undefined) return cause === undefined ? {} : { parentSpanId: cause };
  return { parentSpanId: around, ...(cause === undefined ? {} : { links: [{ traceId, spanId: cause }] }) };
}

/**
 * What is held waits in its dossier's trace. What is quarantined is told in a trace of its own, with the subject it claims:
 * nobody whose messages are not believed writes into a dossier's trace.
 */
function tellHeldUp(tracing: Tracing, { held, quarantined }: IngestBatch, began: number): void {
  const span = { kind: 'consumer', began, ended: spanTime() } as const;
  for (const { subject, hash, reason } of held) {
    const traceId = traceIdOf(subject);
    if (traceId === undefined) continue;
    const context = { traceId, spanId: tracing.newSpanId() };
    tracing.tell({ ...span, name: 'hold', context, fields: { ...about(subject, hash), reason } });
  }
  for (const { subject, hash, stage, code, type } of quarantined) {
    tracing.tell({
      ...span,
      name: 'quarantine',
      ...(type === undefined ? {} : { of: { type } }),
      context: { traceId: tracing.newTraceId(), spanId: tracing.newSpanId() },
      fields: { subject, hash, stage },
      failed: code,
    });
  }
}
