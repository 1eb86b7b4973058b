import type { ConsumerState } from '#libs/messaging-kafka';
import type { GatewayMetrics } from '#libs/observability';
import type { IncomingBatch, IngestSummary } from '#libs/use-cases';

/** What is counted of the mailbox: verdicts, how far this process is behind, whether it reads at all. */
export interface MailboxWatch {
  taken(batch: IncomingBatch, summary: IngestSummary): void;
  state(state: ConsumerState): void;
}

export function mailboxWatch(metrics: Pick<GatewayMetrics, 'count' | 'set'>): MailboxWatch {
  /** Of partitions of the group's assignment; another assignment begins anew. */
  const behind = new Map<number, number>();
  const setLag = (): void =>
    metrics.set(
      'mailbox_lag_records',
      [...behind.values()].map((value) => ({ value })),
    );
  return {
    taken({ partition, highWatermark, records }, summary) {
      for (const [verdict, count] of Object.entries(summary) as [string, number][])
        if (count > 0) metrics.count('ingest_judged_total', { verdict }, count);
      const last = records.at(-1);
      if (!last) return;
      behind.set(partition, Math.max(0, Number(BigInt(highWatermark) - BigInt(last.offset) - 1n)));
      setLag();
    },
    state(state) {
      metrics.set('mailbox_reading', [{ value: state === 'reading' ? 1 : 0 }]);
      if (state === 'reading') return;
      behind.clear();
      setLag();
    },
  };
}
