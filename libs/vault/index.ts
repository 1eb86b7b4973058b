export { migrateVault } from './migrate.ts';
export { openVault, type VaultOptions } from './open-vault.ts';
