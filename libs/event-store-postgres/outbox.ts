/**
 * The sending side of the outbox. A receiver is leased to one relay at a time; `fence` counts the leases, and whoever
 * holds an older one reads nothing and marks nothing. Proved by `outbox.int.spec.ts` and the contract suite.
 */
import type { Hash, MessageClass, NodeId, Subject } from '#libs/kernel';
import type { EventStore, OpeningDue, OutboxItem } from '#libs/use-cases';
import { classified } from './errors.ts';
import * as sql from './outbox.sql.ts';
import type { StorePools } from './pools.ts';
import { bytesOfHash, hashOf } from './rows.ts';

type Outbox = Pick<
  EventStore,
  | 'leaseOutbox'
  | 'readOutbox'
  | 'markSent'
  | 'releaseOutbox'
  | 'readLine'
  | 'requestResend'
  | 'requestStreamResend'
  | 'wasSentTo'
  | 'findFirstReceiver'
  | 'takeResends'
  | 'markResent'
>;

interface ItemRow {
  readonly node: string;
  readonly line: number;
  readonly number: string;
  readonly log_index: string;
  readonly hops: number | null;
  readonly hash: Buffer;
  readonly class: MessageClass;
  readonly bytes: Buffer;
  readonly subject: string;
  readonly openings: readonly { event: string; pointers: string[] | null; purpose: string }[] | null;
}

const itemOf = (row: ItemRow): OutboxItem => ({
  receiver: row.node as NodeId,
  line: row.line,
  number: Number(row.number),
  logIndex: Number(row.log_index),
  hash: hashOf(row.hash),
  subject: row.subject as Subject,
  class: row.class,
  bytes: row.bytes,
  openings: (row.openings ?? []).map(({ event, pointers, purpose }): OpeningDue => ({
    event: Buffer.from(event, 'hex').toString('base64url') as Hash,
    pointers: pointers ?? 'all',
    purpose,
  })),
  ...(row.hops !== null && { hops: row.hops }),
});

/** @param append numbers what a stream's resend finds without a number */
export function outbox({ relay, soon }: Pick<StorePools, 'relay' | 'soon'>, append: EventStore['append']): Outbox {
  const run = <R extends object>(query: { name: string; text: string }, values: unknown[], pool = relay) =>
    classified(() => pool.query<R>({ ...query, values }));
  const items = async (query: { name: string; text: string }, values: unknown[]): Promise<OutboxItem[]> =>
    (await run<ItemRow>(query, values)).rows.map(itemOf);

  return {
    async leaseOutbox(owner, ttlMs) {
      const [row] = (await run<{ node: string; fence: string }>(sql.LEASE_OUTBOX, [owner, ttlMs])).rows;
      return row && { receiver: row.node as NodeId, fence: Number(row.fence) };
    },
    readOutbox: ({ receiver, fence }, limit) => items(sql.READ_OUTBOX, [receiver, fence, limit]),
    async markSent({ receiver, fence }, line, upTo) {
      return (await run(sql.MARK_SENT, [receiver, fence, line, upTo], soon)).rowCount === 1;
    },
    async releaseOutbox({ receiver, fence }) {
      await run(sql.RELEASE_OUTBOX, [receiver, fence], soon);
    },
    readLine: (receiver, line, first, limit) => items(sql.READ_LINE, [receiver, line, first, limit]),
    async requestResend(receiver, numbers, line) {
      await run(sql.REQUEST_RESEND, [receiver, line, numbers]);
    },
    async requestStreamResend(receiver, subject, from, to) {
      const places = [from, to ?? null];
      const { rows } = await run<{ hash: Buffer }>(sql.REQUEST_STREAM_RESEND, [receiver, subject, ...places]);
      const deliveries = rows.map(({ hash }) => ({ receiver, message: hashOf(hash) }));
      if (deliveries.length > 0) await append({ messages: [], streams: [], deliveries });
    },
    async wasSentTo(receiver, message) {
      return (await run(sql.WAS_SENT_TO, [receiver, bytesOfHash(message)])).rowCount !== 0;
    },
    async findFirstReceiver(command) {
      const { rows } = await run<{ node: string }>(sql.FIND_FIRST_RECEIVER, [bytesOfHash(command)]);
      return rows[0]?.node as NodeId | undefined;
    },
    takeResends: (receiver, limit) => items(sql.TAKE_RESENDS, [receiver, limit]),
    async markResent(receiver, numbers, line) {
      await run(sql.MARK_RESENT, [receiver, line, numbers]);
    },
  };
}
