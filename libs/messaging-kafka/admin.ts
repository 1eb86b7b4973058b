/** What an administrator, or the embedded stack, asks of a broker. Every call may be repeated: what is there stays. */
import { setTimeout as pause } from 'node:timers/promises';
import kafkajs from 'kafkajs';
import type { AclEntry, AclFilter, Admin } from 'kafkajs';
import { type Access, toAclEntries } from './access.ts';
import { type KafkaConnection, makeClient } from './connection.ts';
import { BrokerFailure, classify } from './failure.ts';
import type { TopicWanted } from './topics.ts';

/** Offsets that the broker holds of a partition: `low` the earliest, `high` the next to be written. */
export interface PartitionRange {
  readonly partition: number;
  readonly low: string;
  readonly high: string;
}
export interface KafkaAdmin {
  clusterId(): Promise<string>;
  listTopics(): Promise<readonly string[]>;
  /** Makes the topics that are missing; those that are there keep their settings. */
  ensureTopics(topics: readonly TopicWanted[]): Promise<void>;
  deleteTopics(topics: readonly string[]): Promise<void>;
  /** All that the topic holds now, as when retention has passed it. */
  deleteRecords(topic: string): Promise<void>;
  /** Resolves when the broker goes by them. */
  grant(access: readonly Access[]): Promise<void>;
  ranges(topic: string): Promise<readonly PartitionRange[]>;
  close(): Promise<void>;
}

const APPLIED_MS = 10_000;
const ANY_ACL: AclFilter = {
  resourceType: kafkajs.AclResourceTypes.ANY,
  resourcePatternType: kafkajs.ResourcePatternTypes.ANY,
  operation: kafkajs.AclOperationTypes.ANY,
  permissionType: kafkajs.AclPermissionTypes.ALLOW,
};

async function orFailure<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw classify(error);
  }
}

/** Rejects with `BrokerFailure`, as do all calls. */
export async function openAdmin(connection: KafkaConnection): Promise<KafkaAdmin> {
  const admin = makeClient(connection).admin();
  try {
    await admin.connect();
  } catch (error) {
    await admin.disconnect().catch(() => undefined);
    throw classify(error);
  }
  return adminOver(admin);
}

export function adminOver(admin: Admin): KafkaAdmin {
  return {
    clusterId: async () => (await orFailure(admin.describeCluster())).clusterId,
    listTopics: () => orFailure(admin.listTopics()),
    ensureTopics: (topics) => orFailure(ensureTopics(admin, topics)),
    deleteTopics: (topics) => orFailure(admin.deleteTopics({ topics: [...topics] })),
    deleteRecords: async (topic) => {
      const partitions = (await orFailure(admin.fetchTopicOffsets(topic))).map(({ partition, high: offset }) => ({
        partition,
        offset,
      }));
      await orFailure(admin.deleteTopicRecords({ topic, partitions }));
    },
    grant: (access) => orFailure(grant(admin, access.flatMap(toAclEntries))),
    ranges: async (topic) => {
      const found = await orFailure(admin.fetchTopicOffsets(topic));
      return found.map(({ partition, low, high }) => ({ partition, low, high }));
    },
    close: () => admin.disconnect(),
  };
}

/**
 * The controller answers before the broker that enforces the list has heard of it; who came at once would be refused,
 * and a refusal is final. The broker tells what it goes by.
 */
async function grant(admin: Admin, wanted: readonly AclEntry[]): Promise<void> {
  await admin.createAcls({ acl: [...wanted] });
  const end = performance.now() + APPLIED_MS;
  for (;;) {
    const { resources } = await admin.describeAcls(ANY_ACL);
    const there = new Set(
      resources.flatMap(({ acls, ...resource }) => acls.map((acl) => nameOf({ ...resource, ...acl }))),
    );
    if (wanted.every((entry) => there.has(nameOf(entry)))) return;
    if (performance.now() > end)
      throw new BrokerFailure('BROKER_UNREADY', 'the broker does not go by its new ACLs yet');
    await pause(50);
  }
}

const nameOf = ({ resourceType, resourceName, resourcePatternType, principal, operation }: AclEntry): string =>
  [resourceType, resourceName, resourcePatternType, principal, operation].join(' ');

async function ensureTopics(admin: Admin, wanted: readonly TopicWanted[]): Promise<void> {
  const there = new Set(await admin.listTopics());
  const topics = wanted
    .filter(({ topic }) => !there.has(topic))
    .map(({ topic, partitions, replicas, settings }) => ({
      topic,
      numPartitions: partitions,
      replicationFactor: replicas,
      configEntries: Object.entries(settings).map(([name, value]) => ({ name, value })),
    }));
  // False: somebody else made them meanwhile, which is as good.
  if (topics.length > 0) await admin.createTopics({ topics, waitForLeaders: true, timeout: 10_000 });
}
