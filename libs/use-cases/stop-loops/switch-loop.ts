/** An operator stops a loop, or lets it go on: an event of the node, with its reason (design 6, 11). */
import { findNode } from '#libs/directory';
import { aboutLoop, type LoopName, type StoppedLoop } from '#libs/exchange';
import { DomainError } from '#libs/kernel';
import type { NodeServices } from '../node-services.ts';
import type { TroubleStore } from '../ports/index.ts';
import { recordNoted } from '../record-operation/record-noted.ts';
import { actOf, type OperatorDoes } from '../redrive-quarantined/redrive-job.ts';
import type { StopSwitches } from './stop-switches.ts';

interface Switching {
  readonly name: LoopName;
  readonly stopped: boolean;
}

/** The switches as they are afterwards; no event where they are so already. Throws `PEER_UNKNOWN`, `INVALID`, `CONTENDED`. */
export async function switchLoop(
  services: NodeServices,
  { store, stops }: { readonly store: TroubleStore; readonly stops: StopSwitches },
  { name, stopped }: Switching,
  does: OperatorDoes,
): Promise<readonly StoppedLoop[]> {
  const { loop, peer } = name;
  if (peer !== undefined && (peer === services.node || !findNode(services.directory(), peer)))
    throw new DomainError('PEER_UNKNOWN', 'the directory has no such peer', { peer });
  const act = stopped ? 'loop-stopped' : 'loop-resumed';
  await recordNoted<undefined>(
    services,
    async () => {
      await stops.refresh();
      if (stops.isStopped(name) === stopped) return { done: undefined };
      const { by, reason } = does;
      return {
        act: actOf(does, act, { loop, ...(peer === undefined ? {} : { peer }) }),
        note: (event) => store.noteAct({ about: aboutLoop(name), act, by, reason }, event),
      };
    },
    async () => undefined,
  );
  await stops.refresh();
  return stops.list();
}
