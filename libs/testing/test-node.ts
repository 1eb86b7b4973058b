/**
 * Nodes for integration specs of the application layer and of the door: real ledger and vault databases, real keys, a
 * directory signed by a registrar of the test, a broker in memory. Several nodes of one world are joined by `exchangeAll`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '#libs/key-custody';
import type { AgencyCode, Instant, NodeId } from '#libs/kernel';
import {
  DIRECTORY_TOPIC,
  type Clock,
  type DirectoryDesk,
  type ingestBatch,
  type NodeServices,
  type OutgoingRecord,
} from '#libs/use-cases';
import { MemoryBroker } from './memory-broker.ts';
import { createTemporaryDatabase, type TemporaryDatabase } from './temporary-database.ts';
import { TestClock } from './test-clock.ts';
import { openProcess, type Reported } from './test-process.ts';
import { TestRegistrar } from './test-registrar.ts';
import { statementsOf, type PlacedNode } from './test-statements.ts';
import { createVaultDatabase, type VaultDatabase } from './vault-database.ts';

export interface TestNodeWanted {
  readonly node: string;
  readonly agencies: readonly string[];
  readonly autoAccept?: NodeServices['autoAccept'];
}
export interface TestWorldWanted {
  readonly nodes: readonly TestNodeWanted[];
  /** Nodes that stand in the directory, with keys, but do not run. */
  readonly absent?: readonly Pick<TestNodeWanted, 'node' | 'agencies'>[];
  /** Work time at the start; absent: 09:00 of Wednesday 14 June 2023 in Viet Nam. */
  readonly now?: string;
  /** Real time of all nodes, moved by the test; absent: the system's. */
  readonly wall?: Clock;
}
export interface TestNode {
  readonly node: NodeId;
  readonly agencies: readonly AgencyCode[];
  readonly services: NodeServices;
  readonly desk: DirectoryDesk;
  readonly clock: TestClock;
  readonly world: TestWorld;
  /** What the use cases reported, in order. */
  readonly reports: readonly Reported[];
  /** In place of the use case, where a test wraps it. */
  readonly ingest?: typeof ingestBatch;
  readonly ledgerDatabase: TemporaryDatabase;
  readonly keysDir: string;
  readonly wanted: TestNodeWanted & PlacedNode;
  readonly vaultDatabase: VaultDatabase;
  /** Another process of the same node: the same databases and keys, its own memory. Closed with the node. */
  anotherProcess(): Promise<NodeServices>;
  /** The node started anew on this ledger (and vault): what an operator put back. It takes its place in the world. */
  startedOn(ledger: TemporaryDatabase, vault?: VaultDatabase): Promise<TestNode>;
  /** Ends its processes; the databases stay. */
  stop(): Promise<void>;
  close(): Promise<void>;
}
export interface TestWorld {
  readonly nodes: TestNode[];
  readonly broker: MemoryBroker;
  readonly registrar: TestRegistrar;
  /** Work time of all nodes. */
  readonly clock: TestClock;
  readonly wallClock: Clock;
  nodeOf(node: string): TestNode;
  /** States something and has every node take it. */
  publish(...records: readonly OutgoingRecord[]): Promise<void>;
  close(): Promise<void>;
}

export const GIALAM_COMMUNES = Array.from(
  { length: 22 },
  (_, index) => `H26.129.${String(index + 1).padStart(2, '0')}`,
);
export const GIALAM: readonly TestNodeWanted[] = [
  { node: 'gialam-communes', agencies: GIALAM_COMMUNES },
  { node: 'gialam-district', agencies: ['H26.129'] },
  { node: 'hanoi-city', agencies: ['H26', 'H26.901', 'H26.902', 'H26.903'] },
];
const [COMMUNES, ...ABOVE] = GIALAM as [TestNodeWanted, ...TestNodeWanted[]];

const START = '2023-06-14T02:00:00.000Z';

