/** Bounds of what is held and quarantined, per claimed source and in all (wire format 6), as the ledger stands now. */
import { hasKeys, type Directory } from '#libs/directory';
import { admitAll, admitToQuarantine, HOLD_BOUNDS, type QuarantineClaim } from '#libs/exchange';
import { splitSource } from '#libs/kernel';
import type { NodeServices } from '../node-services.ts';
import type { HeldMessage, QuarantinedMessage } from '../ports/index.ts';

export interface HoldAdmission {
  readonly held: readonly HeldMessage[];
  /** So many of a source's held messages go for those admitted, the youngest first. */
  readonly evicted: ReadonlyMap<string, number>;
  readonly dropped: number;
}

/** Messages that are not held yet. */
export async function admitHeld(services: NodeServices, held: readonly HeldMessage[]): Promise<HoldAdmission> {
  if (held.length === 0) return { held, evicted: new Map(), dropped: 0 };
  const { admitted, evicted, dropped } = admitAll(await services.store.countHeld(), held, HOLD_BOUNDS);
  return { held: admitted, evicted, dropped: dropped.length };
}

export interface QuarantineAdmission {
  readonly quarantined: readonly QuarantinedMessage[];
  readonly dropped: number;
}

export async function admitQuarantined(
  services: NodeServices,
  refused: readonly QuarantinedMessage[],
): Promise<QuarantineAdmission> {
  if (refused.length === 0) return { quarantined: refused, dropped: 0 };
  const directory = services.directory();
  const claimed = refused.map((message) => ({ message, claim: claimOf(message, directory) }));
  const taken = await services.store.quarantineTaken(claimed.map(({ claim }) => claim.source));
  const kept = admitToQuarantine(claimed, taken).map(({ message }) => message);
  return { quarantined: kept, dropped: refused.length - kept.length };
}

/** Stages 5 and 6 are asked only of what its source has signed (wire format 6). */
const AFTER_SIGNATURE: readonly string[] = ['known', 'entitled'];

function claimOf({ stage, source = '', bytes }: QuarantinedMessage, directory: Directory): QuarantineClaim {
  const parts = splitSource(source);
  return {
    whole: AFTER_SIGNATURE.includes(stage) ? 'proved' : 'unproved',
    source,
    hasKeys: parts !== undefined && hasKeys(directory, parts),
    bytes: bytes.length,
  };
}
