/**
 * What a node does with a batch of its mailbox (wire format 6): stages 1 to 4 record by record, 5 to 7 in order on the
 * streams as they are, then everything at once to the ledger together with the offset. A conflict (another process was
 * quicker) leaves the batch undone, and it is judged again on fresh state.
 *
 * Promises: what is acknowledged by the offset is recorded, held or quarantined; the same batch again changes nothing;
 * disclosures are in the vault before the events that commit to them are recorded; one bad message stops nobody else.
 * Proved by `ingest-mailbox.int.spec.ts` and the stories with hostile peers.
 */
import { claimedHashOf, judgeAlone, type AloneDeps } from '#libs/exchange';
import { DomainError, type Hash } from '#libs/kernel';
import { answerExchange } from '../answer-peers/answer-exchange.ts';
import { findOpenings, storeOpenings } from '../answer-peers/openings-arrived.ts';
import type { NodeServices } from '../node-services.ts';
import type { Arrival, IncomingBatch, IncomingRecord } from '../ports/index.ts';
import type { ArrivedRecord, IngestSummary } from './arrived.ts';
import { borderDeps } from './border-deps.ts';
import { planRecords } from './plan-records.ts';

/** Every conflict means that somebody else made progress; a batch that loses this often is put back to the broker. */
const ATTEMPTS = 20;

export async function ingestBatch(services: NodeServices, batch: IncomingBatch): Promise<IngestSummary> {
  const deps = borderDeps(services);
  const fresh = await withoutRecorded(services, batch.records);
  const arrived = fresh.map((record) => judgeRecord(record, deps));
  const offset = {
    clusterId: batch.clusterId,
    partition: batch.partition,
    partitionStart: batch.partitionStart,
    next: nextOffset(batch),
  };
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const plan = await planRecords(services, arrived);
    const waiting = await storeOpenings(services, findOpenings(services, arrived, plan), plan);
    const verdict = await services.store.record({ ...plan.batch, held: [...plan.batch.held, ...waiting], offset });
    if (verdict.kind === 'conflict') continue;
    await answerExchange(services, arrived);
    services.bell.ring();
    return { ...plan.summary, duplicates: plan.summary.duplicates + batch.records.length - fresh.length };
  }
  throw new DomainError('CONTENDED', 'a batch met other writers too often', { partition: batch.partition });
}

/** Bytes already recorded are a duplicate and go through no stage (wire format 6). */
async function withoutRecorded(
  services: NodeServices,
  records: readonly IncomingRecord[],
): Promise<readonly IncomingRecord[]> {
  const claimed = records.map(({ value }) => value && claimedHashOf(value, services.sha256));
  const hashes = claimed.filter((hash) => hash !== undefined && hash !== null);
  const stored = await services.store.findByHash(hashes);
  if (stored.size === 0) return records;
  return records.filter(({ value }, at) => {
    const known = stored.get(claimed[at] as Hash);
    return !(known && value && sameBytes(known.bytes, value));
  });
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, at) => byte === b[at]);

function judgeRecord(record: IncomingRecord, deps: AloneDeps): ArrivedRecord {
  const hops = hopsOf(record.headers['lt-hops']);
  const arrival: Arrival = {
    kind: 'mailbox',
    partition: record.partition,
    offset: record.offset,
    ...(hops > 0 ? { hops } : {}),
  };
  return { record, arrival, judged: judgeAlone(record, deps) };
}

/** Decimal, absent is 0 (wire format 2.1); what is no number counts as the limit, so that nobody gains by a bad header. */
function hopsOf(header: string | undefined): number {
  if (header === undefined) return 0;
  return /^\d{1,3}$/.test(header) ? Number(header) : 99;
}

function nextOffset(batch: IncomingBatch): string {
  const last = batch.records.at(-1);
  return last ? String(BigInt(last.offset) + 1n) : batch.partitionStart;
}
