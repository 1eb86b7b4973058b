import type { StopSwitches } from '#libs/use-cases';
import type { Housekeeping } from '../wiring/housekeeping.ts';
import { startLoop, type Loop, type LoopServices } from './loop.ts';

/** Any process of a node may do it, and several at once: each passes over what another has in hand. */
export const pruneLoop = (
  services: LoopServices,
  stops: Pick<StopSwitches, 'isStopped'>,
  housekeeping: Pick<Housekeeping, 'prune'>,
): Loop =>
  startLoop(services, {
    name: 'prune',
    needs: 'signs',
    everyMs: 60_000,
    run: async () => {
      if (!stops.isStopped({ loop: 'prune' })) await housekeeping.prune();
    },
  });
