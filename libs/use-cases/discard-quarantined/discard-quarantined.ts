/**
 * A quarantined message given up by an operator: never silently, and never for good. The act stands in the ledger with who,
 * why, and the hashes of message and bytes; the row stays as the record it is; the same message sent again is judged again.
 * Nobody edits one: what ought to have been said is said anew by its agency, in an event or command of its own signature.
 * Proved by `apps/gateway/http/operations/discard.int.spec.ts`.
 */
import { DomainError, hashOf, type Hash } from '#libs/kernel';
import type { NodeServices } from '../node-services.ts';
import type { QuarantineRow, TroubleStore } from '../ports/index.ts';
import { planOperation } from '../record-operation/record-operation.ts';
import { actOf, type OperatorDoes } from '../redrive-quarantined/redrive-job.ts';
import { getQuarantined } from '../release-quarantined/release-quarantined.ts';

export interface Discarded {
  readonly number: number;
  /** The event that records it. */
  readonly event: Hash;
}

const ATTEMPTS = 20;
const ACT = 'quarantine-discarded';
export const aboutQuarantined = (id: number): string => `quarantine/${id}`;

/** Throws `QUARANTINE_UNKNOWN`, `ALREADY_RELEASED`, `INVALID`, `CONTENDED`. */
export async function discardQuarantined(
  services: NodeServices,
  store: TroubleStore,
  id: number,
  does: OperatorDoes,
): Promise<Discarded> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const row = await getQuarantined(services, id);
    if (row.releasedAt !== undefined) throw new DomainError('ALREADY_RELEASED', 'it has left quarantine already');
    const operation = await planOperation(services, actOf(does, ACT, factOf(services, row)));
    const event = operation.events.at(-1)?.hash as Hash;
    await services.vault.put(operation.disclosures);
    await store.noteAct({ about: aboutQuarantined(id), act: ACT, by: does.by, reason: does.reason }, event);
    const verdict = await services.store.record({ ...NOTHING_ARRIVED, units: [operation.unit], released: [id] });
    if (verdict.kind === 'recorded') return { number: id, event };
  }
  throw new DomainError('CONTENDED', 'a discard met other writers too often', { retryAfterSeconds: 1 });
}

const NOTHING_ARRIVED = { arrivals: new Map(), held: [], quarantined: [], unheld: [] } as const;

const factOf = ({ sha256 }: Pick<NodeServices, 'sha256'>, { id, hash, bytes, stage, code }: QuarantineRow) => ({
  quarantine: id,
  ...(hash === undefined ? {} : { message: hash }),
  bytes: hashOf(bytes, sha256),
  stage,
  code,
});