/** One node alone, its neighbours of Gia Lâm in the directory but away. */
export async function openTestNode(
  wanted: Partial<TestNodeWanted> = {},
  more: Omit<TestWorldWanted, 'nodes'> = {},
): Promise<TestNode> {
  const whole = { ...COMMUNES, ...wanted };
  const absent = more.absent ?? (whole.node === COMMUNES.node ? ABOVE : []);
  const world = await openTestWorld({ ...more, nodes: [whole], absent });
  const node = world.nodeOf(whole.node);
  return { ...node, close: () => world.close() };
}

export async function openTestWorld(wanted: TestWorldWanted): Promise<TestWorld> {
  const broker = new MemoryBroker();
  const registrar = new TestRegistrar();
  const clock = new TestClock((wanted.now ?? START) as Instant);
  const keysRoot = mkdtempSync(join(tmpdir(), 'lienthong-keys-'));
  const all = [...wanted.nodes, ...(wanted.absent ?? [])].map((one) => ({ ...one, keysDir: join(keysRoot, one.node) }));
  broker.put(DIRECTORY_TOPIC, ...statementsOf(registrar, all));
  const nodes: TestNode[] = [];
  const world: TestWorld = {
    nodes,
    broker,
    registrar,
    clock,
    wallClock: wanted.wall ?? systemClock,
    nodeOf: (name) => {
      const found = nodes.find(({ node }) => node === name);
      if (!found) throw new Error(`the test has no node ${name}`);
      return found;
    },
    publish: async (...records) => {
      broker.put(DIRECTORY_TOPIC, ...records);
      for (const { desk, services } of nodes) await desk.take(services, records.map(asTaken));
    },
    close: async () => {
      await Promise.all(nodes.map((node) => node.close()));
      rmSync(keysRoot, { recursive: true, force: true });
    },
  };
  for (const one of all.slice(0, wanted.nodes.length)) nodes.push(await openNode(world, one));
  return world;
}

const asTaken = ({ key, value }: OutgoingRecord) => ({ key: Buffer.from(key), value });

type Placed = TestNodeWanted & PlacedNode;

async function openNode(world: TestWorld, wanted: Placed): Promise<TestNode> {
  const [ledgerDatabase, vaultDatabase] = await Promise.all([createTemporaryDatabase(), createVaultDatabase()]);
  return openNodeOn(world, wanted, { ledgerDatabase, vaultDatabase });
}

type Databases = Pick<TestNode, 'ledgerDatabase' | 'vaultDatabase'>;

async function openNodeOn(
  world: TestWorld,
  wanted: Placed,
  { ledgerDatabase, vaultDatabase }: Databases,
): Promise<TestNode> {
  const reports: Reported[] = [];
  const process = { world, wanted, reports, ledgerUrl: ledgerDatabase.appUrl, vaultUrl: vaultDatabase.appUrl };
  const { services, desk } = await openProcess(process);
  const others: NodeServices[] = [];
  if (services.life.takesIn) await desk.take(services, world.broker.records(DIRECTORY_TOPIC).map(asTaken));
  if (services.life.signs && reports.length > 0)
    throw new Error(`the test's directory was not taken: ${JSON.stringify(reports)}`);
  let stopped: Promise<unknown> | undefined;
  const stop = async (): Promise<void> => {
    stopped ??= Promise.all([services, ...others].flatMap(({ store, vault }) => [store.close(), vault.close()]));
    await stopped;
  };
  const node: TestNode = {
    node: services.node,
    agencies: wanted.agencies as readonly AgencyCode[],
    services,
    desk,
    clock: world.clock,
    world,
    reports,
    ledgerDatabase,
    keysDir: wanted.keysDir,
    wanted,
    vaultDatabase,
    anotherProcess: async () => {
      const another = await openProcess(process);
      others.push(another.services);
      return another.services;
    },
    stop,
    close: async () => {
      await stop();
      await Promise.all([ledgerDatabase.drop(), vaultDatabase.drop()]);
    },
    startedOn: async (ledger, vault = vaultDatabase) => {
      await stop();
      const again = await openNodeOn(world, wanted, { ledgerDatabase: ledger, vaultDatabase: vault });
      world.nodes.splice(world.nodes.indexOf(node), 1, again);
      return again;
    },
  };
  return node;
}
