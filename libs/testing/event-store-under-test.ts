import type { EventStore } from '#libs/use-cases';

export interface EventStoreUnderTest {
  readonly store: EventStore;
  /** The same ledger as another process, or this one after a restart, has it. */
  readonly another: () => Promise<EventStore>;
}
/** The two, as the parts of the contract suite find them once they are open. */
export interface OpenStores {
  store: EventStore;
  another: EventStore;
}
