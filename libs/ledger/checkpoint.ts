import { DomainError } from '#libs/kernel';
import type { VerifyEd25519 } from '#libs/kernel';
import { parseCheckpointText } from './checkpoint-text.ts';
import type { Checkpoint } from './checkpoint-text.ts';
import { CHECKPOINT_ORIGIN_WRONG, NOTE_UNVERIFIED } from './error-codes.ts';
import { verifyNote } from './verify-note.ts';
import type { VerifiedSignature } from './verify-note.ts';
import type { VerifierKey } from './vkey.ts';

export interface VerifiedCheckpoint extends Checkpoint {
  /** Witnesses whose cosignature verified, with its time. */
  readonly cosigned: readonly VerifiedSignature[];
}

/**
 * The checkpoint, if the log signed it; with the cosignatures of those `witnesses` that stand under it. Enough for an answer
 * to "is this what that log says", not to "has nobody seen another": how many witnesses are enough is the caller's policy.
 * @throws DomainError `NOTE_MALFORMED`, `NOTE_SIGNATURE_INVALID`, `NOTE_UNVERIFIED`, `CHECKPOINT_MALFORMED`,
 * `CHECKPOINT_ORIGIN_WRONG` (signed by the log's key under another log's name)
 */
export function verifyCheckpoint(
  note: string,
  keys: { readonly log: VerifierKey; readonly witnesses?: readonly VerifierKey[] },
  verify: VerifyEd25519,
): VerifiedCheckpoint {
  const { text, signatures } = verifyNote(note, [keys.log, ...(keys.witnesses ?? [])], verify);
  if (!signatures.some(({ key }) => key === keys.log))
    throw new DomainError(NOTE_UNVERIFIED, `${keys.log.name} did not sign the checkpoint`, { log: keys.log.name });
  const checkpoint = parseCheckpointText(text);
  if (checkpoint.origin !== keys.log.name)
    throw new DomainError(CHECKPOINT_ORIGIN_WRONG, `${keys.log.name} signed a checkpoint of ${checkpoint.origin}`, {
      log: keys.log.name,
      origin: checkpoint.origin,
    });
  return { ...checkpoint, cosigned: signatures.filter(({ key }) => key !== keys.log) };
}
