/** Bytes already recorded are a duplicate and go through no stage (wire format 6). */
import { claimedHashOf } from '#libs/exchange';
import type { Hash } from '#libs/kernel';
import type { NodeServices } from '../node-services.ts';
import type { IncomingRecord, StoredMessage } from '../ports/index.ts';

export interface KnownRecord {
  readonly record: IncomingRecord;
  readonly stored: StoredMessage;
}
export interface SplitRecords {
  readonly fresh: readonly IncomingRecord[];
  readonly known: readonly KnownRecord[];
}

export async function splitRecorded(services: NodeServices, records: readonly IncomingRecord[]): Promise<SplitRecords> {
  const claimed = records.map(({ value }) => (value ? claimedHashOf(value, services.sha256) : undefined));
  const stored = await services.store.findByHash(claimed.filter((hash) => hash !== undefined));
  const fresh: IncomingRecord[] = [];
  const known: KnownRecord[] = [];
  records.forEach((record, at) => {
    const before = stored.get(claimed[at] as Hash);
    if (before && record.value && sameBytes(before.bytes, record.value)) known.push({ record, stored: before });
    else fresh.push(record);
  });
  return { fresh, known };
}

/** Header `lt-hops`: decimal, absent is 0 (wire format 2.1); what is no number counts as the limit, so that nobody gains by it. */
export function hopsOf({ headers }: Pick<IncomingRecord, 'headers'>): number {
  const header = headers['lt-hops'];
  if (header === undefined) return 0;
  return /^\d{1,2}$/.test(header) ? Number(header) : 99;
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, at) => byte === b[at]);

/** Commands that came a longer way than before: somebody passed them on, perhaps back to us (wire format 2.1). */
export const comingBack = (
  known: readonly KnownRecord[],
): readonly { readonly hash: Hash; readonly hops: number }[] => {
  const longest = new Map<Hash, number>();
  for (const { record, stored } of known) {
    const hops = hopsOf(record);
    if (stored.class === 'command' && hops > 0) longest.set(stored.hash, Math.max(hops, longest.get(stored.hash) ?? 0));
  }
  return [...longest].map(([hash, hops]) => ({ hash, hops }));
};
