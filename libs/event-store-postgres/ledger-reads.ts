/** Reading what is recorded. Every read is one statement, so it sees one state of the ledger. */
import type { Pool } from 'pg';
import type { AgencyCode, Hash, Instant, Subject } from '#libs/kernel';
import type { EventNode, EventStore, StoredMessage, StreamGraph } from '#libs/use-cases';
import { hashArray } from './binary-arrays.ts';
import { classified } from './errors.ts';
import * as sql from './ledger-reads.sql.ts';
import { bytesOfHash, hashOf, type HeadRow, headOf, instantOf, type LedgerRow, storedOf } from './rows.ts';

type LedgerReads = Pick<
  EventStore,
  | 'findHead'
  | 'loadGraphs'
  | 'readStream'
  | 'findByHash'
  | 'findIds'
  | 'findCaused'
  | 'readLog'
  | 'readDirectory'
  | 'readNamed'
  | 'readCommandsOf'
  | 'logSize'
  | 'findIdempotent'
>;

/** Columns of LOAD_GRAPHS' events, in its order. Base64 as PostgreSQL writes it; times in ms since 1970. */
type EventColumns = [string, string | null, number, string, string, string, number, string | null, number | null];
const instantAt = (ms: number): Instant => instantOf(new Date(ms));
const fromBase64 = (text: string): Hash => hashOf(Buffer.from(text, 'base64'));

function eventNodeOf([hash, prev, streamseq, source, id, name, recorded, to, directory]: EventColumns): EventNode {
  return {
    hash: fromBase64(hash),
    ...(prev !== null && { prevhash: fromBase64(prev) }),
    streamseq,
    source,
    id,
    name,
    recordedtime: instantAt(recorded),
    ...(to !== null && { to: to as AgencyCode }),
    ...(directory !== null && { directoryVersion: instantAt(directory) }),
  };
}

export function ledgerReads(pool: Pool): LedgerReads {
  async function rows<R extends object>(query: { name: string; text: string }, values: unknown[]): Promise<R[]> {
    return classified(async () => (await pool.query<R>({ ...query, values })).rows);
  }
  const stored = async (query: { name: string; text: string }, values: unknown[]): Promise<StoredMessage[]> =>
    (await rows<LedgerRow>(query, values)).map(storedOf);
  return {
    async findHead(subject) {
      const [row] = await rows<HeadRow>(sql.FIND_HEAD, [subject]);
      return row && headOf(row);
    },
    async loadGraphs(subjects) {
      const graphs = new Map<Subject, StreamGraph>(subjects.map((subject) => [subject, { events: [] }]));
      const found = await rows<HeadRow & { events: EventColumns[] }>(sql.LOAD_GRAPHS, [[...graphs.keys()]]);
      for (const row of found)
        graphs.set(row.subject as Subject, { head: headOf(row), events: row.events.map(eventNodeOf) });
      return graphs;
    },
    readStream: (subject, which) => stored(which === 'all' ? sql.READ_STREAM : sql.READ_MAIN_BRANCH, [subject]),
    async findByHash(hashes) {
      const found = await stored(sql.FIND_BY_HASH, [hashArray([...new Set(hashes)])]);
      return new Map(found.map((message) => [message.hash, message]));
    },
    async findIds(pairs) {
      const values = [pairs.map(({ source }) => source), pairs.map(({ id }) => id)];
      const found = await rows<{ source: string; message_id: string; hash: Buffer }>(sql.FIND_IDS, values);
      return new Map(found.map((row) => [`${row.source}\n${row.message_id}`, hashOf(row.hash)]));
    },
    findCaused: (cause) => stored(sql.FIND_CAUSED, [bytesOfHash(cause)]),
    readLog: (after, limit) => stored(sql.READ_LOG, [after, limit]),
    readNamed: (name, after, limit) => stored(sql.READ_NAMED, [name, after, limit]),
    readCommandsOf: (sources, after, limit) => stored(sql.READ_COMMANDS_OF, [sources, after, limit]),
    readDirectory: () => stored(sql.READ_DIRECTORY, []),
    async logSize() {
      const [last] = await rows<{ log_index: string; hash: Buffer }>(sql.LAST_OF_LOG, []);
      return last ? { size: Number(last.log_index) + 1, lastHash: hashOf(last.hash) } : { size: 0 };
    },
    async findIdempotent(client, agency, key) {
      const [row] = await rows<{ body_hmac: string; answer: string }>(sql.FIND_IDEMPOTENT, [client, agency, key]);
      return row && { bodyHmac: row.body_hmac, answer: row.answer };
    },
  };
}
