/**
 * Upkeep of the databases: forgetting what may go, in small steps, and looking at the disk. On a connection of its own with
 * short time-outs: what takes long is given up and comes again, and takes nothing from the work.
 * Proved by `upkeep.int.spec.ts`.
 */
import type pg from 'pg';
import { classified } from './errors.ts';
import { openPool } from './pools.ts';
import * as sql from './upkeep.sql.ts';

export interface DiskUse {
  /** Of the whole database, read models and indexes included. */
  readonly ledgerBytes: number;
  readonly vaultBytes: number;
  /** What the messages of the last day take, by the mean of all. */
  readonly grownLastDayBytes: number;
  /** Of the ledger's schema, largest first; indexes are part of `bytes`. */
  readonly tables: readonly { readonly name: string; readonly bytes: number; readonly indexBytes: number }[];
}
export interface Upkeep {
  /** Answers by idempotency key that are older than a repeat may be (7 days). Gives how many of at most `limit` are gone. */
  forgetAnswers(limit: number): Promise<number>;
  disk(): Promise<DiskUse>;
  close(): Promise<void>;
}

/** A day more than `lt.find_known_keys` looks back. */
const ANSWERS_DAYS = 8;
const TIMEOUTS = { connect: 3_000, lock: 200, statement: 3_000 };

/** On databases that are migrated; the urls are those of the application's roles. */
export function openUpkeep(urls: { readonly ledger: string; readonly vault: string }): Upkeep {
  const ledger = openPool(urls.ledger, TIMEOUTS, { name: 'upkeep', max: 1, watched: {} });
  const vault = openPool(urls.vault, TIMEOUTS, { name: 'upkeep', max: 1, watched: {} });
  return {
    forgetAnswers: (limit) =>
      classified(async () => {
        const { rowCount } = await ledger.query({ ...sql.FORGET_ANSWERS, values: [ANSWERS_DAYS, limit] });
        return rowCount ?? 0;
      }),
    disk: () => classified(() => diskOf(ledger, vault)),
    close: async () => {
      await Promise.all([ledger.end(), vault.end()]);
    },
  };
}

interface TableRow {
  readonly name: string;
  readonly bytes: string;
  readonly index_bytes: string;
}

async function diskOf(ledger: pg.Pool, vault: pg.Pool): Promise<DiskUse> {
  const sizeOf = async (pool: pg.Pool): Promise<number> =>
    Number((await pool.query<{ bytes: string }>(sql.DATABASE)).rows[0]?.bytes);
  const [log] = (await ledger.query<{ messages: string; last_day: string }>(sql.LAST_DAY)).rows;
  const tables = (await ledger.query<TableRow>(sql.TABLES)).rows;
  const [ledgerBytes, vaultBytes] = [await sizeOf(ledger), await sizeOf(vault)];
  const messages = Number(log?.messages);
  const share = messages === 0 ? 0 : Number(log?.last_day) / messages;
  return {
    ledgerBytes,
    vaultBytes,
    grownLastDayBytes: Math.round((ledgerBytes + vaultBytes) * share),
    tables: tables.map(({ name, bytes, index_bytes }) => ({
      name,
      bytes: Number(bytes),
      indexBytes: Number(index_bytes),
    })),
  };
}
