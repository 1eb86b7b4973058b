import { afterAll } from '@jest/globals';
import { openEventStore } from '#libs/event-store-postgres';
import { eventStoreContract } from '../testing/event-store.contract.ts';
import { createTemporaryDatabase, type TemporaryDatabase } from '../testing/temporary-database.ts';

let database: TemporaryDatabase | undefined;

eventStoreContract('PostgreSQL', async () => {
  database = await createTemporaryDatabase();
  const open = { url: database.appUrl, softwareVersion: '0.1.0' };
  return { store: await openEventStore(open), another: () => openEventStore(open) };
});

afterAll(async () => database?.drop());
