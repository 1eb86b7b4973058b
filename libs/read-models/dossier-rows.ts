/**
 * Rows of a generation, read and written a batch at a time. The position moves in the transaction that writes the rows, and
 * only from where the batch began: of two processes that fold the same entries one commits, the other starts again.
 */
import type pg from 'pg';
import type { Subject } from '#libs/kernel';
import { codesOf, FOLD_COLUMNS, foldedOf, rowOf, type FoldColumns, type FoldedDossier } from './dossier-row.ts';
import type { Generation } from './generations.ts';

export async function loadDossiers(
  pool: pg.Pool,
  { number }: Generation,
  subjects: readonly Subject[],
): Promise<ReadonlyMap<Subject, FoldedDossier>> {
  if (subjects.length === 0) return new Map();
  const { rows } = await pool.query<FoldColumns>({
    name: `load-${number}`,
    text: `SELECT ${FOLD_COLUMNS.join(', ')} FROM read.dossier_list_${number} WHERE subject = ANY ($1)`,
    values: [subjects],
  });
  return new Map(rows.map((row) => [row.subject, foldedOf(row)]));
}

/** Dossiers that an upgrade may let go on; a fork is ended by an event alone. */
export async function findResumable(pool: pg.Pool, { number }: Generation): Promise<readonly Subject[]> {
  const { rows } = await pool.query<{ subject: Subject }>(
    `SELECT subject FROM read.dossier_list_${number} WHERE parked IN ('NOT_UNDERSTOOD', 'FOLD_FAILED') ORDER BY subject`,
  );
  return rows.map(({ subject }) => subject);
}

export interface FoldedBatch {
  readonly dossiers: readonly FoldedDossier[];
  /** Those of them whose codes may be others than those in the table. */
  readonly recoded: readonly FoldedDossier[];
  readonly upTo: number;
}

/** False, and nothing is written, when another process has moved the position meanwhile. */
export async function saveBatch(pool: pg.Pool, generation: Generation, batch: FoldedBatch): Promise<boolean> {
  const client = await pool.connect();
  let failed: Error | undefined;
  // Lost between two queries, it says so by an event, which nobody else hears while it is ours; the next query fails.
  const lost = (error: Error): void => void (failed = error);
  client.on('error', lost);
  try {
    await client.query('BEGIN');
    const moved = await movePosition(client, generation, batch.upTo);
    if (moved) await saveRows(client, generation.number, batch);
    await client.query(moved ? 'COMMIT' : 'ROLLBACK');
    return moved;
  } catch (error) {
    failed = error as Error;
    throw error;
  } finally {
    // A connection whose transaction failed is closed, which ends the transaction; its state is not worth guessing at.
    client.off('error', lost);
    client.release(failed);
  }
}

async function movePosition(client: pg.PoolClient, { number, logIndex }: Generation, upTo: number): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'move-position',
    text: 'UPDATE read.generation SET log_index = $3 WHERE generation = $1 AND log_index = $2',
    values: [number, logIndex, upTo],
  });
  return rowCount === 1;
}

async function saveRows(client: pg.PoolClient, number: number, { dossiers, recoded }: FoldedBatch): Promise<void> {
  const list = `read.dossier_list_${number}`;
  const codes = `read.dossier_code_${number}`;
  if (dossiers.length > 0) {
    await client.query(`DELETE FROM ${list} WHERE subject = ANY ($1)`, [dossiers.map(({ subject }) => subject)]);
    await client.query(`INSERT INTO ${list} SELECT * FROM json_populate_recordset(NULL::${list}, $1)`, [
      JSON.stringify(dossiers.map(rowOf)),
    ]);
  }
  if (recoded.length > 0) {
    const rows = recoded.flatMap((dossier) => codesOf(dossier).map((code) => ({ ...code, subject: dossier.subject })));
    await client.query(`DELETE FROM ${codes} WHERE subject = ANY ($1)`, [recoded.map(({ subject }) => subject)]);
    await client.query(
      `INSERT INTO ${codes} SELECT * FROM json_populate_recordset(NULL::${codes}, $1) ON CONFLICT DO NOTHING`,
      [JSON.stringify(rows)],
    );
  }
}

/** One line per row, in order: the same from every fold of the same entries (G9). */
export async function readRowTexts(
  pool: pg.Pool,
  { number }: Generation,
  after: string,
  limit: number,
): Promise<readonly { subject: string; text: string }[]> {
  const { rows } = await pool.query<{ subject: string; text: string }>(
    `SELECT d.subject, d::text || coalesce((SELECT string_agg(c::text, '' ORDER BY c.code, c.system)
       FROM read.dossier_code_${number} c WHERE c.subject = d.subject), '') AS text
     FROM read.dossier_list_${number} d WHERE d.subject > $1 ORDER BY d.subject LIMIT $2`,
    [after, limit],
  );
  return rows;
}
