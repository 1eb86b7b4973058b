import { afterAll } from '@jest/globals';
import { openEventStore } from '#libs/event-store-postgres';
import { eventStoreLifeContract } from '../testing/event-store-life.contract.ts';
import { eventStoreContract } from '../testing/event-store.contract.ts';
import { createTemporaryDatabase, type TemporaryDatabase } from '../testing/temporary-database.ts';

const databases: TemporaryDatabase[] = [];

async function make() {
  const database = await createTemporaryDatabase();
  databases.push(database);
  const open = { url: database.appUrl, softwareVersion: '0.1.0' };
  return { store: await openEventStore(open), another: () => openEventStore(open) };
}
eventStoreContract('PostgreSQL', make);
eventStoreLifeContract('PostgreSQL', make);

afterAll(() => Promise.all(databases.map((database) => database.drop())), 60_000);
