import type { Directory } from '#libs/directory';
import {
  createFrontier,
  entryLeafHash,
  NOTE_SIGNATURE,
  parseNote,
  parseVkey,
  verifyCheckpoint,
  type Checkpoint,
} from '#libs/ledger';
import { DomainError, type Hash, type Sha256, type VerifyEd25519 } from '#libs/kernel';

export interface CheckpointFound {
  readonly size: number;
  /** The signed note. */
  readonly note: string;
}
interface Means {
  readonly sha256: Sha256;
  readonly verify: VerifyEd25519;
  /** States the keys of the logs. */
  readonly directory: Directory;
}

/** Why a checkpoint and the log do not agree; undefined: they do. */
export function findCheckpointFault(
  { note }: CheckpointFound,
  hashes: readonly Hash[],
  means: Means,
): string | undefined {
  const checkpoint = readCheckpoint(note, means);
  if (typeof checkpoint === 'string') return checkpoint;
  if (checkpoint.size > hashes.length) return 'LOG_SHORTER_THAN_CHECKPOINT';
  const frontier = createFrontier(means.sha256);
  for (const hash of hashes.slice(0, checkpoint.size)) frontier.append(entryLeafHash(hash, means.sha256));
  const root = frontier.root();
  return root.every((byte, at) => byte === checkpoint.root[at]) ? undefined : 'LOG_REWRITTEN';
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
