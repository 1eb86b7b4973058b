/** How every story ends: deliveries have come to rest, each node's ledger verifies, and every history is one history. */
import { execFile } from 'node:child_process';
import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { join } from 'node:path';
import { openEventStore } from '#libs/event-store-postgres';
import type { NodeId } from '#libs/kernel';
import type { EventStore, StoredMessage } from '#libs/use-cases';
import { eventually } from '../../libs/testing/eventually.ts';
import { findProjectRoot } from '../../tools/stack/project.ts';
import type { Story } from './story.ts';

export interface QuietWanted {
  /** Held messages that stay held. */
  readonly held?: Readonly<Record<string, number>>;
  readonly withinMs?: number;
}
/** Looks in a row at which nothing has moved. */
const LOOKS_ALIKE = 8;
const CLI = 'dist/apps/cli/main.js';
const MOST_OUTPUT = 64 * 1024 * 1024;

/** Until every node has delivered everything, nothing waits, nothing is written any more, and all of it is signed for. */
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
  const { log, checkpoint, life } = status;
  // The log of a later life begins with an entry that stands for no message.
  const signed = (checkpoint?.size ?? 0) - (life.number > 1 ? 1 : 0);
  if (signed !== log.size) throw new Error(`${node} signed ${signed} of ${log.size}`);
  const lines = status.deliveries.map(({ peer, highest }) => [peer, highest]);
  return [node, log.size, lines];
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

interface VerifyResult {
  readonly ledgers: readonly {
    readonly node: NodeId;
    readonly faults: readonly unknown[];
    readonly checkpoints: number;
    readonly histories: Readonly<Record<string, { readonly events: number; readonly digest: string }>>;
  }[];
  readonly comparison: {
    readonly shared: number;
    readonly identical: number;
    readonly differences: readonly unknown[];
  };
}

export interface CommandEnd {
  readonly exitCode: unknown;
  readonly stdout: string;
  readonly stderr: string;
}
/** `lienthong` on this stack, as an operator runs it. */
export function lienthong(story: Story, ...words: readonly string[]): Promise<CommandEnd> {
  const args = [join(findProjectRoot(), CLI), ...words, '--data-dir', story.stack.folder.dir];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { maxBuffer: MOST_OUTPUT }, (error, stdout, stderr) =>
      resolve({ exitCode: error?.code ?? 0, stdout, stderr }),
    );
  });
}

async function verify(story: Story): Promise<{ readonly exitCode: unknown; readonly result: VerifyResult }> {
  const { exitCode, stdout, stderr } = await lienthong(story, 'verify', '--json');
  if (stdout.startsWith('{')) return { exitCode, result: JSON.parse(stdout) as VerifyResult };
  throw new Error(`lienthong verify ended with ${String(exitCode)}: ${stderr}${stdout}`);
}

export type Histories = ReadonlyMap<NodeId, ReadonlyMap<string, { readonly events: number; readonly digest: string }>>;

/**
 * `lienthong verify`: every ledger is whole and signed for, and every dossier that several nodes hold is the same bytes at
 * all of them. Throws `AssertionError`, in a test and outside of one.
 */
export async function expectWholeAndSame(story: Story): Promise<Histories> {
  const { exitCode, result } = await verify(story);
  const { ledgers, comparison } = result;
  deepStrictEqual(
    ledgers.map(({ node, faults, checkpoints }) => ({ node, faults, signed: checkpoints > 0 })),
    story.nodes.map((node) => ({ node, faults: [], signed: true })),
  );
  deepStrictEqual(comparison.differences, []);
  strictEqual(comparison.identical, comparison.shared);
  ok(comparison.shared > 0, 'no dossier is held by two nodes');
  strictEqual(exitCode, 0);
  return new Map(ledgers.map(({ node, histories }) => [node, new Map(Object.entries(histories))]));
}
