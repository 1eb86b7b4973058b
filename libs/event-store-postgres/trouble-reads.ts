import type { Pool } from 'pg';
import { DomainError, type NodeId, type Subject } from '#libs/kernel';
import type { StoredTroubleKind, TroubleReads, TroubleRow, TroubleSum } from '#libs/use-cases';
import { hashArray } from './binary-arrays.ts';
import { classified } from './errors.ts';
import { heldOf, type HeldRow } from './inbox-reads.ts';
import { FIND_HELD } from './inbox-reads.sql.ts';
import { hashOf, instantOf } from './rows.ts';
import { COUNTED, FIND_STANDSTILLS, listOf, sumOf } from './trouble-reads.sql.ts';

interface SumRow {
  readonly reason: string;
  readonly count: number;
  readonly bytes: string;
  readonly oldest: Date;
}
interface Row {
  readonly key: string;
  readonly reason: string;
  readonly since: Date;
  readonly bytes: number;
  readonly subject: string | null;
  readonly source: string | null;
  readonly hash: Buffer | null;
  readonly number: string | null;
  readonly line: number | null;
  readonly stage: string | null;
  readonly peer: string | null;
  readonly waits_for: Buffer | null;
  readonly until: Date | null;
}

/** Keys as the lists give them; whatever else a caller makes of one is refused before it is compared with anything. */
const KEYS: Readonly<Record<StoredTroubleKind, RegExp>> = {
  held: /^\d{19}\/[0-9a-f]{64}$/,
  quarantined: /^\d{19}$/,
  undeliverable: /^[a-z0-9-]{1,96}\/\d{9}\/\d{19}$/,
  limbo: /^\d{19}$/,
};

const sumFor = ({ reason, count, bytes, oldest }: SumRow): TroubleSum => ({
  reason,
  count,
  bytes: Number(bytes),
  oldest: instantOf(oldest),
  ...(count >= COUNTED && { more: true }),
});

const rowFor = (row: Row): TroubleRow => ({
  key: row.key,
  reason: row.reason,
  since: instantOf(row.since),
  bytes: row.bytes,
  ...(row.subject !== null && { subject: row.subject as Subject }),
  ...(row.source !== null && { source: row.source }),
  ...(row.hash && { hash: hashOf(row.hash) }),
  ...placeOf(row),
});
const placeOf = (row: Row): Partial<TroubleRow> => ({
  ...(row.number !== null && { number: Number(row.number) }),
  ...(row.line !== null && { line: row.line }),
  ...(row.stage !== null && { stage: row.stage }),
  ...(row.peer !== null && { peer: row.peer as NodeId }),
  ...(row.waits_for && { waitsFor: hashOf(row.waits_for) }),
  ...(row.until && { until: instantOf(row.until) }),
});

export function troubleReads(pool: Pool): TroubleReads {
  const run = <R extends object>(query: { name: string; text: string }, values: readonly unknown[]) =>
    classified(() => pool.query<R>({ ...query, values: [...values] }));
  return {
    sumTrouble: async (kind, olderThanMs) => (await run<SumRow>(sumOf(kind), [olderThanMs])).rows.map(sumFor),
    async listTrouble(kind, { after, limit, reason, subject }, olderThanMs) {
      if (after !== undefined && !KEYS[kind].test(after))
        throw new DomainError('CURSOR_INVALID', 'not a cursor of this list');
      const values = [olderThanMs, after ?? '', reason ?? null, subject ?? null, limit];
      return (await run<Row>(listOf(kind), values)).rows.map(rowFor);
    },
    async findHeld(hashes) {
      if (hashes.length === 0) return [];
      return (await run<HeldRow>(FIND_HELD, [hashArray(hashes)])).rows.map(heldOf);
    },
    async findStandstills(events) {
      if (events.length === 0) return new Map();
      const { rows } = await run<{ hash: Buffer; since: Date; bytes: string }>(FIND_STANDSTILLS, [hashArray(events)]);
      return new Map(rows.map((row) => [hashOf(row.hash), { since: instantOf(row.since), bytes: Number(row.bytes) }]));
    },
  };
}
