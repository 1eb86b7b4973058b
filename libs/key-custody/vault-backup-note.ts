/** When the vault was last backed up: a note beside the keys, which a restore of the vault does not set back. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isInstant, type Instant } from '#libs/kernel';

const NAME = 'vault-backup.json';

export function noteVaultBackup(keysDir: string, at: Instant): void {
  writeFileSync(join(keysDir, NAME), `${JSON.stringify({ at })}\n`, { mode: 0o600 });
}

/** Undefined: this node knows of none. */
export function findVaultBackup(keysDir: string): Instant | undefined {
  try {
    const { at } = JSON.parse(readFileSync(join(keysDir, NAME), 'utf8')) as { readonly at?: unknown };
    return typeof at === 'string' && isInstant(at) ? at : undefined;
  } catch {
    return undefined;
  }
}
