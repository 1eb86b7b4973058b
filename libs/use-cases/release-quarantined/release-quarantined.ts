/**
 * A quarantined message given back by an operator: judged again as the world is now, and where it passes, recorded (or
 * held) in one transaction with the act itself, `quarantine-released`. What fails again stays where it was.
 *
 * A message under a key since revoked is believed by this act and nothing else, and only for the reason that a believed log
 * was shown (wire format 3 (d)); it must still pass every other stage. Proved by `apps/gateway/http/operations.int.spec.ts`.
 */
import type { Became } from '#libs/exchange';
import { DomainError, type AgencyCode, type JsonObject, type Uuid } from '#libs/kernel';
import { answerExchange } from '../answer-peers/answer-exchange.ts';
import { planRecords } from '../ingest-mailbox/plan-records.ts';
import { recordPlan } from '../ingest-mailbox/record-plan.ts';
import type { NodeServices } from '../node-services.ts';
import type { QuarantineRow } from '../ports/index.ts';
import { planOperation } from '../record-operation/record-operation.ts';
import { becameOf, withoutAgain } from '../release-held/became.ts';
import { judgeAgain } from '../release-held/release-held.ts';
import type { Actor } from '../write-events/write-events.ts';

export interface Release {
  readonly id: number;
  /** A code of the contract `operation.quarantine-released`. */
  readonly reason: string;
  readonly note?: string;
  readonly agency: AgencyCode;
  readonly actor: Actor;
  readonly correlationId: Uuid;
}
export interface ReleasedNow {
  readonly id: number;
  readonly became: 'recorded' | 'held' | 'duplicate';
}

const ATTEMPTS = 20;
const BELIEVED = 'believed-log-shown';

/** Throws `QUARANTINE_UNKNOWN`. */
export async function getQuarantined({ store }: Pick<NodeServices, 'store'>, id: number): Promise<QuarantineRow> {
  const [row] = await store.listQuarantine({ after: id - 1, limit: 1 });
  if (row?.id !== id) throw new DomainError('QUARANTINE_UNKNOWN', 'there is no such message in quarantine');
  return row;
}

/** Throws `QUARANTINE_UNKNOWN`, `ALREADY_RELEASED`, `NOT_RELEASABLE` with the code met this time, `INVALID`, `CONTENDED`. */
export async function releaseQuarantined(services: NodeServices, release: Release): Promise<ReleasedNow> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const row = await getQuarantined(services, release.id);
    if (row.releasedAt !== undefined) throw new DomainError('ALREADY_RELEASED', 'it has left quarantine already');
    const released = await releaseOnce(believing(services, row, release), row, release);
    if (released) return released;
  }
  throw new DomainError('CONTENDED', 'a release met other writers too often', { retryAfterSeconds: 1 });
}

function believing(services: NodeServices, { code, hash }: QuarantineRow, { reason }: Release): NodeServices {
  if (code !== 'KEY_REVOKED' || reason !== BELIEVED || hash === undefined) return services;
  return { ...services, believed: new Set([...services.believed, hash]) };
}

async function releaseOnce(
  services: NodeServices,
  row: QuarantineRow,
  release: Release,
): Promise<ReleasedNow | undefined> {
  const arrived = judgeAgain(services, row);
  if (!arrived.judged.ok) throw notReleasable(arrived.judged.code);
  const plan = await planRecords(services, [arrived]);
  const [outcome] = await becameOf(services, [arrived], plan);
  if (outcome?.became === 'failed') throw notReleasable(outcome.code);
  const operation = await planOperation(services, {
    ...release,
    facts: [{ type: 'quarantine-released', data: factOf(row, release) }],
  });
  await services.vault.put(operation.disclosures);
  const more = { units: [operation.unit], released: [row.id] };
  const { verdict, waiting } = await recordPlan(
    services,
    { arrived: [arrived], plan: withoutAgain(plan, [arrived]) },
    more,
  );
  if (verdict.kind === 'conflict') return undefined;
  await answerExchange(services, [arrived]);
  services.bell.ring();
  return { id: row.id, became: waiting > 0 ? 'held' : shownAs(outcome?.became) };
}

const shownAs = (became: Became | undefined): ReleasedNow['became'] =>
  became === 'duplicate' || became === 'held' ? became : 'recorded';

const notReleasable = (code: string): DomainError =>
  new DomainError('NOT_RELEASABLE', 'it would be quarantined again', { code });

const factOf = ({ id, hash, stage, code }: QuarantineRow, { reason, note }: Release): JsonObject => ({
  quarantine: id,
  ...(hash === undefined ? {} : { message: hash }),
  stage,
  code,
  reason,
  ...(note === undefined ? {} : { note }),
});
