import { migrateVault } from '#libs/vault';
import { createTemporaryDatabase, type TemporaryDatabase } from './temporary-database.ts';

export type VaultDatabase = TemporaryDatabase;

/** A vault's database of its own; migrated unless told not to be. */
export async function createVaultDatabase({ migrated = true } = {}): Promise<VaultDatabase> {
  const database = await createTemporaryDatabase({ migrated: false });
  if (migrated) await migrateVault(database);
  return database;
}
