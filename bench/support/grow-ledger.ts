/**
 * A large ledger in little time. The first million events are those of the model dossier under other names, with subjects, ids,
 * codes, links, hashes and signatures of their own, all of which `verify` accepts; they are sealed in worker threads and copied
 * into the tables as the append would have left them. Beyond that, rows are cloned by SQL: as large, with ids and hashes of
 * their own, but with the bytes of what they were cloned from, which only what reads or appends among them does not mind.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import pg from 'pg';
import type { TestNode } from '../../libs/testing/test-node.ts';
import type { ModelDossier } from './model-dossier.ts';
import { CLONE_LEDGER, CLONE_OUTBOX, CLONE_STREAMS } from './grow-ledger.sql.ts';

/** Dossiers whose events lie between each other's in the log. */
export const TURN = 1_000;

export interface GrowthPart {
  readonly ownerUrl: string;
  readonly keysDir: string;
  readonly unsigned: readonly ModelDossier['events'][number]['unsigned'][];
  /** Turns that this thread makes: `first`, then every `step`-th. */
  readonly first: number;
  readonly step: number;
  readonly turns: number;
  readonly baseIndex: number;
  readonly baseStream: number;
  readonly receivers: readonly number[];
}

interface Base {
  readonly index: number;
  readonly stream: number;
}

async function baseOf(pool: pg.Pool): Promise<Base> {
  const { rows } = await pool.query<{ index: string; stream: string }>(
    `select (select max(log_index) + 1 from lt.ledger) as index, (select max(stream) + 1 from lt.stream) as stream`,
  );
  return { index: Number(rows[0]?.index), stream: Number(rows[0]?.stream) };
}

/** As many events as fill whole turns; gives how many. */
export async function growSigned(node: TestNode, model: ModelDossier, events: number): Promise<number> {
  const pool = new pg.Pool({ connectionString: node.ledgerDatabase.ownerUrl, max: 2 });
  const { index, stream } = await baseOf(pool);
  const receivers = (await pool.query<{ receiver: number }>('select receiver from lt.receiver order by 1')).rows;
  const turns = Math.ceil(events / (TURN * model.events.length));
  const step = Math.min(availableParallelism(), turns);
  const common = {
    ownerUrl: node.ledgerDatabase.ownerUrl,
    keysDir: node.keysDir,
    unsigned: model.events.map(({ unsigned }) => unsigned),
    step,
    turns,
    baseIndex: index,
    baseStream: stream,
    receivers: receivers.map(({ receiver }) => receiver),
  };
  await Promise.all(Array.from({ length: step }, (_, first) => runPart({ ...common, first })));
  await settle(pool);
  await pool.end();
  return turns * TURN * model.events.length;
}

function runPart(part: GrowthPart): Promise<void> {
  const worker = new Worker(new URL('grow-ledger.worker.ts', import.meta.url), { workerData: part });
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`the thread ended with ${code}`))));
  });
}

/** Nothing is owed any more, and the planner knows the tables. */
async function settle(pool: pg.Pool): Promise<void> {
  await pool.query(`update lt.receiver r set sent_number = (
    select coalesce(max(number), 0) from lt.outbox o where o.receiver = r.receiver and o.line = r.sent_line)`);
  await pool.query('vacuum analyze lt.ledger, lt.stream, lt.outbox');
}

/** Clones `[from, to)` of the log once more behind its end. */
export async function cloneRange(
  node: TestNode,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<void> {
  const pool = new pg.Pool({ connectionString: node.ledgerDatabase.ownerUrl, max: 1 });
  const { index, stream } = await baseOf(pool);
  const { rows } = await pool.query<{ first: string }>(
    'select min(stream) as first from lt.ledger where log_index >= $1 and log_index < $2',
    [from, to],
  );
  const values = [from, to, index - from, stream - Number(rows[0]?.first), String(index)];
  await pool.query(CLONE_STREAMS, values);
  await pool.query(CLONE_LEDGER, values);
  await pool.query(CLONE_OUTBOX, values.slice(0, 3));
  await settle(pool);
  await pool.end();
}
