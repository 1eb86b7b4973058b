import { instantToMs } from '#libs/kernel';
import type { NodeServices } from '../node-services.ts';

/** A peer that was level when it was asked may have got something of the lost state since. */
export const LATE_LOOK_MS = 120_000;
const AFTERMATH_MS = 3_600_000;

/** Whether this node signs again, and has recovered not long ago. */
export async function isInAftermath({ life, store, wallClock }: NodeServices): Promise<boolean> {
  if (life.state !== 'alive' || (life.mark()?.life ?? 1) === 1) return false;
  const recoveredAt = (await store.laterLives()).at(-1)?.recoveredAt;
  return recoveredAt !== undefined && instantToMs(wallClock.now()) - instantToMs(recoveredAt) < AFTERMATH_MS;
}
