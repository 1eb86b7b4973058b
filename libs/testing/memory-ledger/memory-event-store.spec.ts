import { systemClock } from '#libs/key-custody';
import { eventStoreContract } from '../event-store.contract.ts';
import { MemoryLedger } from './memory-event-store.ts';

eventStoreContract('memory', async () => {
  const ledger = new MemoryLedger({ clock: systemClock });
  return { store: ledger.open(), another: async () => ledger.open() };
});
