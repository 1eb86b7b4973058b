/**
 * A request to erase that is refused is a record, with its times and the text (domain reference 9; Nghị định 13/2023
 * Art 14(8), 16): `erasure-refused` in the operations of the agency that was asked. The dossier's stream says nothing of it:
 * what was asked of one agency is no fact that others decide by, and an agency that does not hold the dossier is asked, too.
 * A refusal of the asker (role, party, stale, malformed) is no refusal of the erasure. Proved by `refused-erasure.int.spec.ts`.
 */
import type { RefusalCode } from '#libs/dossier';
import { instantToMs, msToNearestInstant, type Instant, type JsonObject } from '#libs/kernel';
import { ruleAt } from '#libs/procedures';
import type { NodeServices } from '../node-services.ts';
import { recordOperation } from '../record-operation/record-operation.ts';
import type { Act } from './act.ts';
import type { Acted } from './answer.ts';

type RefusedAct = Extract<Acted, { kind: 'refused' }>;

const OF_THE_ERASURE: ReadonlySet<RefusalCode> = new Set([
  'RETENTION_FORBIDS_ERASURE',
  'ALREADY_ERASED',
  'DOSSIER_IN_TRANSIT',
  'DOSSIER_RELEASED',
  'COMMAND_NOT_ALLOWED',
  'NOT_CUSTODIAN',
]);

/** The refusal, which is on record when this resolves if it is one of an erasure. Throws `CONTENDED`. */
export async function onRecord(services: NodeServices, act: Act, refused: RefusedAct): Promise<Acted> {
  if (act.command !== 'erase-personal-data' || !OF_THE_ERASURE.has(refused.code)) return refused;
  const { agency, actor, correlationId } = act;
  const data = { ...statedIn(act), ...timesOf(services, act), ...groundOf(refused) };
  await recordOperation(services, { agency, actor, correlationId, facts: [{ type: 'erasure-refused', data }] });
  return refused;
}

const statedIn = ({ subject, data }: Act): JsonObject => ({
  stream: subject,
  ...Object.fromEntries(
    ['subjects', 'reason', 'legalBasis', 'actor'].flatMap((member) =>
      data[member] === undefined ? [] : [[member, data[member]]],
    ),
  ),
});

/** The clock of the answer begins when the person asked (Art 16(5)). */
function timesOf(services: NodeServices, { occurredAt }: Act): JsonObject {
  const refusedAt = services.clock.now();
  const requestedAt: Instant = occurredAt ?? refusedAt;
  const rule = ruleAt(services.procedures.rules.erasureAnswer, requestedAt);
  return { requestedAt, refusedAt, ...(rule ? { answerDueAt: hoursLater(requestedAt, rule.hours) } : {}) };
}

const hoursLater = (from: Instant, hours: number): Instant => msToNearestInstant(instantToMs(from) + hours * 3_600_000);

const GROUNDS = ['dossier-open', 'retention', 'kept-for-ever'];
function groundOf({ code, details }: RefusedAct): JsonObject {
  const { reason, until } = details;
  const ground = typeof reason === 'string' && GROUNDS.includes(reason) ? reason : 'other';
  return { code, ground, ...(typeof until === 'string' ? { until } : {}) };
}
