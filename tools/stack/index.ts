export { inBoth, StackError, type Bilingual, type Say, type StackErrorCode } from './messages.ts';
export { openStack, removeStack, type Stack, type StackOptions } from './stack.ts';
export { isDataDir } from './state-file.ts';
export { findLockOwner } from './lock.ts';
export type { PostgresServer } from './postgres/server.ts';
export type { DatabaseUrls, DatabaseWanted } from './postgres/databases.ts';
export type { KafkaServer, KafkaWanted } from './kafka/server.ts';
