/**
 * What a plan makes of messages that are judged again. A message leaves its place only for what is known to have become of
 * it: a plan also leaves out what finds no room (a hold or a quarantine at its bound), and that stays where it is. Proved by
 * `nothing-lost-for-room.int.spec.ts`.
 */
import type { Became } from '#libs/exchange';
import type { Hash } from '#libs/kernel';
import type { ArrivedRecord, IngestPlan } from '../ingest-mailbox/arrived.ts';
import type { NodeServices } from '../node-services.ts';

export type BecameAgain =
  | { readonly became: Became; readonly hash: Hash }
  | { readonly became: 'failed'; readonly stage: string; readonly code: string };

/** It cannot leave: what it would go to is full. */
const NO_ROOM = { became: 'failed', stage: 'bounds', code: 'NO_ROOM' } as const;

/** One for each of `arrived`, in order; a second copy of a message is a duplicate of the first. */
export async function becameOf(
  services: NodeServices,
  arrived: readonly ArrivedRecord[],
  plan: IngestPlan,
): Promise<readonly BecameAgain[]> {
  const hashes = arrived.flatMap(({ judged }) => (judged.ok ? [judged.sealed.hash] : []));
  const [recorded, held] = await Promise.all([services.store.findByHash(hashes), services.store.isHeld(hashes)]);
  const refused = new Map(plan.batch.quarantined.map((one) => [one.hash, one]));
  const holding = new Set([...held, ...plan.batch.held.map(({ hash }) => hash)]);
  const seen = new Set<Hash>();
  return arrived.map(({ judged }) => {
    if (!judged.ok) return { became: 'failed', stage: judged.stage, code: judged.code };
    const { hash } = judged.sealed;
    if (judged.sealed.class === 'directory') return { became: 'failed', stage: 'envelope', code: 'TYPE_UNKNOWN' };
    const again = refused.get(hash);
    if (again) return { became: 'failed', stage: again.stage, code: again.code };
    if (recorded.has(hash) || seen.has(hash)) return { became: 'duplicate', hash };
    seen.add(hash);
    if (plan.recorded.has(hash)) return { became: 'recorded', hash };
    if (holding.has(hash)) return { became: 'held', hash };
    return judged.sealed.class === 'exchange' && judged.tooEarly === undefined ? { became: 'answered', hash } : NO_ROOM;
  });
}

/**
 * The plan without those that are judged again: what they fail for a second time is no second message in quarantine. Others
 * that are refused with them (held ones that waited for one of these) go there as ever.
 */
export function withoutAgain(plan: IngestPlan, again: readonly ArrivedRecord[]): IngestPlan {
  const own = new Set(again.map(({ judged }) => (judged.ok ? judged.sealed.hash : judged.hash)));
  const quarantined = plan.batch.quarantined.filter(({ hash }) => hash === undefined || !own.has(hash));
  return { ...plan, batch: { ...plan.batch, quarantined } };
}
