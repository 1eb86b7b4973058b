/**
 * Checkpoints: C2SP tlog-checkpoint in a signed note, here without extension lines (wire format 8).
 *
 *     origin LF            = name of the log's key, <host>/<node id>/<life>
 *     size LF              decimal, no leading zero
 *     base64 of root LF
 */
import { decodeBase64, DomainError, encodeBase64 } from '#libs/kernel';
import { CHECKPOINT_MALFORMED } from './error-codes.ts';
import { HASH_BYTES } from './tree.ts';

export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
}

/** The text to be signed. @throws DomainError `CHECKPOINT_MALFORMED` when it would not be read again */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  const text = `${origin}\n${size}\n${encodeBase64(root)}\n`;
  parseCheckpointText(text);
  return text;
}

/** @throws DomainError `CHECKPOINT_MALFORMED`, also for extension lines and sizes beyond 2^53 − 1 */
export function parseCheckpointText(text: string): Checkpoint {
  const [, origin = '', digits, base64 = ''] = /^([^\n]+)\n(0|[1-9]\d*)\n([^\n]+)\n$/.exec(text) ?? [];
  const size = Number(digits);
  const root = decodeBase64(base64);
  if (!Number.isSafeInteger(size) || root?.length !== HASH_BYTES)
    throw new DomainError(CHECKPOINT_MALFORMED, 'a checkpoint is an origin, a size and a root hash, one a line');
  return { origin, size, root };
}
