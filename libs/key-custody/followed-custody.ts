/**
 * Key custody of a process that runs for months: keys that are put into the folder are used without a restart. States: the
 * keys read last, and the folders' times as they stood then; looked at again at most once in `everyMs`.
 *
 * Promises, tried by `followed-custody.spec.ts` and `libs/use-cases/ingest-mailbox/keys-replaced.int.spec.ts`: a folder
 * that cannot be read whole changes nothing (its keys go on being used; the next start says what is wrong); log and
 * wrapping key never change under a process, since one names the log and the other opens the vault.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { DomainError } from '#libs/kernel';
import type { Clock, KeyCustody } from '#libs/use-cases';
import { type KeyMaterial, readKeyDirectory } from './key-directory.ts';
import { PURPOSES } from './key-file.ts';
import { createNodeKeyCustody } from './node-key-custody.ts';
import { systemClock } from './system-clock.ts';

const EVERY_MS = 1_000;

/** As `openKeyCustody`, and follows the folder. @throws DomainError `KEYS_UNREADABLE` at the first reading */
export function followKeyCustody(dir: string, clock: Clock = systemClock, everyMs = EVERY_MS): KeyCustody {
  let seen = timesOf(dir);
  let keys = readKeyDirectory(dir);
  let custody = createNodeKeyCustody(keys, clock);
  let lookAt = performance.now() + everyMs;
  const current = (): KeyCustody => {
    if (performance.now() < lookAt) return custody;
    lookAt = performance.now() + everyMs;
    const now = timesOf(dir);
    if (now === seen) return custody;
    const changed = findChanged(dir, keys);
    if (changed) {
      keys = changed;
      seen = now;
      custody = createNodeKeyCustody(keys, clock);
    }
    return custody;
  };
  return {
    signingKey: (owner) => current().signingKey(owner),
    logKey: () => current().logKey(),
    openJwe: (compact) => current().openJwe(compact),
    sealJwe: (plaintext, to) => current().sealJwe(plaintext, to),
    wrap: (key) => current().wrap(key),
    unwrap: (wrapped) => current().unwrap(wrapped),
    requestHmac: (bytes) => current().requestHmac(bytes),
    requestHmacs: (bytes) => current().requestHmacs(bytes),
    matchesRequestHmac: (kept, bytes) => current().matchesRequestHmac(kept, bytes),
  };
}

/** A key file appears, and is replaced, by a name in its folder: that moves the folder's time. */
function timesOf(dir: string): string {
  try {
    return PURPOSES.map((purpose) => statSync(join(dir, purpose), { bigint: true }).mtimeNs).join();
  } catch {
    return '';
  }
}

/** Undefined: not now, since it cannot be read whole or is the folder of somebody else. */
function findChanged(dir: string, before: KeyMaterial): KeyMaterial | undefined {
  try {
    const found = readKeyDirectory(dir);
    const isSame =
      found.log.publicKey.equals(before.log.publicKey) && found.wrapping.secret.equals(before.wrapping.secret);
    return isSame ? found : undefined;
  } catch (error) {
    if (error instanceof DomainError) return undefined;
    throw error;
  }
}
