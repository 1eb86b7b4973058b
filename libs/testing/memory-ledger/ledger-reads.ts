/** Reading a ledger in memory: what is recorded, what waits for an answer. */
import { isAgencyCode, splitType, type AgencyCode, type Hash, type Instant, type Subject } from '#libs/kernel';
import type { EventNode, EventStore, StoredMessage, StreamHead } from '#libs/use-cases';
import { answerKey, idKey, type Entry, type LedgerState } from './ledger-state.ts';

type Reads = Pick<
  EventStore,
  | 'findHead'
  | 'loadGraphs'
  | 'readStream'
  | 'findByHash'
  | 'findIds'
  | 'findCaused'
  | 'readLog'
  | 'readNamed'
  | 'readCommandsOf'
  | 'readDirectory'
  | 'logSize'
  | 'findIdempotent'
>;
type Worklists = Pick<
  EventStore,
  'findUnanswered' | 'markPassedOn' | 'findWays' | 'listUnanswered' | 'listInTransitTo'
>;

export const storedOf = ({ sealed: _, subject: __, ...stored }: Entry): StoredMessage => stored;
const nameOf = ({ sealed }: Entry): string => splitType(sealed.message.type)?.name ?? '';

function graphNodeOf(entry: Entry): EventNode {
  const { message, hash } = entry.sealed;
  const name = nameOf(entry);
  const { to, directoryVersion } = message.data;
  const moves = name === 'forwarded' || name === 'rehomed';
  return {
    hash,
    ...(message.prevhash !== undefined && { prevhash: message.prevhash as Hash }),
    streamseq: Number(message.streamseq),
    source: message.source,
    id: message.id,
    name,
    recordedtime: message.recordedtime as Instant,
    ...(moves && typeof to === 'string' && isAgencyCode(to) && { to: to }),
    ...(name === 'rehomed' && isTime(directoryVersion) && { directoryVersion }),
  };
}
const isTime = (value: unknown): value is Instant => typeof value === 'string' && !Number.isNaN(Date.parse(value));

/** From the place after which the last look ended, and round. */
function round<T>(
  all: readonly T[],
  after: number,
  limit: number,
): { readonly found: readonly T[]; readonly at: number } {
  const start = after >= all.length ? 0 : after;
  const found = [...all.slice(start), ...all.slice(0, start)].slice(0, limit);
  return { found, at: all.length === 0 ? 0 : (start + found.length) % all.length };
}

export function reads(state: LedgerState): Reads {
  const entryOf = (index: number): Entry => state.entries[index] as Entry;
  const eventsOf = (subject: Subject): readonly Entry[] => (state.streams.get(subject)?.events ?? []).map(entryOf);
  const ofClass = (of: string): readonly Entry[] => state.entries.filter((entry) => entry.class === of);
  return {
    findHead: async (subject) => state.streams.get(subject)?.head,
    loadGraphs: async (subjects) =>
      new Map(
        subjects.map((subject) => {
          const head = state.streams.get(subject)?.head;
          return [subject, { ...(head && { head }), events: eventsOf(subject).map(graphNodeOf) }];
        }),
      ),
    async readStream(subject, which) {
      const all = eventsOf(subject);
      if (which === 'all') return all.map(storedOf);
      const superseded = new Set(state.streams.get(subject)?.head?.superseded);
      const placeOf = ({ sealed }: Entry): number => Number(sealed.message.streamseq);
      return all
        .filter(({ hash }) => !superseded.has(hash))
        .toSorted((a, b) => placeOf(a) - placeOf(b))
        .map(storedOf);
    },
    async findByHash(hashes) {
      const found = hashes.map((hash) => state.byHash.get(hash)).filter((index) => index !== undefined);
      return new Map(found.map((index) => [entryOf(index).hash, storedOf(entryOf(index))]));
    },
    async findIds(pairs) {
      const found = pairs.flatMap(({ source, id }) => {
        const index = state.byId.get(idKey(source, id));
        return index === undefined ? [] : [[idKey(source, id), entryOf(index).hash] as const];
      });
      return new Map(found);
    },
    findCaused: async (cause) => (state.caused.get(cause) ?? []).map(entryOf).map(storedOf),
    readLog: async (after, limit) => {
      const first = Math.max(0, after + 1);
      return state.entries.slice(first, first + limit).map(storedOf);
    },
    readNamed: async (name, after, limit) =>
      ofClass('event')
        .filter((entry) => entry.logIndex > after && nameOf(entry) === name)
        .slice(0, limit)
        .map(storedOf),
    readCommandsOf: async (sources, after, limit) =>
      ofClass('command')
        .filter(({ logIndex, sealed }) => logIndex > after && sources.includes(sealed.message.source))
        .slice(0, limit)
        .map(storedOf),
    readDirectory: async () => ofClass('directory').map(storedOf),
    async logSize() {
      const last = state.entries.at(-1);
      return { size: state.entries.length, ...(last && { lastHash: last.hash }) };
    },
    async findIdempotent(client, agency, key) {
      const kept = state.answers.get(answerKey(client, agency, key));
      return kept && { bodyHmac: kept.bodyHmac, answer: kept.answer };
    },
  };
}

export function worklists(state: LedgerState): Worklists {
  let unansweredAfter = 0;
  let transitAfter = 0;
  const entryOf = (index: number): Entry => state.entries[index] as Entry;
  const isTo = (agencies: readonly AgencyCode[], head: StreamHead | undefined): head is StreamHead =>
    head?.hand?.kind === 'transit' && agencies.includes(head.hand.to);
  return {
    findUnanswered: async (subject) =>
      [...state.unanswered]
        .filter(([index]) => entryOf(index).subject === subject)
        .toSorted(([a], [b]) => a - b)
        .map(([index, hops]) => {
          const stored = storedOf(entryOf(index));
          return { ...stored, arrival: { ...stored.arrival, ...(hops > 0 && { hops }) } };
        }),
    async markPassedOn(command, way) {
      const index = state.byHash.get(command) ?? -1;
      const isOwn = state.entries[index]?.arrival.kind === 'local';
      const cameBack = way !== undefined && (state.unanswered.get(index) ?? 0) > way.hops;
      if (!way || (!isOwn && !cameBack)) state.unanswered.delete(index);
      else if (state.unanswered.has(index) && !cameBack) state.unanswered.set(index, 0);
      if (way && (state.ways.get(command)?.hops ?? 0) <= way.hops) state.ways.set(command, way);
    },
    findWays: async (commands) =>
      new Map(commands.flatMap((hash) => (state.ways.has(hash) ? [[hash, state.ways.get(hash)!] as const] : []))),
    async listUnanswered(limit) {
      const subjects = [...new Set([...state.unanswered.keys()].map((index) => entryOf(index).subject))];
      const { found, at } = round(subjects, unansweredAfter, limit);
      unansweredAfter = at;
      return found;
    },
    async listInTransitTo(agencies, limit) {
      const heads = [...state.streams.values()].map(({ head }) => head).filter((head) => isTo(agencies, head));
      const { found, at } = round(heads, transitAfter, limit);
      transitAfter = at;
      return found;
    },
  };
}
