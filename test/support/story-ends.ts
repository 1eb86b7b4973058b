/** How every story ends: deliveries have come to rest, each node's ledger verifies, and every history is one history. */
import { expect } from '@jest/globals';
import { openEventStore } from '#libs/event-store-postgres';
import { sha256, verifyEd25519 } from '#libs/key-custody';
import type { NodeId } from '#libs/kernel';
import { trustedKeyOf } from '#tools/embedded';
import { verifyLedger, type EventStore, type StoredMessage, type Verification } from '#libs/use-cases';
import { openContracts } from '../../apps/gateway/wiring/contracts.ts';
import { eventually } from '../../libs/testing/eventually.ts';
import type { Story } from './story.ts';

export interface QuietWanted {
  /** Held messages that stay held. */
  readonly held?: Readonly<Record<string, number>>;
  readonly withinMs?: number;
}
/** Looks in a row at which nothing has moved. */
const LOOKS_ALIKE = 8;

/** Until every node has delivered everything, nothing waits, and nothing is written any more. */
export async function untilQuiet(story: Story, { held = {}, withinMs = 60_000 }: QuietWanted = {}): Promise<void> {
  let before = '';
  let alike = 0;
  await eventually(
    async () => {
      const now = JSON.stringify(await Promise.all(story.nodes.map((node) => restOf(story, node, held[node] ?? 0))));
      alike = now === before ? alike + 1 : 0;
      before = now;
      if (alike < LOOKS_ALIKE) throw new Error(`still at work: ${now}`);
    },
    { withinMs },
  );
}

/** Throws while something is under way; else how far the node has come. */
async function restOf(story: Story, node: NodeId, held: number): Promise<unknown> {
  const status = await story.status(node);
  const open = [...status.deliveries, ...status.inbound].filter(
    ({ highest, contiguousUpTo, missing }) => contiguousUpTo !== highest || missing.length > 0,
  );
  if (open.length > 0 || status.held !== held)
    throw new Error(`${node} holds ${status.held} and waits for ${JSON.stringify(open)}`);
  const lines = status.deliveries.map(({ peer, highest }) => [peer, highest]);
  return [node, status.log.size, lines];
}

/** Opens the ledger of a node, beside its process. */
export async function withLedger<T>(story: Story, node: NodeId, read: (store: EventStore) => Promise<T>): Promise<T> {
  const url = story.stack.databaseUrls.get(node)?.ledger.appUrl;
  if (url === undefined) throw new Error(`no database of ${node}`);
  const store = await openEventStore({ url, softwareVersion: 'story' });
  try {
    return await read(store);
  } finally {
    await store.close();
  }
}

export const messagesAt = (story: Story, node: NodeId): Promise<readonly StoredMessage[]> =>
  withLedger(story, node, async (store) => {
    const all: StoredMessage[] = [];
    for (;;) {
      const page = await store.readLog(all.length - 1, 2000);
      if (page.length === 0) return all;
      all.push(...page);
    }
  });

const verificationOf = (story: Story, node: NodeId): Promise<Verification> =>
  withLedger(story, node, (store) =>
    verifyLedger({
      store,
      contracts: openContracts(),
      sha256,
      verify: verifyEd25519,
      trusted: [trustedKeyOf(story.stack.record)],
    }),
  );

export type Histories = ReadonlyMap<NodeId, Verification['histories']>;

/** Every ledger is whole, and every stream that two nodes hold is the same bytes at both. */
export async function expectWholeAndSame(story: Story): Promise<Histories> {
  const found = await Promise.all(story.nodes.map(async (node) => [node, await verificationOf(story, node)] as const));
  expect(found.map(([node, { faults }]) => ({ node, faults }))).toEqual(
    story.nodes.map((node) => ({ node, faults: [] })),
  );
  const holders = new Map<string, Map<NodeId, string>>();
  for (const [node, { histories, checkpoints }] of found) {
    expect({ node, checkpoints }).not.toEqual({ node, checkpoints: 0 });
    for (const [subject, { events, digest }] of histories)
      holders.set(subject, (holders.get(subject) ?? new Map<NodeId, string>()).set(node, `${events} ${digest}`));
  }
  const differing = [...holders].filter(([, digests]) => new Set(digests.values()).size > 1);
  expect(differing.map(([subject, digests]) => [subject, Object.fromEntries(digests)])).toEqual([]);
  return new Map(found.map(([node, { histories }]) => [node, histories]));
}
