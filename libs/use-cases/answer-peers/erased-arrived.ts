/**
 * `erased` from a peer (wire format 2.2): it has destroyed its copies of what a `personal-data-erased` names. Kept by node, so
 * that whoever answers for the data can see who has not. It may overtake the event itself, and is held for it then.
 */
import { isHash, splitSource, splitType, type Hash, type JsonObject, type NodeId } from '#libs/kernel';
import type { ArrivedRecord, IngestPlan } from '../ingest-mailbox/arrived.ts';

import type { NodeServices } from '../node-services.ts';
import type { HeldMessage } from '../ports/index.ts';
import { openStored } from '../stored-messages.ts';
import { holdFor } from './openings-arrived.ts';

const ERASURE = 'personal-data-erased';

function eventNamed(data: JsonObject): Hash | undefined {
  const event = data['event'];
  return typeof event === 'string' && isHash(event) ? event : undefined;
}

/** False: the data are not what the name demands. */
export async function noteErased(
  services: NodeServices,
  { peer, data }: { readonly peer: NodeId; readonly data: JsonObject },
): Promise<boolean> {
  const event = eventNamed(data);
  if (event === undefined) return false;
  const stored = (await services.store.findByHash([event])).get(event);
  if (!stored) return true;
  if (splitType(openStored(stored).message.type)?.name !== ERASURE) return false;
  await services.vault.recordErased(event, { node: peer, confirmedAt: services.clock.now() });
  return true;
}

/** Those of this batch that name an event which is neither recorded nor in the plan: to be held for it. */
export async function findErasedWaiting(
  services: NodeServices,
  arrived: readonly ArrivedRecord[],
  plan: IngestPlan,
): Promise<readonly HeldMessage[]> {
  const named = arrived.flatMap(({ judged, arrival }) => {
    if (!judged.ok || judged.tooEarly !== undefined) return [];
    const { message } = judged.sealed;
    if (splitType(message.type)?.name !== 'erased' || splitSource(message.source)?.kind !== 'node') return [];
    const event = eventNamed(message.data);
    return event && !plan.recorded.has(event) ? [{ sealed: judged.sealed, arrival, event }] : [];
  });
  if (named.length === 0) return [];
  const stored = await services.store.findByHash(named.map(({ event }) => event));
  return named
    .filter(({ event }) => !stored.has(event))
    .map(({ sealed, arrival, event }) => holdFor(services, { sealed, arrival }, event));
}
