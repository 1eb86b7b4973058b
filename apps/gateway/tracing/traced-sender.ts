/**
 * The sender, with header `traceparent` (wire format 5) on every message of a dossier and a span for each that the broker
 * took. Nothing of it stands in signed bytes nor in the outbox: the trace follows from the dossier, the parent from node and
 * hash, so a message sent days later by another process joins the same trace.
 */
import type { NodeId } from '#libs/kernel';
import { formatTraceparent, spanIdOf, traceIdOf, type Tracing } from '#libs/observability';
import type { MailboxSender, OutboxItem, OutgoingRecord } from '#libs/use-cases';
import { spanTime } from './work.ts';

export interface TracedSenderOf {
  readonly tracing: Tracing;
  readonly node: NodeId;
  readonly outgoing: WeakMap<Uint8Array, OutboxItem>;
}
interface Sending {
  readonly item: OutboxItem;
  readonly traceId: string;
  readonly spanId: string;
}

export function tracedSender(sender: MailboxSender, { tracing, node, outgoing }: TracedSenderOf): MailboxSender {
  const sendingOf = ({ value }: OutgoingRecord): Sending | undefined => {
    const item = outgoing.get(value);
    const traceId = traceIdOf(item?.subject);
    return item && traceId !== undefined ? { item, traceId, spanId: tracing.newSpanId() } : undefined;
  };
  return {
    ...sender,
    async send(topic, records) {
      const began = spanTime();
      const all = records.map((record) => ({ record, sending: sendingOf(record) }));
      await sender.send(
        topic,
        all.map(({ record, sending }) => (sending ? withHeader(record, sending, tracing) : record)),
      );
      const sent = all.flatMap(({ sending }) => sending ?? []);
      for (const one of sent) tellSent({ tracing, node }, one, { topic, began });
    },
  };
}

function withHeader(record: OutgoingRecord, { traceId, spanId }: Sending, tracing: Tracing): OutgoingRecord {
  const traceparent = formatTraceparent({ traceId, spanId, sampled: tracing.isKept(traceId) });
  return { ...record, headers: { ...record.headers, traceparent } };
}

function tellSent(
  { tracing, node }: Omit<TracedSenderOf, 'outgoing'>,
  { item, traceId, spanId }: Sending,
  { topic, began }: { readonly topic: string; readonly began: number },
): void {
  const { receiver, line, number, logIndex, hash, subject } = item;
  tracing.tell({
    name: 'send',
    of: { class: item.class },
    kind: 'producer',
    context: { traceId, spanId },
    parentSpanId: spanIdOf(node, hash),
    began,
    ended: spanTime(),
    fields: { subject, hash, receiver, line, number, logIndex, topic },
  });
}
