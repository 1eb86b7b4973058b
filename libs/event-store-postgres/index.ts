export { classifyError, isRetryable } from './errors.ts';
export type { LifeWatch } from './lives.ts';
export { migrate, type MigrateOptions } from './migrate.ts';
export { MIGRATIONS } from './migrations/index.ts';
export { openEventStore, type EventStoreOptions } from './open-event-store.ts';
export { openTallies, type LedgerTallies, type Tallies } from './tallies.ts';
export { openTroubleStore } from './open-trouble-store.ts';
export { openUpkeep, type DiskUse, type Upkeep } from './upkeep.ts';
