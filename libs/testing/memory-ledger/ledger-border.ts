/** What waits at the border of a ledger in memory: offsets, held and quarantined messages. */
import type { QuarantineTaken } from '#libs/exchange';
import { instantToMs, msToInstant, type Hash } from '#libs/kernel';
import type { EventStore, HeldMessage, QuarantinedMessage } from '#libs/use-cases';
import type { LedgerState } from './ledger-state.ts';

type Border = Pick<
  EventStore,
  | 'findOffset'
  | 'findHeldWaitingFor'
  | 'findHeldDue'
  | 'findGapsOlderThan'
  | 'countHeld'
  | 'isHeld'
  | 'listQuarantine'
  | 'findQuarantineByCodes'
  | 'countQuarantine'
  | 'quarantineTaken'
>;

const byArrival = (a: HeldMessage, b: HeldMessage): number =>
  a.heldSince.localeCompare(b.heldSince) || a.hash.localeCompare(b.hash);

function tally(sources: readonly (string | undefined)[]): { total: number; bySource: ReadonlyMap<string, number> } {
  const bySource = new Map<string, number>();
  for (const source of sources) bySource.set(source ?? '', (bySource.get(source ?? '') ?? 0) + 1);
  return { total: sources.length, bySource };
}

const sizeOf = (rows: readonly QuarantinedMessage[]): { messages: number; bytes: number } => ({
  messages: rows.length,
  bytes: rows.reduce((sum, { bytes }) => sum + bytes.length, 0),
});
function takenOf(rows: readonly QuarantinedMessage[], sources: readonly string[]): QuarantineTaken['proved'] {
  const named = [...new Set(sources)].map((name) => [name, rows.filter(({ source = '' }) => source === name)] as const);
  const bySource = new Map(named.filter(([, own]) => own.length > 0).map(([name, own]) => [name, sizeOf(own)]));
  return { ...sizeOf(rows), bySource };
}

export function border(state: LedgerState): Border {
  /** Where the next look at old gaps begins. */
  let gapsAfter = '';
  const held = (): readonly HeldMessage[] => [...state.held.values()].toSorted(byArrival);
  const waiting = () => state.quarantine.filter(({ releasedAt }) => releasedAt === undefined);
  return {
    findOffset: async (partition) => state.offsets.get(partition),
    findHeldWaitingFor: async (hashes) =>
      held().filter(({ waitsFor }) => waitsFor !== undefined && hashes.includes(waitsFor)),
    async findHeldDue(now, directoryVersion, limit) {
      const isDue = ({ reason, until, waitsFor }: HeldMessage): boolean => {
        if (reason === 'GAP') return waitsFor !== undefined && state.byHash.has(waitsFor);
        return until !== undefined && until <= (reason === 'TOO_EARLY' ? now : directoryVersion);
      };
      return held().filter(isDue).slice(0, limit);
    },
    async findGapsOlderThan(heldBefore, limit) {
      const setBack = msToInstant(instantToMs(heldBefore) + 600_000);
      const old = held().filter(
        ({ reason, heldSince }) => reason === 'GAP' && (heldSince < heldBefore || heldSince > setBack),
      );
      const round = old.toSorted(
        (a, b) => Number(a.hash <= gapsAfter) - Number(b.hash <= gapsAfter) || (a.hash < b.hash ? -1 : 1),
      );
      const found = round.slice(0, limit);
      gapsAfter = found.at(-1)?.hash ?? '';
      return found;
    },
    countHeld: async () => tally(held().map(({ source }) => source)),
    isHeld: async (hashes) => new Set<Hash>(hashes.filter((hash) => state.held.has(hash))),
    listQuarantine: async ({ code, after = 0, limit }) =>
      state.quarantine.filter((row) => row.id > after && (code === undefined || row.code === code)).slice(0, limit),
    findQuarantineByCodes: async (codes, limit, after = 0) =>
      waiting()
        .filter((row) => row.id > after && codes.includes(row.code))
        .slice(0, limit),
    countQuarantine: async () => tally(waiting().map(({ source }) => source)),
    async quarantineTaken(sources) {
      const isProved = ({ stage }: QuarantinedMessage): boolean => stage === 'known' || stage === 'entitled';
      return {
        proved: takenOf(waiting().filter(isProved), sources),
        unproved: takenOf(
          waiting().filter((row) => !isProved(row)),
          sources,
        ),
      };
    },
  };
}
