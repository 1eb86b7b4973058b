/**
 * What this node has yet to answer. The lists go round: each look begins behind where the last one ended, so that what
 * cannot be done yet never keeps the rest from being looked at.
 */
import type { Pool } from 'pg';
import type { NodeId, Subject } from '#libs/kernel';
import type { EventStore } from '#libs/use-cases';
import { hashArray } from './binary-arrays.ts';
import { classified } from './errors.ts';
import * as sql from './ledger-reads.sql.ts';
import { bytesOfHash, hashOf, type HeadRow, headOf, type LedgerRow, storedOf } from './rows.ts';

type Worklists = Pick<
  EventStore,
  'findUnanswered' | 'markPassedOn' | 'findWays' | 'listUnanswered' | 'listInTransitTo'
>;

export function worklists(pool: Pool): Worklists {
  async function rows<R extends object>(query: { name: string; text: string }, values: unknown[]): Promise<R[]> {
    return classified(async () => (await pool.query<R>({ ...query, values })).rows);
  }
  /** Numbers of streams. */
  let unansweredAfter = '0';
  let transitAfter = '0';

  return {
    findUnanswered: async (subject) => (await rows<LedgerRow>(sql.FIND_UNANSWERED, [subject])).map(storedOf),
    async markPassedOn(command, way) {
      if (way) await rows(sql.MARK_PASSED_ON, [bytesOfHash(command), way.to, way.hops]);
      else await rows(sql.PUT_ASIDE, [bytesOfHash(command)]);
    },
    async findWays(commands) {
      if (commands.length === 0) return new Map();
      const found = await rows<{ hash: Buffer; node: string; hops: number }>(sql.FIND_WAYS, [hashArray(commands)]);
      return new Map(found.map(({ hash, node, hops }) => [hashOf(hash), { to: node as NodeId, hops }]));
    },
    async listUnanswered(limit) {
      const found = await rows<{ stream: string; subject: Subject }>(sql.LIST_UNANSWERED, [unansweredAfter, limit]);
      unansweredAfter = found.at(-1)?.stream ?? '0';
      return found.map(({ subject }) => subject);
    },
    async listInTransitTo(agencies, limit) {
      const values = [agencies, transitAfter, limit];
      const found = await rows<HeadRow & { stream: string }>(sql.LIST_IN_TRANSIT, values);
      transitAfter = found.at(-1)?.stream ?? '0';
      return found.map(headOf);
    },
  };
}
