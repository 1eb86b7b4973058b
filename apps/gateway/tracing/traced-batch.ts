import { readTraceContext, type SpanContext, type Tracing } from '#libs/observability';
import type { IncomingBatch } from '#libs/use-cases';
import { duringWork, spanTime } from './work.ts';

/** A batch of the mailbox, with what the headers of its records name as their parents. */
export function duringBatch<T>(tracing: Tracing | undefined, { records }: IncomingBatch, ingest: () => T): T {
  if (!tracing) return ingest();
  const parents = new Map<string, SpanContext>();
  for (const { partition, offset, headers } of records) {
    const parent = readTraceContext(headers);
    if (parent) parents.set(`${partition} ${offset}`, parent);
  }
  return duringWork({ tracing, parents, began: spanTime() }, ingest);
}
