/** Manifests and receipts of a ledger in memory (wire format 2.2), settled when they are looked at, as in PostgreSQL. */
import type { Hash, NodeId } from '#libs/kernel';
import type { Clock, DeliveryStatus, EventStore, InboundStatus } from '#libs/use-cases';
import { lineKey, receiverOf, rowOf, type InboundLine, type LedgerState } from './ledger-state.ts';

type Lines = Pick<
  EventStore,
  'applyReceipt' | 'applyManifest' | 'receiptsDue' | 'markReceiptSent' | 'deliveries' | 'inbound'
>;

/** Gaps and refusals in one receipt (wire format 2.2). */
const LISTED = 100;
/** Faults of the signed bytes themselves; others may be a forged copy's (ADR 0007). */
const STAGES = new Set(['key', 'known', 'entitled']);
const CODES = new Set(['PROFILE_UNKNOWN', 'TYPE_UNKNOWN', 'MEMBER_UNKNOWN']);

/** Refusals by hash, the first one of each. */
function refusalsOf(state: LedgerState): ReadonlyMap<Hash, string> {
  const refusals = new Map<Hash, string>();
  for (const { hash, stage, code, releasedAt } of state.quarantine) {
    const counts = hash !== undefined && releasedAt === undefined && (STAGES.has(stage) || CODES.has(code));
    if (counts && !refusals.has(hash)) refusals.set(hash, code);
  }
  return refusals;
}

function settle(state: LedgerState): void {
  const refusals = refusalsOf(state);
  for (const line of state.inbound.values()) {
    let changed = false;
    for (const number of line.numbers.values()) {
      if (number.status === 'delivered') continue;
      const code = refusals.get(number.hash);
      const status = state.byHash.has(number.hash) ? 'delivered' : code === undefined ? 'open' : 'refused';
      if (status === 'open' || status === number.status) continue;
      number.status = status;
      if (code !== undefined) number.code = code;
      changed = true;
    }
    if (changed) advance(line);
  }
}

function advance(line: InboundLine): void {
  line.changes += 1;
  while ((line.numbers.get(line.contiguous + 1)?.status ?? 'open') !== 'open') line.contiguous += 1;
  for (const [number, { status }] of line.numbers)
    if (number <= line.contiguous && status === 'delivered') line.numbers.delete(number);
}

/** Numbers above were given in a state that the peer has lost. */
function endLine(line: InboundLine, highest: number): void {
  line.highest = Math.max(highest, line.contiguous);
  for (const number of [...line.numbers.keys()]) if (number > line.highest) line.numbers.delete(number);
}

function missingOf({ contiguous, highest, numbers }: InboundLine): readonly (readonly [number, number])[] {
  const gaps: [number, number][] = [];
  for (let number = contiguous + 1; number <= highest && gaps.length <= LISTED; number += 1) {
    if ((numbers.get(number)?.status ?? 'open') !== 'open') continue;
    const last = gaps.at(-1);
    if (last?.[1] === number - 1) last[1] = number;
    else gaps.push([number, number]);
  }
  return gaps.slice(0, LISTED);
}

const inboundOf = (line: InboundLine): InboundStatus => ({
  peer: line.peer,
  line: line.line,
  highest: line.highest,
  contiguousUpTo: line.contiguous,
  missing: missingOf(line),
  refused: [...line.numbers]
    .filter(([, { status }]) => status === 'refused')
    .toSorted(([a], [b]) => a - b)
    .slice(0, LISTED)
    .map(([number, { code }]) => [number, code ?? '']),
});

function sentOf(state: LedgerState, node: NodeId, { line, highest }: { line: number; highest: number }): number {
  const { sentLine, sentNumber } = receiverOf(state, node);
  if (sentLine > line) return highest;
  return sentLine === line ? sentNumber : 0;
}

function deliveryOf(state: LedgerState, node: NodeId, line: number): DeliveryStatus | undefined {
  const owed = state.owed.get(lineKey(node, line)) ?? [];
  const receipt = state.receipts.get(lineKey(node, line));
  if (owed.length === 0 && !receipt) return undefined;
  const isOver = line < state.line;
  const contiguousUpTo = Math.min(receipt?.contiguousUpTo ?? 0, isOver ? owed.length : Infinity);
  const upToLast = ([number]: readonly [number, unknown]): boolean => !isOver || number <= owed.length;
  const next = owed[contiguousUpTo];
  return {
    peer: node,
    line,
    highest: owed.length,
    sent: sentOf(state, node, { line, highest: owed.length }),
    contiguousUpTo,
    missing: (receipt?.missing ?? []).filter(upToLast),
    refused: (receipt?.refused ?? []).filter(upToLast),
    ...(next && { oldestUnconfirmedAt: next.owedAt }),
    ...(receipt && { receiptAt: receipt.receiptAt }),
  };
}

export function lines(state: LedgerState, clock: Clock): Lines {
  /** What a receipt handed out was made from, so that a change that comes while it is sent is not lost. */
  const handedOut = new Map<string, number>();
  const sorted = (): readonly InboundLine[] =>
    [...state.inbound.values()].toSorted((a, b) => a.peer.localeCompare(b.peer) || a.line - b.line);

  return {
    async applyReceipt(peer, { line, contiguousUpTo, missing, refused }) {
      receiverOf(state, peer);
      state.receipts.set(lineKey(peer, line), { contiguousUpTo, missing, refused, receiptAt: clock.now() });
      const isRefused = new Set(refused.map(([number]) => number));
      for (const [key, { takenAtMs }] of state.resends) {
        const prefix = `${lineKey(peer, line)}/`;
        if (takenAtMs === undefined || !key.startsWith(prefix)) continue;
        const number = Number(key.slice(prefix.length));
        if (number <= contiguousUpTo || isRefused.has(number)) state.resends.delete(key);
      }
    },
    // eslint-disable-next-line max-params -- the port's own: a manifest's four members
    async applyManifest(peer, line, first, hashes, highest) {
      const of = rowOf(state.inbound, lineKey(peer, line), () => ({
        peer,
        line,
        highest: 0,
        contiguous: 0,
        changes: 0,
        receipted: 0,
        numbers: new Map(),
      }));
      of.changes += 1;
      if (hashes.length === 0 && [...state.inbound.values()].some((one) => one.peer === peer && one.line > line))
        endLine(of, highest);
      else of.highest = Math.max(of.highest, highest, first + hashes.length - 1);
      hashes.forEach((hash, at) => {
        const number = first + at;
        if (number > of.contiguous && !of.numbers.has(number)) of.numbers.set(number, { hash, status: 'open' });
      });
    },
    async receiptsDue() {
      settle(state);
      const due = sorted().filter(({ changes, receipted }) => changes !== receipted);
      for (const { peer, line, changes } of due) handedOut.set(lineKey(peer, line), changes);
      return due.map(inboundOf);
    },
    async markReceiptSent(peer, line, contiguousUpTo) {
      const of = state.inbound.get(lineKey(peer, line));
      if (!of) return;
      const changes = handedOut.get(lineKey(peer, line));
      of.receipted = changes ?? (of.contiguous === contiguousUpTo ? of.changes : of.receipted);
    },
    async deliveries() {
      const nodes = [...state.receivers.keys()].toSorted();
      const each = nodes.flatMap((node) =>
        Array.from({ length: state.line }, (_, at) => deliveryOf(state, node, at + 1)),
      );
      return each.filter((status) => status !== undefined);
    },
    async inbound() {
      settle(state);
      return sorted().map(inboundOf);
    },
  };
}
