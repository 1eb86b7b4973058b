/**
 * From a plan to the ledger: openings that came with it (or waited for it) go to the vault first, so that a disclosure is
 * durable before the event that commits to it is recorded; then everything in one transaction.
 */
import type { Hash } from '#libs/kernel';
import { findOpenings, storeOpenings } from '../answer-peers/openings-arrived.ts';
import { findErasedWaiting } from '../answer-peers/erased-arrived.ts';
import type { NodeServices } from '../node-services.ts';
import type { AppendUnit, IngestVerdict, MailboxOffset } from '../ports/index.ts';
import { admitHeld } from './admission.ts';
import type { ArrivedRecord, IngestPlan } from './arrived.ts';

export interface PlanMore {
  readonly offset?: MailboxOffset;
  /** Quarantine rows that leave with this. */
  readonly released?: readonly number[];
  readonly reopened?: readonly { readonly hash: Hash; readonly hops: number }[];
  /** Recorded beside what arrived. */
  readonly units?: readonly AppendUnit[];
}
export interface PlanRecorded {
  readonly verdict: IngestVerdict;
  /** Exchange messages now held for an event. */
  readonly waiting: number;
}

export async function recordPlan(
  services: NodeServices,
  { arrived, plan }: { readonly arrived: readonly ArrivedRecord[]; readonly plan: IngestPlan },
  { units = [], ...more }: PlanMore = {},
): Promise<PlanRecorded> {
  const waiting = [
    ...(await storeOpenings(services, findOpenings(services, arrived, plan), plan)),
    ...(await findErasedWaiting(services, arrived, plan)),
  ];
  const fresh = await admitHeld(services, await withoutHeld(services, waiting, plan));
  const evicted = new Map(plan.batch.evicted);
  for (const [source, count] of fresh.evicted) evicted.set(source, (evicted.get(source) ?? 0) + count);
  const verdict = await services.store.record({
    ...plan.batch,
    ...more,
    units: [...plan.batch.units, ...units],
    held: [...plan.batch.held, ...fresh.held],
    ...(evicted.size > 0 ? { evicted } : {}),
  });
  return { verdict, waiting: fresh.held.length };
}

/** Once per message, and not what is held already (unless it leaves the hold with this very plan). */
async function withoutHeld<T extends { readonly hash: Hash }>(
  services: NodeServices,
  waiting: readonly T[],
  { batch }: IngestPlan,
): Promise<readonly T[]> {
  if (waiting.length === 0) return waiting;
  const held = await services.store.isHeld(waiting.map(({ hash }) => hash));
  const leaving = new Set(batch.unheld);
  const once = new Map(waiting.map((row) => [row.hash, row]));
  return [...once.values()].filter(({ hash }) => !held.has(hash) || leaving.has(hash));
}
