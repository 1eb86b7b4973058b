/** Bytes that a ledger takes on disk, by part, beside the bytes of its messages. */
import pg from 'pg';
import type { TestNode } from '../../libs/testing/test-node.ts';
import { rowOf, type Row } from './targets.ts';

const SIZES = `select (select sum(length(bytes))::bigint from lt.ledger) as messages,
  pg_table_size('lt.ledger') as ledger, pg_indexes_size('lt.ledger') as indexes,
  pg_total_relation_size('lt.stream') as streams, pg_total_relation_size('lt.outbox') as outbox,
  (select json_object_agg(indexrelid::regclass::text, pg_relation_size(indexrelid)) from pg_index
    where indrelid = 'lt.ledger'::regclass) as each`;
interface Sizes {
  readonly messages: string;
  readonly ledger: string;
  readonly indexes: string;
  readonly streams: string;
  readonly outbox: string;
  readonly each: Readonly<Record<string, number>>;
}

export async function diskRows({ ledgerDatabase }: TestNode): Promise<readonly Row[]> {
  const pool = new pg.Pool({ connectionString: ledgerDatabase.ownerUrl, max: 1 });
  const found = (await pool.query<Sizes>(SIZES)).rows[0] as Sizes;
  await pool.end();
  const messages = Number(found.messages);
  const share = (name: string, bytes: number, target?: Row['target']): Row =>
    rowOf({ bench: 'size', name, unit: '× messages', ...(target && { target }) }, [bytes / messages]);
  const parts = [found.ledger, found.indexes, found.streams, found.outbox].map(Number);
  const [ledger = 0, indexes = 0, streams = 0, outbox = 0] = parts;
  return [
    rowOf({ bench: 'size', name: 'bytes of the messages', unit: 'MB' }, [messages / 1e6]),
    share('disk: the ledger’s table', ledger),
    share('disk: its indexes', indexes),
    ...Object.entries(found.each).map(([name, bytes]) => share(`disk:   ${name}`, bytes)),
    share('disk: streams and their indexes', streams),
    share('disk: outbox of two receivers and its indexes', outbox),
    share('bytes on disk', ledger + indexes + streams + outbox, { atMost: 2 }),
  ];
}
