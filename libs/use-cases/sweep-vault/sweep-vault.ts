/** Disclosures whose event never reached the ledger (vault before ledger, design 8) go after a day. To be done daily. */
import { instantToMs, msToInstant } from '#libs/kernel';
import type { NodeServices } from '../node-services.ts';

/** Longer than any append is tried again. */
const KEPT_MS = 86_400_000;

/** Gives the number of disclosures deleted. Several processes may do it at once. */
export const sweepVault = ({ vault, store, wallClock }: NodeServices): Promise<number> =>
  vault.sweep(
    async (events) => new Set((await store.findByHash(events)).keys()),
    msToInstant(instantToMs(wallClock.now()) - KEPT_MS),
  );
