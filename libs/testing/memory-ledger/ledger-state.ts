/** What a ledger in memory consists of. Plain data, so that a test can copy it (a backup) and put the copy back. */
import type { AgencyCode, Hash, Instant, NodeId, SealedMessage, Subject } from '#libs/kernel';
import type {
  CommandWay,
  HeldMessage,
  LaterLife,
  MailboxOffset,
  OpeningDue,
  QuarantineRow,
  RecoveryPeer,
  RecoveryWanted,
  StoredMessage,
  StreamHead,
} from '#libs/use-cases';

export interface Entry extends StoredMessage {
  readonly sealed: SealedMessage;
  readonly subject: Subject;
}
export interface StreamRow {
  readonly subject: Subject;
  /** Undefined as long as only commands and outcomes speak of it. */
  head?: StreamHead;
  /** Log indexes of its events. */
  readonly events: number[];
}
export interface Owed {
  readonly receiver: NodeId;
  readonly line: number;
  readonly number: number;
  readonly logIndex: number;
  readonly owedAt: Instant;
  readonly hops?: number;
  readonly openings: OpeningDue[];
}
export interface Receiver {
  sentLine: number;
  sentNumber: number;
  leaseOwner?: string;
  leaseUntilMs?: number;
  leaseMs: number;
  fence: number;
}
export interface Receipt {
  readonly contiguousUpTo: number;
  readonly missing: readonly (readonly [number, number])[];
  readonly refused: readonly (readonly [number, string])[];
  readonly receiptAt: Instant;
}
export interface InboundNumber {
  readonly hash: Hash;
  status: 'open' | 'delivered' | 'refused';
  code?: string;
}
export interface InboundLine {
  readonly peer: NodeId;
  readonly line: number;
  highest: number;
  contiguous: number;
  changes: number;
  receipted: number;
  readonly numbers: Map<number, InboundNumber>;
}
export interface KeptAnswer {
  readonly bodyHmac: string;
  readonly answer: string;
  readonly logIndexes: readonly number[];
  readonly keptAtMs: number;
}
export interface Checkpoint {
  readonly size: number;
  readonly rootHash: string;
  readonly note: string;
}

export interface LedgerState {
  /** Of the delivery lines begun now. */
  line: number;
  readonly entries: Entry[];
  readonly byHash: Map<Hash, number>;
  /** `source LF id` */
  readonly byId: Map<string, number>;
  readonly caused: Map<Hash, number[]>;
  readonly streams: Map<Subject, StreamRow>;
  /** Log index of a command that waits for its answer, with its hops. */
  readonly unanswered: Map<number, number>;
  readonly ways: Map<Hash, CommandWay>;
  readonly answers: Map<string, KeptAnswer>;
  readonly counters: Map<string, number>;
  readonly positions: Map<string, number>;
  readonly checkpoints: Map<number, Checkpoint>;
  readonly receivers: Map<NodeId, Receiver>;
  /** By `<node>/<line>`; number n stands at n − 1. */
  readonly owed: Map<string, Owed[]>;
  /** By `<node>/<log index>`. */
  readonly numbered: Map<string, Owed>;
  /** By `<node>/<line>/<number>`: when it was taken last. */
  readonly resends: Map<string, { takenAtMs?: number }>;
  readonly receipts: Map<string, Receipt>;
  readonly inbound: Map<string, InboundLine>;
  readonly offsets: Map<number, MailboxOffset>;
  readonly held: Map<Hash, HeldMessage>;
  readonly quarantine: QuarantineRow[];
  /** Of what left quarantine: the last message of the batch it left with; '' if there was none. */
  readonly leftWith: Map<number, string>;
  readonly lives: LaterLife[];
  readonly recoveryPeers: Map<NodeId, Omit<RecoveryPeer, 'askedLately'> & { readonly askedAtMs: number }>;
  readonly wanted: Map<Hash, RecoveryWanted & { askedAtMs?: number }>;
}

export const emptyLedger = (): LedgerState => ({
  line: 1,
  entries: [],
  byHash: new Map(),
  byId: new Map(),
  caused: new Map(),
  streams: new Map(),
  unanswered: new Map(),
  ways: new Map(),
  answers: new Map(),
  counters: new Map(),
  positions: new Map(),
  checkpoints: new Map(),
  receivers: new Map(),
  owed: new Map(),
  numbered: new Map(),
  resends: new Map(),
  receipts: new Map(),
  inbound: new Map(),
  offsets: new Map(),
  held: new Map(),
  quarantine: [],
  leftWith: new Map(),
  lives: [],
  recoveryPeers: new Map(),
  wanted: new Map(),
});

export const idKey = (source: string, id: string): string => `${source}\n${id}`;
export const lineKey = (node: string, line: number): string => `${node}/${line}`;
export const counterKey = (agency: AgencyCode, name: string): string => `${agency}\n${name}`;
export const answerKey = (client: string, agency: string, key: string): string => JSON.stringify([client, agency, key]);

/** The row of a map, made when it is not there. */
export function rowOf<K, V>(rows: Map<K, V>, key: K, make: () => V): V {
  const known = rows.get(key);
  if (known !== undefined) return known;
  const made = make();
  rows.set(key, made);
  return made;
}
export const receiverOf = (state: LedgerState, node: NodeId): Receiver =>
  rowOf(state.receivers, node, () => ({ sentLine: state.line, sentNumber: 0, leaseMs: 0, fence: 0 }));
export const owedOf = (state: LedgerState, node: NodeId, line: number): Owed[] =>
  rowOf(state.owed, lineKey(node, line), () => []);

/** By an outcome of this node; one from elsewhere answers only what began here. */
export function isAnswered(state: LedgerState, command: number): boolean {
  const entry = state.entries[command];
  return (state.caused.get(entry?.hash as Hash) ?? []).some((at) => {
    const answer = state.entries[at];
    return answer?.class === 'outcome' && [answer, entry].some((one) => one?.arrival.kind === 'local');
  });
}
