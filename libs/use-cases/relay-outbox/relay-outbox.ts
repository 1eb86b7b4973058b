/**
 * The relay of one receiver (design 6): lease, read in number order, send openings before the messages they open, then a
 * manifest, and mark what the broker acknowledged. A crash after sending and before marking sends the same bytes again;
 * the receiver knows them by hash. A relay that wakes up after its lease has passed cannot mark (fence). What a peer asked
 * for again goes after what is new, under the same lease.
 *
 * Tried by `late-and-lost.int.spec.ts` and by the stories that kill a node under load.
 */
import {
  MANIFEST_HASHES,
  manifestData,
  manifestsOf,
  pauseBefore,
  recordKeyOf,
  RetryBudget,
  strongest,
} from '#libs/exchange';
import { DomainError, instantToMs, type NodeId, type SealedMessage } from '#libs/kernel';
import { recordOf, sealExchange } from '../exchange-messages.ts';
import { mailboxOf, type NodeServices } from '../node-services.ts';
import type { OutboxItem, OutboxLease, OutgoingRecord } from '../ports/index.ts';
import { sealOpenings } from '../send-openings/send-openings.ts';
import { NOTHING_STOPPED, type StopSwitches } from '../stop-loops/stop-switches.ts';

const BATCH = 500;
const LEASE_MS = 15_000;
/** So that a turn ends, and can be stopped, however much is written meanwhile. */
const BATCHES_PER_TURN = 200;
const PAUSES = { firstMs: 500, longestMs: 8_000 };
/** Tries of peers that failed before, in all: however many are away, they take no more than this from the others. */
const RETRIES = { most: 100, perSecond: 50 };

/** Waits for so many milliseconds. */
export type Waiting = (ms: number) => Promise<unknown>;
/** So long a turn waits for one receiver; then it goes on with the next, and the sending ends by itself. */
const PATIENCE_MS = 500;
/** Receivers that a turn has gone on from; beyond, it waits for them. */
const HANGING_MAX = 32;

/**
 * All receivers of this node, one batch after the other. One that cannot be sent to (its topic is not there yet) is left
 * alone for a pause that grows, and delays no other: its lease is kept, so that the ledger gives the next one. So is one to
 * which an operator has stopped deliveries. With `waiting`, one whose topic neither takes nor refuses holds up no other
 * longer than a moment: its lease stays with the sending under way.
 */
export class Relay {
  private readonly services: NodeServices;
  private readonly owner: string;
  private readonly stops: Pick<StopSwitches, 'isStopped'>;
  private readonly retries = new RetryBudget(RETRIES);
  private readonly waiting: Waiting | undefined;
  private readonly hanging = new Set<NodeId>();
  private readonly failing = new Map<NodeId, { readonly untilMs: number; readonly times: number }>();

  constructor(
    services: NodeServices,
    owner: string,
    stops: Pick<StopSwitches, 'isStopped'> = NOTHING_STOPPED,
    waiting?: Waiting,
  ) {
    this.services = services;
    this.owner = owner;
    this.stops = stops;
    this.waiting = waiting;
  }

  /** Sends what there is to send, up to a bound. Gives the number of messages; 0: nothing to do. */
  async turn(): Promise<number> {
    const kept: OutboxLease[] = [];
    let sent = 0;
    try {
      for (let batches = 1; batches <= BATCHES_PER_TURN; batches++) {
        const lease = await this.services.store.leaseOutbox(this.owner, LEASE_MS);
        if (!lease) break;
        const count = await this.serveInTime(lease);
        if (count === undefined) kept.push(lease);
        else if (count !== 'hangs') sent += count;
      }
      return sent;
    } finally {
      for (const lease of kept) await this.services.store.releaseOutbox(lease);
    }
  }

  private async serveInTime(lease: OutboxLease): Promise<number | undefined | 'hangs'> {
    const served = this.serve(lease);
    if (!this.waiting || this.hanging.size >= HANGING_MAX) return served;
    const first = await Promise.race([served, this.waiting(PATIENCE_MS).then(() => 'hangs' as const)]);
    if (first !== 'hangs') return first;
    this.hanging.add(lease.receiver);
    void served
      .then((count) => (count === undefined ? this.services.store.releaseOutbox(lease) : undefined))
      // A lease that cannot be given back ends by itself.
      .catch(() => undefined)
      .finally(() => {
        this.hanging.delete(lease.receiver);
        this.services.bell.ring();
      });
    return first;
  }

