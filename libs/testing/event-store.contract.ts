/**
 * What every event store promises (libs/use-cases/ports/event-store.port.ts), whatever it keeps its ledger in. Races
 * between processes, lost connections and roles are tried where there are a database and processes.
 */
import { afterAll, beforeAll, describe } from '@jest/globals';
import { appendContract } from './event-store-append.contract.ts';
import { heldContract } from './event-store-held.contract.ts';
import { linesContract } from './event-store-lines.contract.ts';
import { memoryContract } from './event-store-memory.contract.ts';
import { outboxContract } from './event-store-outbox.contract.ts';
import { readsContract } from './event-store-reads.contract.ts';
import { recordContract } from './event-store-record.contract.ts';
import { worklistsContract } from './event-store-worklists.contract.ts';
import type { EventStoreUnderTest, OpenStores } from './event-store-under-test.ts';

export function eventStoreContract(name: string, make: () => Promise<EventStoreUnderTest>): void {
  describe(`event store: ${name}`, () => {
    const open = {} as OpenStores;
    beforeAll(async () => {
      const made = await make();
      open.store = made.store;
      open.another = await made.another();
    });
    afterAll(async () => {
      await open.another.close();
      await open.store.close();
    });
    describe('append', () => appendContract(open));
    describe('reads', () => readsContract(open));
    describe('worklists', () => worklistsContract(open));
    describe('record', () => recordContract(open));
    describe('held and quarantined', () => heldContract(open));
    describe('outbox', () => outboxContract(open));
    describe('lines', () => linesContract(open));
    describe('memories', () => memoryContract(open));
  });
}
