/** Names and settings of the topics (wire format 5). */
import { CHECKPOINTS_TOPIC, DIRECTORY_TOPIC, MAILBOX_PREFIX, mailboxTopic } from '#libs/exchange';
import type { NodeId } from '#libs/kernel';

export { CHECKPOINTS_TOPIC, DIRECTORY_TOPIC, MAILBOX_PREFIX, mailboxTopic };

/** Groups of a node all begin with this; the full stop keeps `gialam` apart from `gialam-district`. */
export const groupPrefix = (node: NodeId): string => `lienthong.${node}.`;

export interface TopicWanted {
  readonly topic: string;
  readonly partitions: number;
  readonly replicas: number;
  readonly settings: Readonly<Record<string, string>>;
}
export interface TopicSizes {
  /** Of a mailbox; default 3. */
  readonly partitions?: number;
  /** Default 1: the embedded broker is one. */
  readonly replicas?: number;
  /** Of mailboxes and checkpoints: longer than the longest planned outage; default 30. */
  readonly retentionDays?: number;
}

const DAY_MS = 86_400_000;

/**
 * Settings without which one peer could harm another: `LogAppendTime`, so that a record dated far back does not expire
 * at once, nor one dated ahead stay for ever; `uncompressed`, so that the broker opens whatever codec a sender chose
 * and no reader is stopped by one it lacks; Kafka's own default of `max.message.bytes`, whatever the broker's is, as kafkajs
 * fails on a batch of more than some 120,000 records, and one of this size holds 117,000 empty ones.
 */
const GUARDS = {
  'message.timestamp.type': 'LogAppendTime',
  'compression.type': 'uncompressed',
  'max.message.bytes': '1048588',
} as const;

function keptFor({ replicas = 1, retentionDays = 30 }: TopicSizes, topic: string, partitions: number): TopicWanted {
  const settings = { ...GUARDS, 'cleanup.policy': 'delete', 'retention.ms': String(retentionDays * DAY_MS) };
  return { topic, partitions, replicas, settings };
}

export const mailboxWanted = (node: NodeId, sizes: TopicSizes = {}): TopicWanted =>
  keptFor(sizes, mailboxTopic(node), sizes.partitions ?? 3);

export const checkpointsWanted = (sizes: TopicSizes = {}): TopicWanted => keptFor(sizes, CHECKPOINTS_TOPIC, 1);

/**
 * So long a statement stays beside the one after it: until then the registrar must have stated again itself what its service
 * has stated, or a newcomer finds nothing to compare it with (ADR 0013).
 */
const BESIDE_DAYS = 30;

/** One partition: a node reads the statements in the registrar's order, to their end. */
export const directoryWanted = ({ replicas = 1 }: TopicSizes = {}): TopicWanted => ({
  topic: DIRECTORY_TOPIC,
  partitions: 1,
  replicas,
  settings: { ...GUARDS, 'cleanup.policy': 'compact', 'min.compaction.lag.ms': String(BESIDE_DAYS * DAY_MS) },
});
