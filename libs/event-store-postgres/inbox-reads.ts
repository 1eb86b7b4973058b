/** What waits at the border: offsets, held and quarantined messages. They are changed by `record` alone. */
import type { Pool } from 'pg';
import type { QuarantineTaken, Taken } from '#libs/exchange';
import type { Hash, Instant, Subject } from '#libs/kernel';
import type { EventStore, HeldMessage, HoldReason, MailboxOffset, QuarantineRow } from '#libs/use-cases';
import { hashArray } from './binary-arrays.ts';
import { classified } from './errors.ts';
import * as sql from './inbox-reads.sql.ts';
import { type ArrivalColumns, arrivalOf, bytesOfHash, hashOf, instantOf } from './rows.ts';

type InboxReads = Pick<
  EventStore,
  | 'findOffset'
  | 'findHeldWaitingFor'
  | 'findHeldDue'
  | 'findGapsOlderThan'
  | 'countHeld'
  | 'isHeld'
  | 'listQuarantine'
  | 'findQuarantineByCodes'
  | 'countQuarantine'
  | 'quarantineTaken'
>;

interface OffsetRow {
  readonly cluster_id: string;
  readonly partition_start: string;
  readonly next: string;
  readonly mark: string | null;
}
interface RecordColumns extends ArrivalColumns {
  readonly record_key: string;
  readonly bytes: Buffer;
}
export interface HeldRow extends RecordColumns {
  readonly hash: Buffer;
  readonly reason: HoldReason;
  readonly subject: string;
  readonly source: string;
  readonly waits_for: Buffer | null;
  readonly until: Date | null;
  readonly held_since: Date;
}
export interface QuarantineColumns extends RecordColumns {
  readonly id: string;
  readonly quarantined_at: Date;
  readonly released_at: Date | null;
  readonly stage: string;
  readonly code: string;
  readonly hash: Buffer | null;
  readonly source: string | null;
  readonly subject: string | null;
  readonly type: string | null;
}

const offsetOf = (partition: number, row: OffsetRow): MailboxOffset => ({
  clusterId: row.cluster_id,
  partition,
  partitionStart: row.partition_start,
  next: row.next,
  ...(row.mark !== null && { mark: row.mark }),
});
const recordOf = (row: RecordColumns) => ({ arrival: arrivalOf(row), recordKey: row.record_key, bytes: row.bytes });

export const heldOf = (row: HeldRow): HeldMessage => ({
  hash: hashOf(row.hash),
  reason: row.reason,
  subject: row.subject as Subject,
  source: row.source,
  ...(row.waits_for && { waitsFor: hashOf(row.waits_for) }),
  ...(row.until && { until: instantOf(row.until) }),
  heldSince: instantOf(row.held_since),
  ...recordOf(row),
});

export const quarantineRowOf = (row: QuarantineColumns): QuarantineRow => ({
  id: Number(row.id),
  quarantinedAt: instantOf(row.quarantined_at),
  ...(row.released_at && { releasedAt: instantOf(row.released_at) }),
  stage: row.stage,
  code: row.code,
  ...(row.hash && { hash: hashOf(row.hash) }),
  ...(row.source !== null && { source: row.source }),
  ...(row.subject !== null && { subject: row.subject }),
  ...(row.type !== null && { type: row.type }),
  ...recordOf(row),
});

function tally(rows: readonly { source: string; count: number }[]): {
  total: number;
  bySource: ReadonlyMap<string, number>;
} {
  return {
    total: rows.reduce((sum, { count }) => sum + count, 0),
    bySource: new Map(rows.map(({ source, count }) => [source, count])),
  };
}

interface TakenRow {
  readonly source: string | null;
  readonly proved: boolean;
  readonly messages: string;
  readonly bytes: string;
}
function takenOf(rows: readonly TakenRow[]): QuarantineTaken {
  const whole = (proved: boolean): QuarantineTaken['proved'] => {
    const own = rows.filter((row) => row.proved === proved);
    const all = own.find(({ source }) => source === null);
    const bySource = own.flatMap((row) => (row.source === null ? [] : [[row.source, numbersOf(row)] as const]));
    return { ...(all ? numbersOf(all) : { messages: 0, bytes: 0 }), bySource: new Map(bySource) };
  };
  return { proved: whole(true), unproved: whole(false) };
}
const numbersOf = ({ messages, bytes }: TakenRow): Taken => ({ messages: Number(messages), bytes: Number(bytes) });

export function inboxReads(pool: Pool): InboxReads {
  async function rows<R extends object>(query: { name: string; text: string }, values: unknown[]): Promise<R[]> {
    return classified(async () => (await pool.query<R>({ ...query, values })).rows);
  }
  const held = async (query: { name: string; text: string }, values: unknown[]): Promise<HeldMessage[]> =>
    (await rows<HeldRow>(query, values)).map(heldOf);
  const quarantined = async (query: { name: string; text: string }, values: unknown[]): Promise<QuarantineRow[]> =>
    (await rows<QuarantineColumns>(query, values)).map(quarantineRowOf);

  /** Where the next look at old gaps begins. */
  let gapsAfter: Buffer = Buffer.alloc(0);

  return {
    async findOffset(partition) {
      const [row] = await rows<OffsetRow>(sql.FIND_OFFSET, [partition]);
      return row && offsetOf(partition, row);
    },
    findHeldWaitingFor: (hashes) => held(sql.FIND_HELD_WAITING, [hashArray(hashes)]),
    findHeldDue: (now: Instant, directoryVersion: Instant, limit) =>
      held(sql.FIND_HELD_DUE, [now, directoryVersion, limit]),
    async findGapsOlderThan(heldBefore, limit) {
      const found = await held(sql.FIND_OLD_GAPS, [heldBefore, limit, gapsAfter]);
      gapsAfter = bytesOfHash(found.at(-1)?.hash ?? ('' as Hash));
      return found;
    },
    countHeld: async () => tally(await rows(sql.COUNT_HELD, [])),
    async isHeld(hashes) {
      const found = await rows<{ hash: Buffer }>(sql.IS_HELD, [hashArray(hashes)]);
      return new Set<Hash>(found.map(({ hash }) => hashOf(hash)));
    },
    listQuarantine: ({ code, after, limit }) => quarantined(sql.LIST_QUARANTINE, [code ?? null, after ?? 0, limit]),
    findQuarantineByCodes: (codes, limit, after = 0) =>
      quarantined(sql.FIND_QUARANTINE_BY_CODES, [codes, limit, after]),
    countQuarantine: async () => tally(await rows(sql.COUNT_QUARANTINE, [])),
    quarantineTaken: async (sources) => takenOf(await rows<TakenRow>(sql.QUARANTINE_TAKEN, [[...new Set(sources)]])),
  };
}
