/** Lives and recovery of a ledger in memory, as `libs/event-store-postgres/lives.sql.ts` has them. */
import { agencySource, DomainError, instantToMs, type Subject } from '#libs/kernel';
import type {
  Clock,
  DatabaseIdentity,
  Holding,
  HoldingsOf,
  LifeStore,
  RecoveryWanted,
  StreamHead,
} from '#libs/use-cases';
import { counterKey, type Entry, type LedgerState } from './ledger-state.ts';

/** As the migration has it: more codes than an agency issues between two backups. */
const GAP = 1000;

export function lives(state: LedgerState, clock: Clock, identity: () => DatabaseIdentity): LifeStore {
  return {
    async lifeFacts(at = -1) {
      const lastHash = state.entries.at(-1)?.hash;
      const hashAt = state.entries[at]?.hash;
      return {
        identity: identity(),
        life: state.line,
        size: state.entries.length,
        ...(lastHash && { lastHash }),
        ...(hashAt && at >= 0 && { hashAt }),
        recovering: state.lives.some(({ life, recoveredAt }) => life === state.line && recoveredAt === undefined),
      };
    },
    laterLives: async () => [...state.lives],
    async beginLife(life, noteBefore) {
      if (life < state.line) throw new DomainError('LIFE_OVER', `life ${life} is over`, { life });
      if (life === state.line) return;
      state.line = life;
      const begunAt = clock.now();
      state.lives.push({ life, kept: state.entries.length, ...(noteBefore !== undefined && { noteBefore }), begunAt });
      for (const [name, value] of state.counters) state.counters.set(name, value + GAP);
      state.recoveryPeers.clear();
      state.wanted.clear();
    },
    async endRecovery() {
      const last = state.lives.at(-1);
      if (last && !last.recoveredAt) state.lives[state.lives.length - 1] = { ...last, recoveredAt: clock.now() };
    },
    async raiseCounter(agency, name, atLeast) {
      const key = counterKey(agency, name);
      state.counters.set(key, Math.max(state.counters.get(key) ?? 0, atLeast));
    },
    ...recoveries(state, clock),
  };
}

/** By who has no part in the stream any more. */
function lastRare(state: LedgerState, events: readonly number[], sources: ReadonlySet<string>): Holding[] {
  return events
    .map((index) => (state.entries[index] as Entry).sealed)
    .filter(({ message: { type, source } }) => sources.has(source) && /\.(rehomed|custody-declined)\./.test(type))
    .toSorted((a, b) => Number(b.message.streamseq) - Number(a.message.streamseq))
    .slice(0, 1)
    .map(({ message, hash }) => ({ subject: message.subject as Subject, streamseq: Number(message.streamseq), hash }));
}

type Recoveries = Pick<
  LifeStore,
  | 'recoveryPeers'
  | 'noteRecoveryPeer'
  | 'wantInRecovery'
  | 'takeRecoveryWanted'
  | 'countRecoveryWanted'
  | 'listHoldings'
>;

function recoveries(state: LedgerState, clock: Clock): Recoveries {
  const dropRecovered = (): void => {
    for (const hash of [...state.wanted.keys()]) if (state.byHash.has(hash)) state.wanted.delete(hash);
  };
  return {
    recoveryPeers: async (pauseMs) => {
      const nowMs = instantToMs(clock.now());
      return [...state.recoveryPeers.values()]
        .toSorted((a, b) => (a.peer < b.peer ? -1 : 1))
        .map(({ askedAtMs, ...peer }) => ({ ...peer, askedLately: askedAtMs > nowMs - pauseMs }));
    },
    async noteRecoveryPeer(peer, { streams, after, done }) {
      const before = state.recoveryPeers.get(peer);
      state.recoveryPeers.set(peer, {
        peer,
        streams: (before?.streams ?? 0) + streams,
        done: done || before?.done === true,
        askedAtMs: instantToMs(clock.now()),
        ...(after !== undefined && { after }),
      });
    },
    async wantInRecovery(wanted) {
      for (const one of wanted) if (!state.wanted.has(one.hash)) state.wanted.set(one.hash, one);
    },
    async takeRecoveryWanted(pauseMs, limit) {
      dropRecovered();
      const nowMs = instantToMs(clock.now());
      const due = [...state.wanted.values()].filter(({ askedAtMs = -Infinity }) => askedAtMs < nowMs - pauseMs);
      const taken = due.slice(0, limit).map(({ askedAtMs: _, ...wanted }): RecoveryWanted => wanted);
      for (const one of taken) state.wanted.set(one.hash, { ...one, askedAtMs: nowMs });
      return taken;
    },
    async countRecoveryWanted() {
      dropRecovered();
      return state.wanted.size;
    },
    async listHoldings({ node, agencies }, after, limit) {
      const sources = new Set(node === undefined ? [] : agencies.map(agencySource));
      return [...state.streams.values()]
        .filter(({ subject }) => after === undefined || subject > after)
        .flatMap(({ subject, head, events }): Holding[] => {
          if (!head) return [];
          if (hasPart(head, { agencies, ...(node !== undefined && { node }) }))
            return [{ subject, streamseq: head.streamseq, hash: head.hash }];
          return lastRare(state, events, sources);
        })
        .toSorted((a, b) => (a.subject < b.subject ? -1 : 1))
        .slice(0, limit);
    },
  };
}

function hasPart({ receivers, parties, hand }: StreamHead, { node, agencies }: HoldingsOf): boolean {
  const isReceiver = node !== undefined && receivers.includes(node);
  const isNamed = hand?.kind === 'transit' && agencies.includes(hand.to);
  return isReceiver || isNamed || parties.some((one) => agencies.includes(one));
}
