export type { KafkaConnection } from './connection.ts';
export type { TlsFiles } from './secure-sockets.ts';
export { tryConnection } from './try-connection.ts';
export { BrokerFailure, type BrokerFailureCode } from './failure.ts';
export * from './topics.ts';
export { type Access, accessOfNode, accessOfRegistrar, toolLines } from './access.ts';
export { type KafkaAdmin, openAdmin, type PartitionRange } from './admin.ts';
export { openSender, type SenderOptions } from './sender.ts';
export { type MailboxConsumer, openConsumer } from './consumer.ts';
export type {
  ConsumerState,
  ConsumerTrouble,
  ConsumerTuning,
  MailboxConsumerOptions,
  OpenPartition,
} from './consumer-options.ts';
export type { GapReason, MailboxGap } from './position.ts';
export { type DirectoryReader, type DirectoryReaderOptions, readDirectoryToEnd } from './directory-reader.ts';
