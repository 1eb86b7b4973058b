/**
 * The relay of one receiver (design 6): lease, read in number order, send openings before the messages they open, then a
 * manifest, and mark what the broker acknowledged. A crash after sending and before marking sends the same bytes again;
 * the receiver knows them by hash. A relay that wakes up after its lease has passed cannot mark (fence). What a peer asked
 * for again goes after what is new, under the same lease.
 *
 * Tried by `lossy-broker.int.spec.ts` and by the stories that kill a node under load.
 */
import { MANIFEST_HASHES, manifestData, manifestsOf, recordKeyOf, strongest } from '#libs/exchange';
import { DomainError, type NodeId, type SealedMessage } from '#libs/kernel';
import { recordOf, sealExchange } from '../exchange-messages.ts';
import { mailboxOf, type NodeServices } from '../node-services.ts';
import type { OutboxItem, OutboxLease, OutgoingRecord } from '../ports/index.ts';
import { sealOpenings } from '../send-openings/send-openings.ts';

const BATCH = 500;
const LEASE_MS = 15_000;

/** Sends one batch for one receiver that has something to send. Gives the number of messages sent; 0: nothing to do. */
export async function relayOnce(services: NodeServices, owner: string): Promise<number> {
  const lease = await services.store.leaseOutbox(owner, LEASE_MS);
  if (!lease) return 0;
  try {
    const items = await services.store.readOutbox(lease, BATCH);
    if (items.length === 0) return await resendOnce(services, lease.receiver);
    await sendItems(services, lease.receiver, items);
    await markByLine(services, lease, items);
    return items.length;
  } finally {
    await services.store.releaseOutbox(lease);
  }
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
