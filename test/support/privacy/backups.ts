/** Backups of databases, taken and put back by the server itself; whoever works in them is stopped meanwhile. */
import { escapeIdentifier } from 'pg';
import type { NodeId } from '#libs/kernel';
import type { Story } from '../story.ts';
import { withDatabase } from './places.ts';

export const ledgerOf = (story: Story, node: NodeId): string => databaseAt(story, node, 'ledger');
export const vaultOf = (story: Story, node: NodeId): string => databaseAt(story, node, 'vault');
export const backupOf = (database: string): string => `backup_${database}`;

function databaseAt(story: Story, node: NodeId, kind: 'ledger' | 'vault'): string {
  const url = story.stack.databaseUrls.get(node)?.[kind].appUrl;
  if (url === undefined) throw new Error(`no ${kind} of ${node}`);
  return new URL(url).pathname.slice(1);
}

/** Copies both databases of every node. */
export async function takeBackups(story: Story): Promise<void> {
  await story.stack.stopNodes();
  const databases = story.nodes.flatMap((node) => [ledgerOf(story, node), vaultOf(story, node)]);
  for (const database of databases) await copy(story, database, backupOf(database));
  await Promise.all(story.nodes.map((node) => story.start(node)));
}

/** The vault as it was when the backup was taken, under a ledger of today; the node is not running. */
export async function restoreVault(story: Story, node: NodeId): Promise<void> {
  const database = vaultOf(story, node);
  await withDatabase(story, 'postgres', (client) => client.query(`DROP DATABASE ${escapeIdentifier(database)}`));
  await copy(story, backupOf(database), database);
}

const copy = (story: Story, from: string, to: string): Promise<unknown> =>
  withDatabase(story, 'postgres', (client) =>
    client.query(`CREATE DATABASE ${escapeIdentifier(to)} TEMPLATE ${escapeIdentifier(from)}`),
  );
