export { sha256, verifyAllEd25519, verifyEd25519 } from './ed25519.ts';
export { createIds } from './ids.ts';
export { newestInForce, type Interval } from './in-force.ts';
export { createKeys, rotateRequestSecret, type KeysCreated, type NodeKeysWanted } from './key-creation.ts';
export { openKeyCustody, publicKeys, type PublicKey, type PublicKeys } from './key-custody.ts';
export { openMarkFile } from './mark-file.ts';
export { findVaultBackup, noteVaultBackup } from './vault-backup-note.ts';
export { steadyClock, systemClock } from './system-clock.ts';
