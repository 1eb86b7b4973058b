/**
 * Histories as several ledgers hold them. Who is no recipient of a dossier any more (its agency declined it, design 4) is sent
 * no more of it: an earlier part of the history, byte for byte, is then no difference. What looks like one is looked at again
 * in the ledgers themselves. Proved by `compare-ledgers.int.spec.ts`.
 */
import { openEventStore } from '#libs/event-store-postgres';
import type { Subject } from '#libs/kernel';
import type { EventStore, Verification } from '#libs/use-cases';
import { compareHistories, type Comparison, type Difference } from './compare-histories.ts';

export interface LedgerCompared {
  readonly node: string;
  readonly databaseUrl: string;
  readonly found: Pick<Verification, 'histories'>;
}

export async function compareLedgers(ledgers: readonly LedgerCompared[]): Promise<Comparison> {
  const comparison = compareHistories(new Map(ledgers.map(({ node, found }) => [node, found.histories])));
  const named = new Set(comparison.differences.flatMap(({ held }) => held.map(({ node }) => node)));
  const stores = new Map<string, EventStore>();
  try {
    for (const { node, databaseUrl } of ledgers.filter(({ node }) => named.has(node)))
      stores.set(node, await openEventStore({ url: databaseUrl, softwareVersion: 'verify' }));
    const differences: Difference[] = [];
    for (const difference of comparison.differences)
      if (!(await areEarlierParts(difference, stores))) differences.push(difference);
    return {
      ...comparison,
      identical: comparison.shared - differences.length,
      differences,
      earlierParts: comparison.differences.length - differences.length,
    };
  } finally {
    for (const store of stores.values()) await store.close();
  }
}

/** Whether all who hold less than the longest history are no recipients of it any more, and hold its beginning. */
async function areEarlierParts(
  { subject, held }: Difference,
  stores: ReadonlyMap<string, EventStore>,
): Promise<boolean> {
  const of = subject as Subject;
  const [longest, ...others] = held
    .toSorted((a, b) => b.events - a.events)
    .flatMap(({ node, digest }) => ({ node, digest, store: stores.get(node) as EventStore }));
  if (!longest) return false;
  const history = await bytesIn(longest.store, of);
  const receivers: readonly string[] = (await longest.store.loadGraphs([of])).get(of)?.head?.receivers ?? [];
  for (const { node, store } of others.filter(({ digest }) => digest !== longest.digest)) {
    if (receivers.includes(node)) return false;
    if (!isBeginning(await bytesIn(store, of), history)) return false;
  }
  return true;
}

const isBeginning = (part: readonly Uint8Array[], whole: readonly Uint8Array[]): boolean =>
  part.every((bytes, at) => whole[at] !== undefined && Buffer.compare(bytes, whole[at]) === 0);

const bytesIn = async (store: EventStore, subject: Subject): Promise<readonly Uint8Array[]> =>
  (await store.readStream(subject, 'main')).map(({ bytes }) => bytes);
