/** Keys of every node, and the registrar's statements about the organisation with them, on the topic. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Organisation } from '#libs/directory';
import { createKeys, openMarkFile, publicKeys } from '#libs/key-custody';
import type { Instant, NodeId, AgencyCode } from '#libs/kernel';
import { openSender } from '#libs/messaging-kafka';
import {
  openEd25519Key,
  organisationStatements,
  publishStatements,
  StatementRegister,
  type Ed25519Key,
  type NodeEntry,
} from '#tools/registrar';
import type { DataFolder } from './data-folder.ts';
import { connectionTo, findDirectoryTopic, type KafkaPlace } from './kafka-place.ts';
import { REGISTRAR, REGISTRAR_LOGIN } from './topology.ts';

/** Before the first day of work, so that every key is good on it. */
const KEYS_FROM = '2023-01-01T00:00:00.000Z' as Instant;
/** Of every life: work time of the demo may be earlier at the next start than when a life began. */
const LOG_FROM = '2023-01-01';
const LABEL = '2023-1';
/** Default of LOG_ORIGIN_HOST. */
const LOG_HOST = 'lienthong.example';
/** Time of the first statement: two weeks before the first day of work. */
const STATED_FROM = '2023-06-01T01:00:00.000Z' as Instant;

/** Of every life that the node has begun, by the mark beside its keys. */
function logsOf(folder: DataFolder, node: NodeId): NodeEntry['logs'] {
  const lives = openMarkFile(folder.keysOf(node)).find()?.life ?? 1;
  return Array.from({ length: lives }, (_, before) => ({
    life: before + 1,
    origin: `${LOG_HOST}/${node}/${before + 1}`,
    from: LOG_FROM,
  }));
}

export interface PlacedNode {
  readonly node: NodeId;
  readonly agencies: readonly AgencyCode[];
  readonly url: string;
}

export const readOrganisation = (projectRoot: string): Organisation =>
  JSON.parse(readFileSync(join(projectRoot, 'reference/organisation.json'), 'utf8')) as Organisation;

export const openRegistrarKey = (folder: DataFolder): Ed25519Key =>
  openEd25519Key(folder.keysOf('registrar'), `${REGISTRAR}#${LABEL}`);

/** Makes what is missing of a node's keys: one for each agency, and those of the node itself. */
export function makeNodeKeys(folder: DataFolder, { node, agencies }: Omit<PlacedNode, 'url'>): void {
  createKeys(folder.keysOf(node), { node, owners: agencies, label: LABEL, validFrom: KEYS_FROM });
}

/** States what is new about the organisation and its nodes, and publishes what the topic lacks. */
export async function publishDirectory(
  folder: DataFolder,
  nodes: readonly PlacedNode[],
  means: { readonly organisation: Organisation; readonly kafka: KafkaPlace; readonly reached?: Instant },
): Promise<{ readonly stated: number; readonly published: number }> {
  const register = new StatementRegister(folder.register);
  const entries = nodes.map((one) => ({
    ...one,
    baseUrl: one.url,
    keys: publicKeys(folder.keysOf(one.node)),
    logs: logsOf(folder, one.node),
  }));
  const statements = organisationStatements(means.organisation, entries, KEYS_FROM);
  const at = means.reached ?? STATED_FROM;
  const stating = { registrar: REGISTRAR, key: openRegistrarKey(folder), at };
  const stated = register.state(statements, stating) + register.confirm(stating);
  const login = await means.kafka.loginOf(REGISTRAR_LOGIN);
  const sender = openSender({ connection: connectionTo(means.kafka, login) });
  try {
    const topic = await findDirectoryTopic(means.kafka);
    return { stated, published: await publishStatements(register, { sender, ...topic }) };
  } finally {
    await sender.close();
  }
}