  /** Undefined: it has failed, now or a moment ago, or is stopped. */
  private async serve(lease: OutboxLease): Promise<number | undefined> {
    const { receiver } = lease;
    const nowMs = instantToMs(this.services.wallClock.now());
    if (this.stops.isStopped({ loop: 'deliveries', peer: receiver })) return undefined;
    const before = this.failing.get(receiver);
    if (before && (nowMs < before.untilMs || !this.retries.take(nowMs))) return undefined;
    try {
      const sent = await relayBatch(this.services, lease);
      this.failing.delete(receiver);
      return sent;
    } catch (error) {
      const times = before?.times ?? 0;
      const pauseMs = pauseBefore(`${this.services.node}/${receiver}`, times, PAUSES);
      this.failing.set(receiver, { untilMs: nowMs + pauseMs, times: times + 1 });
      const code = error instanceof DomainError ? error.code : error instanceof Error ? error.name : 'unknown';
      this.services.report({ code: 'RELAY_FAILED', details: { receiver, why: code, pauseMs } });
      return undefined;
    }
  }
}

/** Sends one batch for one receiver that has something to send. Gives the number of messages sent; 0: nothing to do. */
export async function relayOnce(services: NodeServices, owner: string): Promise<number> {
  const lease = await services.store.leaseOutbox(owner, LEASE_MS);
  if (!lease) return 0;
  let done = false;
  try {
    const sent = await relayBatch(services, lease);
    done = true;
    return sent;
  } finally {
    if (!done) await services.store.releaseOutbox(lease);
  }
}

/** New numbers first; what a peer asked for again when there are none. Gives the lease back unless it throws. */
async function relayBatch(services: NodeServices, lease: OutboxLease): Promise<number> {
  const items = await services.store.readOutbox(lease, BATCH);
  if (items.length > 0) {
    await sendItems(services, lease.receiver, items);
    await markByLine(services, lease, items);
  }
  const sent = items.length > 0 ? items.length : await resendOnce(services, lease.receiver);
  await services.store.releaseOutbox(lease);
  return sent;
}

/**
 * Numbers that a peer still misses go again as they are, with the openings that they had or have been given since (a
 * message numbered earlier is sent again when a new duty opens it).
 */
export async function resendOnce(services: NodeServices, receiver: NodeId): Promise<number> {
  const items = await services.store.takeResends(receiver, BATCH);
  if (items.length > 0) await sendItems(services, receiver, items);
  return items.length;
}

/** The manifest of a line's last numbers, again: every 60 s until a receipt covers `highest`. */
export async function remindOnce(
  services: NodeServices,
  receiver: NodeId,
  line: number,
  contiguousUpTo: number,
): Promise<void> {
  const items = await services.store.readLine(receiver, line, contiguousUpTo + 1, MANIFEST_HASHES);
  if (items.length > 0) await services.sender.send(mailboxOf(receiver), manifests(services, receiver, items));
}

async function sendItems(services: NodeServices, receiver: NodeId, items: readonly OutboxItem[]): Promise<void> {
  const openings = await openingsBefore(services, receiver, items);
  await services.sender.send(mailboxOf(receiver), [
    ...openings.map((sealed) => recordOf(services.node, sealed.bytes)),
    ...items.map(outgoing),
    ...manifests(services, receiver, items),
  ]);
}

/** A peer without a known encryption key gets the messages all the same, and asks for the openings when it has one. */
async function openingsBefore(
  services: NodeServices,
  receiver: NodeId,
  items: readonly OutboxItem[],
): Promise<readonly SealedMessage[]> {
  const due = strongest(items.flatMap((item) => item.openings));
  if (due.length === 0) return [];
  try {
    return (await sealOpenings(services, receiver, due)).sealed;
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'PEER_KEY_UNKNOWN') throw error;
    services.report({ code: error.code, details: { receiver } });
    return [];
  }
}

async function markByLine(services: NodeServices, lease: OutboxLease, items: readonly OutboxItem[]): Promise<void> {
  const upTo = new Map<number, number>();
  for (const item of items) upTo.set(item.line, Math.max(item.number, upTo.get(item.line) ?? 0));
  for (const [line, number] of upTo) {
    if (!(await services.store.markSent(lease, line, number))) {
      services.report({ code: 'LEASE_LOST', details: { receiver: lease.receiver, line } });
      return;
    }
  }
}

function outgoing(item: OutboxItem): OutgoingRecord {
  return recordOf(recordKeyOf(item.subject), item.bytes, item.class === 'command' ? (item.hops ?? 0) : undefined);
}

/** Manifests for what was just sent, line by line. */
function manifests(services: NodeServices, receiver: NodeId, items: readonly OutboxItem[]): readonly OutgoingRecord[] {
  const lines = [...new Set(items.map(({ line }) => line))];
  return lines.flatMap((line) => {
    const sent = items.filter((item) => item.line === line);
    const highest = Math.max(...sent.map(({ number }) => number));
    return manifestsOf(line, sent, highest).map((manifest) =>
      recordOf(services.node, sealExchange(services, receiver, 'manifest', manifestData(manifest)).bytes),
    );
  });
}
