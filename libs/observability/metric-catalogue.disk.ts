/** Metrics of the disk and of what is pruned (docs/overload.md). */
import type { MetricEntry } from './metric-entry.ts';

const gauge = <T extends Omit<MetricEntry, 'type' | 'unit'>>(one: T) =>
  ({ type: 'gauge', unit: 'bytes', ...one }) as const;

export const DISK = {
  database_bytes: gauge({
    labels: ['relation'],
    means: 'Bytes on disk of the databases: `ledger` (read models included) and `vault`',
    bad: '`npx lienthong status` says what they hold; [what goes and what stays](overload.md)',
  }),
  database_growth_bytes: gauge({
    labels: [],
    means: 'Bytes that the messages of the last day take in both databases, by the mean of all',
    bad: 'more than usual: look who writes, `lienthong_http_request_duration_seconds_count` and `lienthong_appended_total`',
  }),
  disk_free_bytes: gauge({
    labels: [],
    means: 'Bytes free on the volume of `DATABASE_VOLUME`; absent where it is not set',
    bad: 'give the database a larger volume: the ledger is never pruned, and a full disk stops appends',
  }),
} as const;

export const PRUNED = {
  pruned_total: {
    type: 'counter',
    unit: 'rows',
    labels: ['relation'],
    means:
      'What has gone by a stated window: answers by idempotency key (`idempotency`), lists of older programs (`read-models`)',
    bad: 'none for days while `lienthong_table_bytes` of that table grows: the loop `prune` fails or is stopped',
  },
} as const satisfies Record<string, MetricEntry>;
