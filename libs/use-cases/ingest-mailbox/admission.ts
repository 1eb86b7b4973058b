/** Bounds of what is held and quarantined, per claimed source and in all (wire format 6), as the ledger stands now. */
import { admitAll, HOLD_BOUNDS, QUARANTINE_BOUNDS } from '#libs/exchange';
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

/** Quarantine is evidence: nothing in it goes for what comes later. */
export async function admitQuarantined(
  services: NodeServices,
  refused: readonly QuarantinedMessage[],
): Promise<QuarantineAdmission> {
  if (refused.length === 0) return { quarantined: refused, dropped: 0 };
  const named = refused.map((message) => ({ source: message.source ?? '', message }));
  const { admitted, evicted, dropped } = admitAll(await services.store.countQuarantine(), named, QUARANTINE_BOUNDS);
  const beyond = [...evicted.values()].reduce((sum, count) => sum + count, 0);
  const room = beyond === 0 ? admitted : admitted.slice(0, admitted.length - beyond);
  return { quarantined: room.map(({ message }) => message), dropped: dropped.length + beyond };
}
