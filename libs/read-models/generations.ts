/**
 * Generations of the read models: which one is live, and the switch to one that was folded beside it. Two processes may
 * fold, ask, rebuild and switch at once: a batch commits only on the position it started from, and a switch holds the row
 * that names the live generation.
 */
import type pg from 'pg';
import { DomainError } from '#libs/kernel';
import { isGenerationGone } from './read-model-errors.ts';

/** Of the tables in `read-models.sql.ts` and of what `dossier-row.ts` puts in them; raised with either. */
export const SCHEMA_VERSION = 3;

export interface Generation {
  readonly number: number;
  /** Last entry of the log that its rows contain; −1 at first. */
  readonly logIndex: number;
}

export async function createGeneration(pool: pg.Pool): Promise<Generation> {
  const { rows } = await pool.query<{ number: number }>('SELECT read.create_generation($1) AS number', [
    SCHEMA_VERSION,
  ]);
  return { number: rows[0]?.number as number, logIndex: -1 };
}

export async function getLive(pool: pg.Pool): Promise<Generation> {
  const { rows } = await pool.query<{ generation: number; log_index: string }>({
    name: 'live-generation',
    text: `SELECT generation, log_index FROM read.live JOIN read.generation USING (generation) WHERE live.schema_version = $1`,
    values: [SCHEMA_VERSION],
  });
  const [row] = rows;
  if (!row)
    throw new DomainError('READ_MODEL_FAILED', 'no generation of the read models is live', { retryable: false });
  return { number: row.generation, logIndex: Number(row.log_index) };
}

/** Works on the live generation; on the next one when a switch drops it meanwhile. */
export async function onLive<T>(pool: pg.Pool, work: (generation: Generation) => Promise<T>): Promise<T> {
  try {
    return await work(await getLive(pool));
  } catch (error) {
    if (!isGenerationGone(error)) throw error;
    return work(await getLive(pool));
  }
}

/** The first process to come makes the first generation of its schema version. */
export async function ensureLive(pool: pg.Pool): Promise<void> {
  const { rowCount } = await pool.query('SELECT FROM read.live WHERE schema_version = $1', [SCHEMA_VERSION]);
  if (rowCount) return;
  const { number } = await createGeneration(pool);
  const made = await pool.query('INSERT INTO read.live VALUES ($1, $2) ON CONFLICT DO NOTHING', [
    SCHEMA_VERSION,
    number,
  ]);
  if (!made.rowCount) await dropGeneration(pool, number);
}

/** Makes it the live one, and drops the former. */
export async function switchTo(pool: pg.Pool, { number }: Generation): Promise<void> {
  const { rows } = await pool.query<{ generation: number }>(
    `WITH former AS (SELECT generation FROM read.live WHERE schema_version = $1 FOR UPDATE)
     UPDATE read.live SET generation = $2 FROM former WHERE schema_version = $1 RETURNING former.generation`,
    [SCHEMA_VERSION, number],
  );
  for (const { generation } of rows) await dropGeneration(pool, generation);
}

/** Drops generations of this version and older ones that nobody works on and that have not moved for so long. Gives how many. */
export async function retireGenerations(pool: pg.Pool, afterMs: number): Promise<number> {
  const { rows } = await pool.query<{ gone: number }>(
    `SELECT read.retire_generations($1, $2::bigint * interval '1 millisecond') AS gone`,
    [SCHEMA_VERSION, afterMs],
  );
  return rows[0]?.gone ?? 0;
}

export async function dropGeneration(pool: pg.Pool, number: number): Promise<void> {
  await pool.query('SELECT read.drop_generation($1)', [number]);
}
