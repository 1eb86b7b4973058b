/**
 * The embedded stack (design 12): servers, keys, databases, broker, directory, and the nodes as processes. `openStack`
 * brings up everything the nodes need; nodes are started, stopped and killed one by one or together.
 *
 * Promises: everything may be asked for again on kept state; what a killed start left running is stopped (nodes) or taken
 * over (servers); whatever fails on the way, nothing that this call started is left behind; `stop` ends nodes, broker and
 * database in this order. Proved by `open-stack.int.spec.ts`.
 */
import type { Instant, NodeId } from '#libs/kernel';
import { openStack as openServers, type Say, type Stack as Servers } from '#tools/stack';
import { DataFolder, registrarRecord, type NodeRecord } from './data-folder.ts';
import { makeNodeKeys, openRegistrarKey, publishDirectory, readOrganisation } from './directory-desk.ts';
import { EmbeddedStack } from './embedded-stack.ts';
import { prepareIssuer } from './issuer.ts';
import { embeddedKafka, givenKafka, prepareBroker, recordOf, type KafkaPlace } from './kafka-place.ts';
import { stopLeftNodes } from './left-nodes.ts';
import {
  embeddedPostgres,
  givenPostgres,
  migrateDatabases,
  type NodeDatabases,
  type PostgresPlace,
} from './postgres-place.ts';
import { gialamNodes, portVariable, REGISTRAR_LOGIN, type NodeWanted } from './topology.ts';
import type { RunPhase, StackOptions } from './stack-options.ts';
import { reachedBy } from './work-clock-keeper.ts';
import { findProjectRoot } from '../stack/project.ts';

const silent: Say = () => undefined;
const justRun: RunPhase = (_, work) => work();

/** @throws StackError, `DomainError` of keys, databases and broker; what was started is stopped again. */
export async function openStack(options: StackOptions): Promise<EmbeddedStack> {
  const servers = openServers(options.dataDir, { say: options.say ?? silent });
  try {
    return await prepare(servers, options);
  } catch (error) {
    await servers.stopAll();
    throw error;
  }
}

async function prepare(servers: Servers, options: StackOptions): Promise<EmbeddedStack> {
  const { runPhase = justRun } = options;
  const projectRoot = findProjectRoot();
  const folder = new DataFolder(servers.dataDir);
  const reached = await stopLeftNodes(folder);
  const organisation = readOrganisation(projectRoot);
  const wanted = options.nodes ?? gialamNodes(organisation);
  const roles = { ...folder.findRecord()?.roles };
  const { postgres, kafka } = await openPlaces(servers, options, { wanted, roles });
  const registrar = await runPhase('keys', () => makeKeys(folder, wanted));
  const databases = await runPhase('databases', () => makeDatabases(postgres, wanted));
  await runPhase('broker', () =>
    prepareBroker(
      kafka,
      wanted.map(({ node }) => node),
    ),
  );
  const nodes = await placeNodes(folder, wanted, { databases, kafka, ports: servers.ports });
  folder.saveRecord({ nodes, ...recordOf(kafka), registrar, roles });
  await runPhase('directory', () =>
    publishDirectory(folder, nodes, { organisation, kafka, ...(reached && { reached }) }),
  );
  return new EmbeddedStack({ folder, projectRoot, servers, options, runPhase });
}

interface Asked {
  readonly wanted: readonly NodeWanted[];
  readonly roles: Record<string, string>;
}

/** Both servers at once; both are waited for, so that a failure of one leaves nothing of the other behind. */
async function openPlaces(
  servers: Servers,
  { postgres, kafka, runPhase = justRun }: StackOptions,
  { wanted, roles }: Asked,
): Promise<{ readonly postgres: PostgresPlace; readonly kafka: KafkaPlace }> {
  const users = [...wanted.map(({ node }) => node), REGISTRAR_LOGIN];
  const [database, broker] = await Promise.allSettled([
    postgres
      ? givenPostgres(postgres, roles)
      : runPhase('postgres', () => servers.startPostgres()).then(embeddedPostgres),
    kafka ? givenKafka(kafka) : runPhase('kafka', () => servers.startKafka({ users })).then(embeddedKafka),
  ]);
  if (database.status === 'rejected') throw database.reason;
  if (broker.status === 'rejected') throw broker.reason;
  return { postgres: database.value, kafka: broker.value };
}

async function makeKeys(
  folder: DataFolder,
  wanted: readonly NodeWanted[],
): Promise<ReturnType<typeof registrarRecord>> {
  for (const one of wanted) makeNodeKeys(folder, one);
  prepareIssuer(folder);
  const { kid, publicKey } = openRegistrarKey(folder);
  return registrarRecord(kid, publicKey);
}

async function makeDatabases(
  place: PostgresPlace,
  wanted: readonly NodeWanted[],
): Promise<ReadonlyMap<NodeId, NodeDatabases>> {
  const made = await Promise.all(
    wanted.map(async ({ node }): Promise<[NodeId, NodeDatabases]> => {
      const databases = await place.databasesOf(node);
      await migrateDatabases(databases);
      return [node, databases];
    }),
  );
  return new Map(made);
}

interface PlacesOfNodes {
  readonly databases: ReadonlyMap<NodeId, NodeDatabases>;
  readonly kafka: KafkaPlace;
  readonly ports: Servers['ports'];
}

async function placeNodes(
  folder: DataFolder,
  wanted: readonly NodeWanted[],
  { databases, kafka, ports }: PlacesOfNodes,
): Promise<readonly NodeRecord[]> {
  const before = new Map(folder.findRecord()?.nodes.map((one) => [one.node, one.port]));
  const placed: NodeRecord[] = [];
  for (const { node, agencies, port } of wanted) {
    const chosen = await ports.choose(portVariable(node), before.get(node) ?? port);
    const login = await kafka.loginOf(node);
    placed.push({
      node,
      agencies,
      port: chosen,
      url: `http://127.0.0.1:${chosen}`,
      databases: databases.get(node) as NodeDatabases,
      ...(login && { kafka: login }),
    });
  }
  return placed;
}

/** Work time that the kept state has reached; for choosing the day of the next start. */
export const workTimeReached = (dataDir: string): Instant | undefined => reachedBy(new DataFolder(dataDir));

export const projectRootOf = (): string => findProjectRoot();
