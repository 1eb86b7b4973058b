/**
 * What a node does with a batch of its mailbox (wire format 6): stages 1 to 4 record by record, 5 to 7 in order on the
 * streams as they are, then everything at once to the ledger together with the offset. A conflict (another process was
 * quicker) leaves the batch undone, and it is judged again on fresh state.
 *
 * Promises: what is acknowledged by the offset is recorded, held, quarantined or, beyond the bounds, dropped and missing on
 * its sender's line; the same batch again changes nothing; disclosures are in the vault before the events that commit to
 * them are recorded; one bad message stops nobody else.
 * Proved by `ingest-mailbox.int.spec.ts`, `hostile-records.int.spec.ts` and the stories with hostile peers.
 */
import { DomainError } from '#libs/kernel';
import { answerExchange } from '../answer-peers/answer-exchange.ts';
import { answerFromMemory } from '../answer-peers/answer-from-memory.ts';
import { leadOn } from '../answer-peers/lead-on.ts';
import { judgeTogether } from '../judge-together.ts';
import type { NodeServices } from '../node-services.ts';
import { releaseHeld } from '../release-held/release-held.ts';
import type { Arrival, IncomingBatch, IncomingRecord, MailboxOffset } from '../ports/index.ts';
import type { ArrivedRecord, IngestSummary } from './arrived.ts';
import { borderDeps } from './border-deps.ts';
import { planRecords } from './plan-records.ts';
import { comingBack, hopsOf, splitRecorded } from './recorded-before.ts';
import { recordPlan } from './record-plan.ts';

/** Every conflict means that somebody else made progress; a batch that loses this often is put back to the broker. */
const ATTEMPTS = 20;

export async function ingestBatch(services: NodeServices, batch: IncomingBatch): Promise<IngestSummary> {
  services.life.mustTakeIn();
  const { fresh, known } = await splitRecorded(services, batch.records);
  const arrived = await judgeRecords(services, fresh);
  const reopened = comingBack(known);
  const more = { reopened, ...offsetAfter(batch) };
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const plan = await planRecords(services, arrived);
    const { verdict, waiting } = await recordPlan(services, { arrived, plan }, more);
    if (verdict.kind === 'conflict') continue;
    await answerExchange(services, arrived, plan.freedExchange);
    await answerFromMemory(services, known);
    await leadOn(services, known);
    services.bell.ring();
    const { summary } = plan;
    // Another partition may have recorded what these wait for between our look and our hold.
    if (summary.held + waiting > 0) await releaseHeld(services);
    return { ...summary, held: summary.held + waiting, duplicates: summary.duplicates + known.length };
  }
  throw new DomainError('CONTENDED', 'a batch met other writers too often', { partition: batch.partition });
}

async function judgeRecords(
  services: NodeServices,
  records: readonly IncomingRecord[],
): Promise<readonly ArrivedRecord[]> {
  const judged = await judgeTogether(records, borderDeps(services), services.verifyAll);
  return records.map((record, at) => ({
    record,
    arrival: arrivalOf(record),
    judged: judged[at] as ArrivedRecord['judged'],
  }));
}

function arrivalOf(record: IncomingRecord): Arrival {
  const hops = hopsOf(record);
  const { partition, offset } = record;
  return { kind: 'mailbox', partition, offset, ...(hops > 0 ? { hops } : {}) };
}

function offsetAfter({ clusterId, partition, partitionStart, records, mark }: IncomingBatch): {
  offset?: MailboxOffset;
} {
  const last = records.at(-1);
  if (!last) return {};
  const next = String(BigInt(last.offset) + 1n);
  return { offset: { clusterId, partition, partitionStart, next, ...(mark !== undefined && { mark }) } };
}
