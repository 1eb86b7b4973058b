/**
 * Manifests and receipts (wire format 2.2). Lines coming in are brought level with the ledger when they are looked at.
 * Proved by `lines.int.spec.ts` and the contract suite.
 */
import type { NodeId } from '#libs/kernel';
import type { DeliveryStatus, EventStore, InboundStatus } from '#libs/use-cases';
import { hashArray } from './binary-arrays.ts';
import { classified } from './errors.ts';
import * as sql from './lines.sql.ts';
import type { StorePools } from './pools.ts';
import { instantOf } from './rows.ts';

type Lines = Pick<
  EventStore,
  'applyReceipt' | 'applyManifest' | 'receiptsDue' | 'markReceiptSent' | 'deliveries' | 'inbound'
>;

interface LineColumns {
  readonly line: number;
  readonly highest: string;
  readonly contiguous: string;
  readonly missing: [number, number][];
  readonly refused: [number, string][];
}
interface InboundRow extends LineColumns {
  readonly peer: string;
  readonly changes: string;
  readonly due: boolean;
}
interface DeliveryRow extends LineColumns {
  readonly node: string;
  readonly sent: string;
  readonly oldest_unconfirmed_at: Date | null;
  readonly receipt_at: Date | null;
}

const lineOf = ({ line, highest, contiguous, missing, refused }: LineColumns) => ({
  line,
  highest: Number(highest),
  contiguousUpTo: Number(contiguous),
  missing,
  refused,
});
const inboundOf = (row: InboundRow): InboundStatus => ({ peer: row.peer as NodeId, ...lineOf(row) });
const deliveryOf = (row: DeliveryRow): DeliveryStatus => ({
  peer: row.node as NodeId,
  ...lineOf(row),
  sent: Number(row.sent),
  ...(row.oldest_unconfirmed_at && { oldestUnconfirmedAt: instantOf(row.oldest_unconfirmed_at) }),
  ...(row.receipt_at && { receiptAt: instantOf(row.receipt_at) }),
});

export function lines({ relay, soon }: Pick<StorePools, 'relay' | 'soon'>): Lines {
  const run = <R extends object>(query: { name: string; text: string }, values: unknown[], pool = relay) =>
    classified(() => pool.query<R>({ ...query, values }));
  /** What a receipt handed out was made from, so that a change that comes while it is sent is not lost. */
  const handedOut = new Map<string, string>();

  async function inboundRows(): Promise<InboundRow[]> {
    await run(sql.SETTLE_INBOUND, [], soon);
    return (await run<InboundRow>(sql.INBOUND, [])).rows;
  }

  return {
    async applyReceipt(peer, { line, contiguousUpTo, missing, refused, logSize }) {
      const values = [peer, line, contiguousUpTo, JSON.stringify(missing), JSON.stringify(refused), logSize];
      await run(sql.APPLY_RECEIPT, values, soon);
    },
    // eslint-disable-next-line max-params -- the port's own: a manifest's four members
    async applyManifest(peer, line, first, hashes, highest) {
      await run(sql.APPLY_MANIFEST, [peer, line, first, hashArray(hashes), highest]);
    },
    async receiptsDue() {
      const due = (await inboundRows()).filter((row) => row.due);
      for (const { peer, line, changes } of due) handedOut.set(`${peer}/${line}`, changes);
      return due.map(inboundOf);
    },
    async markReceiptSent(peer, line, contiguousUpTo) {
      await run(sql.MARK_RECEIPT_SENT, [peer, line, handedOut.get(`${peer}/${line}`) ?? null, contiguousUpTo], soon);
    },
    deliveries: async () => (await run<DeliveryRow>(sql.DELIVERIES, [])).rows.map(deliveryOf),
    inbound: async () => (await inboundRows()).map(inboundOf),
  };
}
