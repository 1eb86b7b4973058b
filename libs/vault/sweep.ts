/**
 * Deletes disclosures whose event never reached the ledger (vault before ledger: the event's append may have failed).
 * Walks by time of storing and remembers how far it came, so each disclosure is asked about once. One that is stored again
 * counts as new (`vault.put`), so an append that is tried again a day later does not lose its openings meanwhile.
 */
import type pg from 'pg';
import type { Hash, Instant } from '#libs/kernel';
import { eventBytes, eventHash } from './disclosures.ts';

const PAGE_ROWS = 10_000;

/** Gives the number of disclosures deleted. Safe to run in several processes at once. */
export async function sweep(
  pool: pg.Pool,
  isRecorded: (events: readonly Hash[]) => Promise<ReadonlySet<Hash>>,
  olderThan: Instant,
): Promise<number> {
  let deleted = 0;
  for (;;) {
    const page = await readPage(pool, olderThan);
    if (page.events.length === 0) return deleted;
    const recorded = await isRecorded(page.events);
    const orphans = page.events.filter((event) => !recorded.has(event));
    const { rows } = await pool.query<{ pointers: readonly string[] }>(
      'DELETE FROM vault.disclosure WHERE event = ANY ($1) AND stored_at < $2 RETURNING pointers',
      [orphans.map(eventBytes), olderThan],
    );
    deleted += rows.reduce((sum, { pointers }) => sum + pointers.length, 0);
    await pool.query('UPDATE vault.state SET swept_up_to = greatest(swept_up_to, $1)', [page.upTo]);
  }
}

interface Page {
  readonly events: readonly Hash[];
  /** Text, not a Date: microseconds count. */
  readonly upTo: string;
}

async function readPage(pool: pg.Pool, olderThan: Instant): Promise<Page> {
  const { rows } = await pool.query<{ event: Buffer; stored_at: string }>(
    `SELECT event, stored_at::text FROM vault.disclosure
     WHERE stored_at > (SELECT swept_up_to FROM vault.state) AND stored_at < $1
     ORDER BY disclosure.stored_at FETCH FIRST ${PAGE_ROWS} ROWS WITH TIES`,
    [olderThan],
  );
  const events = new Set(rows.map(({ event }) => eventHash(event)));
  return { events: [...events], upTo: rows.at(-1)?.stored_at ?? '-infinity' };
}
