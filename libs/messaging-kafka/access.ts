/**
 * Who may do what at the broker (wire format 5). A peer writes into every mailbox and reads only its own; only the
 * registrar writes the directory. Nobody is given a transactional id: an unfinished transaction would stop the readers
 * of a mailbox. Tried by `access.int.spec.ts`.
 */
import kafkajs from 'kafkajs';
import type { AclEntry } from 'kafkajs';
import type { NodeId } from '#libs/kernel';
import { CHECKPOINTS_TOPIC, DIRECTORY_TOPIC, groupPrefix, MAILBOX_PREFIX, mailboxTopic } from './topics.ts';

type Operation = 'READ' | 'WRITE' | 'DESCRIBE' | 'IDEMPOTENT_WRITE';
interface Right {
  readonly on: 'TOPIC' | 'GROUP' | 'CLUSTER';
  readonly name: string;
  readonly prefix?: boolean;
  readonly may: readonly Operation[];
}
/** What one login may do. */
export interface Access {
  readonly username: string;
  readonly rights: readonly Right[];
}

const CLUSTER: Right = { on: 'CLUSTER', name: 'kafka-cluster', may: ['IDEMPOTENT_WRITE'] };

/** Rights of the login under which a node runs; by custom it is named like the node. */
export function accessOfNode(node: NodeId, username: string = node): Access {
  return {
    username,
    rights: [
      { on: 'TOPIC', name: MAILBOX_PREFIX, prefix: true, may: ['WRITE', 'DESCRIBE'] },
      { on: 'TOPIC', name: mailboxTopic(node), may: ['READ', 'DESCRIBE'] },
      { on: 'GROUP', name: groupPrefix(node), prefix: true, may: ['READ'] },
      { on: 'TOPIC', name: DIRECTORY_TOPIC, may: ['READ', 'DESCRIBE'] },
      { on: 'TOPIC', name: CHECKPOINTS_TOPIC, may: ['READ', 'WRITE', 'DESCRIBE'] },
      CLUSTER,
    ],
  };
}

/** Rights of the login that publishes directory statements. */
export function accessOfRegistrar(username: string): Access {
  return { username, rights: [{ on: 'TOPIC', name: DIRECTORY_TOPIC, may: ['READ', 'WRITE', 'DESCRIBE'] }, CLUSTER] };
}

/** The same as commands of Kafka's own tool, one for each right. */
export const toolLines = ({ username, rights }: Access): readonly string[] =>
  rights.map(({ on, name, prefix, may }) => {
    const where = on === 'CLUSTER' ? '--cluster' : `--${on.toLowerCase()} '${name}'`;
    const pattern = prefix ? ' --resource-pattern-type prefixed' : '';
    const operations = may.map((operation) => ` --operation ${TOOL_WORDS[operation]}`).join('');
    return `kafka-acls.sh --bootstrap-server "$KAFKA_BROKERS" --command-config admin.properties --add --allow-principal 'User:${username}'${operations} ${where}${pattern}`;
  });
const TOOL_WORDS: Readonly<Record<Operation, string>> = {
  READ: 'Read',
  WRITE: 'Write',
  DESCRIBE: 'Describe',
  IDEMPOTENT_WRITE: 'IdempotentWrite',
};

export function toAclEntries({ username, rights }: Access): readonly AclEntry[] {
  return rights.flatMap(({ on, name, prefix, may }) =>
    may.map((operation) => ({
      resourceType: kafkajs.AclResourceTypes[on],
      resourceName: name,
      resourcePatternType: kafkajs.ResourcePatternTypes[prefix ? 'PREFIXED' : 'LITERAL'],
      principal: `User:${username}`,
      host: '*',
      operation: kafkajs.AclOperationTypes[operation],
      permissionType: kafkajs.AclPermissionTypes.ALLOW,
    })),
  );
}
