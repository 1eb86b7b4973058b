/** The tree of the log (RFC 6962) grown entry by entry, held against every checkpoint whose size it reaches. */
import type { Directory } from '#libs/directory';
import {
  createFrontier,
  entryLeafHash,
  NOTE_SIGNATURE,
  parseNote,
  parseVkey,
  verifyCheckpoint,
  type Checkpoint,
  type Frontier,
} from '#libs/ledger';
import { DomainError, type Hash, type Sha256, type VerifyEd25519 } from '#libs/kernel';

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

export class TreeUnderCheckpoints {
  private readonly means: Means;
  private readonly frontier: Frontier;
  /** Checkpoints whose size has not been reached, by that size: roots they claim. */
  private readonly ahead = new Map<number, Uint8Array[]>();
  readonly faults: CheckpointFault[] = [];
  seen = 0;

  constructor(means: Means) {
    this.means = means;
    this.frontier = createFrontier(means.sha256);
  }

  /** To be given before the tree has grown to its size. */
  expect({ note, size }: CheckpointFound): void {
    this.seen += 1;
    const checkpoint = readCheckpoint(note, this.means);
    if (typeof checkpoint === 'string') this.fault(checkpoint, size);
    else if (checkpoint.size < this.frontier.size) this.fault('CHECKPOINT_OUT_OF_ORDER', size);
    else if (checkpoint.size === this.frontier.size) this.compare(checkpoint.root);
    else this.ahead.set(checkpoint.size, [...(this.ahead.get(checkpoint.size) ?? []), checkpoint.root]);
  }

  append(hash: Hash): void {
    this.frontier.append(entryLeafHash(hash, this.means.sha256));
    const claimed = this.ahead.get(this.frontier.size);
    if (!claimed) return;
    this.ahead.delete(this.frontier.size);
    for (const root of claimed) this.compare(root);
  }

  /** No more entries come: whatever is still ahead speaks of a longer log. */
  finish(): void {
    for (const size of this.ahead.keys()) this.fault('LOG_SHORTER_THAN_CHECKPOINT', size);
  }

  private compare(claimed: Uint8Array): void {
    const root = this.frontier.root();
    const same = root.length === claimed.length && root.every((byte, at) => byte === claimed[at]);
    if (!same) this.fault('LOG_REWRITTEN', this.frontier.size);
  }

  private fault(code: string, size: number): void {
    this.faults.push({ code, detail: `checkpoint of size ${size}` });
  }
}

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
