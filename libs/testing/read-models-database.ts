import { migrateReadModels } from '#libs/read-models';
import { createTemporaryDatabase, type TemporaryDatabase } from './temporary-database.ts';

/** A ledger's database with the schema of the read models. */
export async function createReadModelsDatabase(): Promise<TemporaryDatabase> {
  const database = await createTemporaryDatabase();
  await migrateReadModels({ ownerUrl: database.ownerUrl, appRole: database.appRole });
  return database;
}
