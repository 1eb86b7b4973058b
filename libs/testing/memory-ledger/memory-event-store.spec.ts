import { systemClock } from '#libs/key-custody';
import { eventStoreLifeContract } from '../event-store-life.contract.ts';
import { eventStoreContract } from '../event-store.contract.ts';
import { MemoryLedger } from './memory-event-store.ts';

async function make() {
  const ledger = new MemoryLedger({ clock: systemClock });
  return { store: ledger.open(), another: async () => ledger.open() };
}
eventStoreContract('memory', make);
eventStoreLifeContract('memory', make);
