/**
 * The trees of the log (RFC 6962) grown entry by entry, held against every checkpoint whose size they reach: one for each
 * life, since a later one holds the ledger behind a link to the life before (wire format 8, docs/adr/0016). Of a life that is
 * over, what it signed beyond the state that was put back is lost here; the link of the next life says up to where it had
 * signed, so that nothing signed later can be passed over in silence.
 */
import type { Directory } from '#libs/directory';
import {
  createFrontier,
  entryLeafHash,
  NOTE_SIGNATURE,
  parseCheckpointText,
  parseNote,
  parseVkey,
  verifyCheckpoint,
  type Checkpoint,
  type Frontier,
} from '#libs/ledger';
import { DomainError, type Hash, type Sha256, type VerifyEd25519 } from '#libs/kernel';
import { linkOf } from '../life/log-life.ts';
import type { LaterLife } from '../ports/index.ts';

export interface CheckpointFound {
  readonly size: number;
  /** The signed note. */
  readonly note: string;
}
export interface CheckpointFault {
  readonly code: string;
  readonly detail: string;
}
interface Means {
  readonly sha256: Sha256;
  readonly verify: VerifyEd25519;
  /** States the keys of the logs. */
  readonly directory: Directory;
}

interface Tree {
  readonly life: number;
  readonly frontier: Frontier;
  /** Checkpoints whose size has not been reached, by that size: roots they claim. */
  readonly ahead: Map<number, Uint8Array[]>;
  /** Leaves that the next life kept, and how far this one had signed by the link of the next. */
  readonly over?: { readonly kept: number; readonly signed: number };
}

export class TreeUnderCheckpoints {
  private readonly means: Means;
  private readonly trees: readonly Tree[];
  readonly faults: CheckpointFault[] = [];
  seen = 0;

  constructor(means: Means, lives: readonly LaterLife[] = []) {
    this.means = means;
    this.trees = [undefined, ...lives].map((life, at) => treeOf(life, lives[at], means.sha256));
    for (const { noteBefore, life } of lives) if (noteBefore !== undefined) this.checkLink(noteBefore, life);
  }

  /** To be given before the tree has grown to its size. */
  expect({ note, size }: CheckpointFound): void {
    this.seen += 1;
    const checkpoint = readCheckpoint(note, this.means);
    if (typeof checkpoint === 'string') return this.fault(checkpoint, size);
    const tree = this.trees.find(({ life }) => life === lifeIn(checkpoint.origin));
    if (!tree) return this.fault('CHECKPOINT_OF_NO_LIFE', size);
    if (tree.over && checkpoint.size > tree.over.kept) {
      if (checkpoint.size > tree.over.signed) this.fault('CHECKPOINT_BEYOND_LIFE', size);
    } else if (checkpoint.size < tree.frontier.size) this.fault('CHECKPOINT_OUT_OF_ORDER', size);
    else if (checkpoint.size === tree.frontier.size) this.compare(tree, checkpoint.root);
    else tree.ahead.set(checkpoint.size, [...(tree.ahead.get(checkpoint.size) ?? []), checkpoint.root]);
  }

  append(hash: Hash): void {
    const leaf = entryLeafHash(hash, this.means.sha256);
    for (const tree of this.trees) {
      if (tree.over && tree.frontier.size >= tree.over.kept) continue;
      tree.frontier.append(leaf);
      const claimed = tree.ahead.get(tree.frontier.size);
      if (!claimed) continue;
      tree.ahead.delete(tree.frontier.size);
      for (const root of claimed) this.compare(tree, root);
    }
  }

  /** No more entries come: whatever is still ahead speaks of a longer log. */
  finish(): void {
    for (const { ahead } of this.trees)
      for (const size of ahead.keys()) this.fault('LOG_SHORTER_THAN_CHECKPOINT', size);
  }

  private checkLink(note: string, life: number): void {
    const linked = readCheckpoint(note, this.means);
    if (typeof linked === 'string' || lifeIn(linked.origin) >= life)
      this.faults.push({ code: 'LINK_INVALID', detail: `life ${life}: ${typeof linked === 'string' ? linked : ''}` });
  }

  private compare({ frontier }: Tree, claimed: Uint8Array): void {
    const root = frontier.root();
    const same = root.length === claimed.length && root.every((byte, at) => byte === claimed[at]);
    if (!same) this.fault('LOG_REWRITTEN', frontier.size);
  }

  private fault(code: string, size: number): void {
    this.faults.push({ code, detail: `checkpoint of size ${size}` });
  }
}

function treeOf(life: LaterLife | undefined, next: LaterLife | undefined, sha256: Sha256): Tree {
  const frontier = createFrontier(sha256);
  if (life) frontier.append(entryLeafHash(linkOf(life, sha256), sha256));
  const number = life?.life ?? 1;
  const over = next && { kept: next.kept + (life ? 1 : 0), signed: signedIn(next.noteBefore, number) };
  return { life: number, frontier, ahead: new Map(), ...(over && { over }) };
}

/** A life that signed nothing may be linked over to the one before: then nothing of it may turn up. */
function signedIn(note: string | undefined, life: number): number {
  if (note === undefined) return 0;
  const { origin, size } = parseCheckpointText(parseNote(note).text);
  return lifeIn(origin) === life ? size : 0;
}

const lifeIn = (origin: string): number => Number(origin.split('/').at(-1));

/** Signed by the key that the directory states for its origin; else the code that says what is wrong with it. */
function readCheckpoint(note: string, { sha256, verify, directory }: Means): Checkpoint | string {
  try {
    const origin = parseNote(note).text.split('\n')[0];
    const stated = [...directory.nodes.values()].flatMap(({ logs }) => logs).find((log) => log.origin === origin);
    if (!stated) return 'CHECKPOINT_KEY_UNKNOWN';
    const log = parseVkey(stated.vkey, sha256);
    if (log.type !== NOTE_SIGNATURE) return 'CHECKPOINT_KEY_UNKNOWN';
    return verifyCheckpoint(note, { log }, verify);
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}
