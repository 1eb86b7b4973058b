/**
 * What this node itself has published of its log, as the checkpoints topic or a peer keeps it: signed, so nobody can make it
 * say more than was true. It tells a database that was put back when the mark beside the keys is lost, too.
 */
import { createFrontier, entryLeafHash, NOTE_SIGNATURE, parseNote, verifierKey, verifyCheckpoint } from '#libs/ledger';
import { DomainError } from '#libs/kernel';
import type { NodeServices } from '../node-services.ts';
import { leavesBefore, logOrigin } from './log-life.ts';
import type { Disagreement } from './judge-mark.ts';

export interface PublishedCheckpoint {
  readonly life: number;
  readonly size: number;
  readonly root: Uint8Array;
  /** The signed note. */
  readonly note: string;
}
type Means = Pick<NodeServices, 'node' | 'logOriginHost' | 'keys' | 'sha256' | 'verify'>;

/** The notes that are this node's, of any life, in order; all others are passed over. */
export function ownCheckpoints(means: Means, notes: readonly string[]): readonly PublishedCheckpoint[] {
  return notes.flatMap((note) => readOwn(means, note)).toSorted((a, b) => a.life - b.life || a.size - b.size);
}

function readOwn(means: Means, note: string): readonly PublishedCheckpoint[] {
  const { publicKey } = means.keys.logKey();
  try {
    const name = parseNote(note).text.split('\n')[0] ?? '';
    const life = Number(/\/([1-9]\d{0,8})$/.exec(name)?.[1]);
    if (name !== logOrigin(means, life)) return [];
    const log = verifierKey({ name, type: NOTE_SIGNATURE, publicKey }, means.sha256);
    const { size, root } = verifyCheckpoint(note, { log }, means.verify);
    return [{ life, size, root, note }];
  } catch (error) {
    if (error instanceof DomainError) return [];
    throw error;
  }
}

/** Whether the ledger holds less than what was published, or something else; undefined: it bears all of it out. */
export async function heldAgainstPublished(
  { store, sha256 }: Pick<NodeServices, 'store' | 'sha256'>,
  published: readonly PublishedCheckpoint[],
): Promise<Disagreement | undefined> {
  const { life } = await store.lifeFacts();
  if (published.some((one) => one.life > life)) return 'BEHIND_PUBLISHED';
  const last = published.findLast((one) => one.life === life);
  if (!last) return undefined;
  const frontier = createFrontier(sha256);
  for (const hash of await leavesBefore(store, life, sha256)) frontier.append(entryLeafHash(hash, sha256));
  for (let after = -1; frontier.size < last.size;) {
    const page = await store.readLog(after, Math.min(PAGE, last.size - frontier.size));
    if (page.length === 0) return 'BEHIND_PUBLISHED';
    for (const { hash } of page) frontier.append(entryLeafHash(hash, sha256));
    after = page.at(-1)?.logIndex ?? after;
  }
  const root = frontier.root();
  return root.every((byte, at) => byte === last.root[at]) ? undefined : 'LOG_DIFFERS';
}
const PAGE = 5000;
