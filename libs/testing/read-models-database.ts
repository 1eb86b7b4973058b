import { migrateReadModels, openReadModels, type ReadModels } from '#libs/read-models';
import type { TestNode } from './test-node.ts';
import { createTemporaryDatabase, type TemporaryDatabase } from './temporary-database.ts';

/** A ledger's database with the schema of the read models. */
export async function createReadModelsDatabase(): Promise<TemporaryDatabase> {
  const database = await createTemporaryDatabase();
  await migrateReadModels({ ownerUrl: database.ownerUrl, appRole: database.appRole });
  return database;
}

/** The lists of a test's node, beside its ledger; the test folds them and closes them. */
export async function readModelsOf({ services, ledgerDatabase }: TestNode): Promise<ReadModels> {
  await migrateReadModels({ ownerUrl: ledgerDatabase.ownerUrl, appRole: ledgerDatabase.appRole });
  return openReadModels({ url: ledgerDatabase.appUrl, store: services.store, contracts: services.contracts });
}
