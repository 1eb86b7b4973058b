/** Lives and recovery on PostgreSQL. Proved by `event-store-life.contract.ts` and `lives.int.spec.ts`. */
import type { Pool } from 'pg';
import { agencySource, DomainError, type NodeId, type Subject } from '#libs/kernel';
import type { LifeFacts, LifeMark, LifeStore } from '#libs/use-cases';
import { hashArray } from './binary-arrays.ts';
import { classified } from './errors.ts';
import * as sql from './lives.sql.ts';
import { hashOf, instantOf } from './rows.ts';

/** Given a database at the moment a connection to it is made, before anybody uses the connection. */
export interface LifeWatch {
  /** What the database is held against. */
  mark(): LifeMark | undefined;
  see(facts: LifeFacts, against: LifeMark | undefined): void;
}

interface FactsRow {
  readonly system: string;
  readonly database: string;
  readonly timeline: number;
  readonly life: number;
  readonly last_index: string | null;
  readonly last_hash: Buffer | null;
  readonly hash_at: Buffer | null;
  readonly recovering: boolean;
}
interface Client {
  query<R extends object>(query: { name: string; text: string; values: unknown[] }): Promise<{ readonly rows: R[] }>;
}

export async function readFacts(client: Client, at = -1): Promise<LifeFacts> {
  const { rows } = await client.query<FactsRow>({ ...sql.LIFE_FACTS, values: [at] });
  const row = rows[0] as FactsRow;
  return {
    identity: { system: row.system, database: row.database, timeline: row.timeline },
    life: row.life,
    size: row.last_index === null ? 0 : Number(row.last_index) + 1,
    ...(row.last_hash && { lastHash: hashOf(row.last_hash) }),
    ...(row.hash_at && { hashAt: hashOf(row.hash_at) }),
    recovering: row.recovering,
  };
}

export function lives(pool: Pool): LifeStore {
  const rows = async <R extends object>(query: { name: string; text: string }, values: unknown[]): Promise<R[]> =>
    classified(async () => (await pool.query<R>({ ...query, values })).rows);
  return {
    lifeFacts: (at) => classified(() => readFacts(pool, at)),
    async laterLives() {
      return (await rows<LifeRow>(sql.LATER_LIVES, [])).map((row) => ({
        life: row.life,
        kept: Number(row.kept),
        ...(row.note_before !== null && { noteBefore: row.note_before }),
        begunAt: instantOf(row.begun_at),
        ...(row.recovered_at && { recoveredAt: instantOf(row.recovered_at) }),
      }));
    },
    async beginLife(life, noteBefore) {
      const [row] = await rows<{ begun: boolean }>(sql.BEGIN_LIFE, [life, noteBefore ?? null]);
      if (!row?.begun) throw new DomainError('LIFE_OVER', `life ${life} is over`, { life });
    },
    async endRecovery() {
      await rows(sql.END_RECOVERY, []);
    },
    async raiseCounter(agency, name, atLeast) {
      await rows(sql.RAISE_COUNTER, [agency, name, atLeast]);
    },
    ...recoveries(rows),
  };
}

type Rows = <R extends object>(query: { name: string; text: string }, values: unknown[]) => Promise<R[]>;
type Recoveries = Pick<
  LifeStore,
  | 'recoveryPeers'
  | 'noteRecoveryPeer'
  | 'wantInRecovery'
  | 'takeRecoveryWanted'
  | 'countRecoveryWanted'
  | 'listHoldings'
>;

function recoveries(rows: Rows): Recoveries {
  return {
    async recoveryPeers(pauseMs) {
      return (await rows<PeerRow>(sql.RECOVERY_PEERS, [pauseMs])).map((row) => ({
        peer: row.peer as NodeId,
        streams: Number(row.streams),
        done: row.done,
        askedLately: row.lately,
        ...(row.after !== null && { after: row.after as Subject }),
      }));
    },
    async noteRecoveryPeer(peer, { streams, after, done }) {
      await rows(sql.NOTE_RECOVERY_PEER, [peer, streams, after ?? null, done]);
    },
    async wantInRecovery(wanted) {
      if (wanted.length === 0) return;
      const hashes = hashArray(wanted.map(({ hash }) => hash));
      const columns = [wanted.map(({ subject }) => subject), wanted.map(({ peer }) => peer)];
      await rows(sql.WANT_IN_RECOVERY, [hashes, ...columns, wanted.map(({ streamseq }) => streamseq)]);
    },
    async takeRecoveryWanted(pauseMs, limit) {
      await rows(sql.DROP_RECOVERED, []);
      return (await rows<WantedRow>(sql.TAKE_RECOVERY_WANTED, [pauseMs, limit])).map((row) => ({
        hash: hashOf(row.hash),
        subject: row.subject as Subject,
        peer: row.peer as NodeId,
        streamseq: Number(row.streamseq),
      }));
    },
    async countRecoveryWanted() {
      await rows(sql.DROP_RECOVERED, []);
      const [row] = await rows<{ wanted: string }>(sql.COUNT_RECOVERY_WANTED, []);
      return Number(row?.wanted);
    },
    async listHoldings({ node, agencies }, after, limit) {
      const sources = node === undefined ? [] : agencies.map(agencySource);
      const found = await rows<HoldingRow>(sql.LIST_HOLDINGS, [node ?? null, agencies, after ?? '', limit, sources]);
      return found.map((row) => ({
        subject: row.subject as Subject,
        streamseq: Number(row.streamseq),
        hash: hashOf(row.hash),
      }));
    },
  };
}

interface LifeRow {
  readonly life: number;
  readonly kept: string;
  readonly note_before: string | null;
  readonly begun_at: Date;
  readonly recovered_at: Date | null;
}
interface PeerRow {
  readonly peer: string;
  readonly streams: string;
  readonly after: string | null;
  readonly done: boolean;
  readonly lately: boolean;
}
interface HoldingRow {
  readonly subject: string;
  readonly streamseq: string;
  readonly hash: Buffer;
}
interface WantedRow extends HoldingRow {
  readonly peer: string;
}
