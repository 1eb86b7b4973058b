/**
 * New signing and encryption keys beside those of a node, good from a moment to come. Order of a rotation: the files (here),
 * then the directory states them, then the moment comes and every process signs with the new ones by itself.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DomainError, instantToMs, type Instant, isKeyLabel, msToInstant, type NodeId } from '#libs/kernel';
import { createKeys, type KeysCreated } from './key-creation.ts';
import { readKeyDirectory } from './key-directory.ts';

export interface Rotation {
  readonly node: NodeId;
  /** One that no key of the node bears yet, e.g. `2026-2`. */
  readonly label: string;
  /** From when the new keys sign; the directory has to state them before. */
  readonly validFrom: Instant;
}
/**
 * So long the old key is still good: an event takes the time of the one before it where that is later than the author's
 * clock, and clocks may differ by 300 s (wire format 3).
 */
const OVERLAP_MS = 600_000;

/**
 * For every owner that has keys in `dir`. What had no end gets one, soon after the new keys begin; encryption keys get none,
 * since letters sealed for them are still on the way. May be run again with the same label after an interruption.
 * @throws DomainError `KEYS_UNREADABLE`, `MALFORMED`
 */
export function rotateKeys(dir: string, { node, label, validFrom }: Rotation): KeysCreated {
  const { signing } = readKeyDirectory(dir);
  if (!isKeyLabel(label)) throw new DomainError('MALFORMED', 'a key needs a label, e.g. 2026-2', { label });
  const owners = [...new Set(signing.map(({ owner }) => owner as NodeId))];
  const made = createKeys(dir, { node, owners, label, validFrom });
  const validTo = msToInstant(instantToMs(validFrom) + OVERLAP_MS);
  for (const key of signing) {
    if (key.validTo === undefined && (key.validFrom ?? '') < validFrom)
      end(join(dir, 'signing', `${key.keyId}.json`), validTo);
  }
  return made;
}

/** Written beside and moved into place: nobody ever reads half a key. */
function end(path: string, validTo: Instant): void {
  const jwk = JSON.parse(readFileSync(path, 'utf8')) as Readonly<Record<string, string>>;
  const beside = join(path, '..', `.${randomUUID()}`);
  try {
    writeFileSync(beside, `${JSON.stringify({ ...jwk, validTo }, undefined, 2)}\n`, {
      mode: 0o600,
      flag: 'wx',
      flush: true,
    });
    renameSync(beside, path);
  } finally {
    rmSync(beside, { force: true });
  }
}
