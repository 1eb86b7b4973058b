/** Sending from a ledger in memory: leases, what is owed, what is sent again. */
import { instantToMs, type Hash, type NodeId, type Subject } from '#libs/kernel';
import type { Clock, EventStore, OutboxItem, OutboxLease } from '#libs/use-cases';
import { lineKey, receiverOf, type Entry, type LedgerState, type Owed, type Receiver } from './ledger-state.ts';

type Outbox = Pick<
  EventStore,
  | 'leaseOutbox'
  | 'readOutbox'
  | 'markSent'
  | 'releaseOutbox'
  | 'readLine'
  | 'requestResend'
  | 'requestStreamResend'
  | 'wasSentTo'
  | 'findFirstReceiver'
  | 'takeResends'
  | 'markResent'
>;

/** A resend that was taken and not heard of again is due once more after this long. */
const TAKEN_MS = 60_000;

export function itemOf(state: LedgerState, owed: Owed): OutboxItem {
  const { sealed, subject } = state.entries[owed.logIndex] as Entry;
  const { receiver, line, number, logIndex, hops, openings } = owed;
  return {
    receiver,
    line,
    number,
    logIndex,
    hash: sealed.hash,
    subject,
    class: sealed.class,
    bytes: sealed.bytes,
    openings: [...openings],
    ...(hops !== undefined && { hops }),
  };
}

const isAfter = (owed: Owed, { sentLine, sentNumber }: Receiver): boolean =>
  owed.line > sentLine || (owed.line === sentLine && owed.number > sentNumber);

function linesTo(state: LedgerState, node: NodeId): readonly Owed[] {
  return Array.from({ length: state.line }, (_, at) => state.owed.get(lineKey(node, at + 1)) ?? []).flat();
}

/** Keys of resends to a node that are due, in the order of line and number. */
function dueResends(state: LedgerState, node: NodeId, nowMs: number): readonly { key: string; owed: Owed }[] {
  const isDue = (key: string): boolean => {
    const resend = state.resends.get(key);
    return resend !== undefined && (resend.takenAtMs === undefined || resend.takenAtMs < nowMs - TAKEN_MS);
  };
  return linesTo(state, node)
    .map((owed) => ({ owed, key: `${lineKey(node, owed.line)}/${owed.number}` }))
    .filter(({ key }) => isDue(key));
}

export function outbox(
  state: LedgerState,
  clock: Clock,
  appendDeliveries: (receiver: NodeId, hashes: readonly Hash[]) => void,
): Outbox {
  const nowMs = (): number => instantToMs(clock.now());
  const hasWork = (node: NodeId, row: Receiver): boolean =>
    linesTo(state, node).some((owed) => isAfter(owed, row)) || dueResends(state, node, nowMs()).length > 0;
  const isFree = ({ leaseOwner, leaseUntilMs }: Receiver): boolean =>
    leaseOwner === undefined || (leaseUntilMs ?? 0) < nowMs();
  const holderOf = ({ receiver, fence }: OutboxLease): Receiver | undefined => {
    const row = state.receivers.get(receiver);
    return row?.fence === fence ? row : undefined;
  };

  return {
    async leaseOutbox(owner, ttlMs) {
      const free = [...state.receivers].filter(([node, row]) => isFree(row) && hasWork(node, row));
      const [first] = free.toSorted(([, a], [, b]) => (a.leaseUntilMs ?? -1) - (b.leaseUntilMs ?? -1));
      if (!first) return undefined;
      const [receiver, row] = first;
      row.leaseOwner = owner;
      row.leaseMs = ttlMs;
      row.leaseUntilMs = nowMs() + ttlMs;
      row.fence += 1;
      return { receiver, fence: row.fence };
    },
    async readOutbox(lease, limit) {
      const row = holderOf(lease);
      if (!row) return [];
      return linesTo(state, lease.receiver)
        .filter((owed) => isAfter(owed, row))
        .slice(0, limit)
        .map((owed) => itemOf(state, owed));
    },
    async markSent(lease, line, upTo) {
      const row = holderOf(lease);
      if (!row) return false;
      if (line > row.sentLine || (line === row.sentLine && upTo > row.sentNumber)) {
        row.sentLine = line;
        row.sentNumber = upTo;
      }
      row.leaseUntilMs = nowMs() + row.leaseMs;
      return true;
    },
    async releaseOutbox(lease) {
      const row = holderOf(lease);
      if (!row) return;
      delete row.leaseOwner;
      row.leaseUntilMs = nowMs();
    },
    readLine: async (receiver, line, first, limit) =>
      (state.owed.get(lineKey(receiver, line)) ?? [])
        .slice(first - 1, first - 1 + limit)
        .map((owed) => itemOf(state, owed)),
    async requestResend(receiver, numbers, line) {
      const length = state.owed.get(lineKey(receiver, line))?.length ?? 0;
      for (const number of numbers) if (number <= length) state.resends.set(`${lineKey(receiver, line)}/${number}`, {});
    },
    async requestStreamResend(receiver, subject, from, to = Infinity) {
      const unnumbered: Hash[] = [];
      for (const index of eventsBetween(state, subject, { from, to })) {
        const owed = state.numbered.get(`${receiver}/${index}`);
        if (owed) state.resends.set(`${lineKey(receiver, owed.line)}/${owed.number}`, {});
        else unnumbered.push((state.entries[index] as Entry).hash);
      }
      if (unnumbered.length > 0) appendDeliveries(receiver, unnumbered);
    },
    wasSentTo: async (receiver, message) => state.numbered.has(`${receiver}/${state.byHash.get(message)}`),
    async findFirstReceiver(command) {
      const index = state.byHash.get(command);
      return [...state.receivers.keys()].find((node) => {
        const owed = state.numbered.get(`${node}/${index}`);
        return owed !== undefined && owed.hops === undefined;
      });
    },
    async takeResends(receiver, limit) {
      receiverOf(state, receiver);
      const taken = dueResends(state, receiver, nowMs()).slice(0, limit);
      for (const { key } of taken) state.resends.set(key, { takenAtMs: nowMs() });
      return taken.map(({ owed }) => itemOf(state, owed));
    },
    async markResent(receiver, numbers, line) {
      for (const number of numbers) state.resends.delete(`${lineKey(receiver, line)}/${number}`);
    },
  };
}

function eventsBetween(
  state: LedgerState,
  subject: Subject,
  { from, to }: { readonly from: number; readonly to: number },
): readonly number[] {
  return (state.streams.get(subject)?.events ?? []).filter((index) => {
    const place = Number((state.entries[index] as Entry).sealed.message.streamseq);
    return place >= from && place <= to;
  });
}
