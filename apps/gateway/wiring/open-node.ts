/** Opens everything a process of a node needs, in the order in which each thing needs the others, and closes it backwards. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseCalendar } from '#libs/calendar';
import { workClock, type GatewayConfig } from '#libs/config';
import { migrate, openEventStore, openTroubleStore } from '#libs/event-store-postgres';
import {
  createIds,
  followKeyCustody,
  openMarkFile,
  rotateRequestSecret,
  sha256,
  steadyClock,
  verifyAllEd25519,
  verifyEd25519,
} from '#libs/key-custody';
import { DomainError, instantToMs, msToInstant } from '#libs/kernel';
import { openSender, tryConnection, type KafkaConnection, type TlsFiles } from '#libs/messaging-kafka';
import { parseProcedures } from '#libs/procedures';
import {
  type Clock,
  OnceInAWhile,
  DirectoryDesk,
  DossierShelf,
  Doorbell,
  type EventStore,
  LifeGuard,
  type NodeServices,
  StopSwitches,
  type TroubleStore,
} from '#libs/use-cases';
import { migrateVault, openVault } from '#libs/vault';
import type { GatewayMetrics, Tracing } from '#libs/observability';
import { tracedPorts } from '../tracing/traced-services.ts';
import { DiskWatch } from '../watching/disk-watch.ts';
import { watchedStore } from '../watching/watched-store.ts';
import { openContracts } from './contracts.ts';
import { untilThere } from './until-there.ts';

export interface OpenNode {
  readonly services: NodeServices;
  readonly directory: DirectoryDesk;
  readonly connection: KafkaConnection;
  readonly disk: DiskWatch;
  /** What is in trouble, the operators' jobs, and what they have stopped. */
  readonly trouble: { readonly store: TroubleStore; readonly stops: StopSwitches };
  /** Names this process in leases. */
  readonly owner: string;
  close(): Promise<void>;
}
export type Report = NodeServices['report'];

export const SOFTWARE_VERSION = '0.1.0';

/** Who watches the process. */
export interface Watch {
  readonly metrics: GatewayMetrics;
  readonly tracing: Tracing | undefined;
}

export async function openNode(config: GatewayConfig, report: Report, watch: Watch): Promise<OpenNode> {
  const clock = workClock(config.workClock, Date.now);
  rotateRequestSecret(config.keysDir, config.nodeId);
  const life = new LifeGuard(openMarkFile(config.keysDir), report);
  const keys = life.guard(followKeyCustody(config.keysDir, clock));
  const [procedures, rules, calendar] = await Promise.all([
    readReference(config, 'procedures.json'),
    readReference(config, 'rules.json'),
    readReference(config, 'working-calendar.json'),
  ]);
  await Promise.all([prepareDatabases(config, report), tryConnection(connectionOf(config, `${config.nodeId}/start`))]);
  const onCall = (units: number): void => watch.metrics.observe('group_commit_units', {}, units);
  const ledger = await untilThere('ledger database', report, () =>
    openEventStore({ softwareVersion: SOFTWARE_VERSION, onCall, watch: life, ...boundsOf(config) }),
  );
  const disk = new DiskWatch(report);
  const vault = disk.of(
    'vault',
    await untilThere('vault database', report, () => openVault({ url: config.vaultDatabaseUrl, custody: keys })),
  );
  const store = disk.of('ledger', watchedStore(ledger, watch.metrics));
  const troubleStore = openTroubleStore({ url: config.databaseUrl });
  const stops = new StopSwitches(troubleStore);
  await untilThere('ledger database', report, () => stops.refresh());
  const owner = `${config.nodeId}/${process.pid}/${randomUUID().slice(0, 8)}`;
  const connection = connectionOf(config, owner);
  const sender = openSender({ connection });
  const directory = new DirectoryDesk(config.registrarKeys);
  if (life.mark()) await life.look(store);
  const opened = { store, life, vault, keys, sender, report, directory: () => directory.current };
  const reference = { procedures: parseProcedures(procedures, rules), calendar: parseCalendar(calendar) };
  const untraced = { ...opened, ...reference, ...settledBy(config, clock), shelf: shelfOver(store) };
  const services: NodeServices = tracedPorts(untraced, watch.tracing);
  await directory.restore(services);
  const close = async (): Promise<void> => {
    await sender.close();
    await vault.close();
    await troubleStore.close();
    await store.close();
  };
  return { services, directory, connection, disk, trouble: { store: troubleStore, stops }, owner, close };
}

const contracts = openContracts();
const shelfOver = (store: EventStore): DossierShelf => new DossierShelf({ store, contracts });

/** What a process has from its configuration and the platform alone. */
function settledBy(
  config: GatewayConfig,
  clock: Clock,
): Omit<
  NodeServices,
  'store' | 'life' | 'vault' | 'keys' | 'sender' | 'report' | 'directory' | 'procedures' | 'calendar' | 'shelf'
> {
  return {
    node: config.nodeId,
    clock,
    wallClock: steadyClock(),
    ids: createIds(),
    contracts,
    sha256,
    verify: verifyEd25519,
    verifyAll: verifyAllEd25519,
    autoAccept: config.autoAccept,
    logOriginHost: config.logOriginHost,
    believed: new Set(),
    erasableFrom: (endedAt) => msToInstant(instantToMs(endedAt) + config.retentionDays * 86_400_000),
    bell: new Doorbell(),
    lately: new OnceInAWhile(),
  };
}

async function prepareDatabases(config: GatewayConfig, report: Report): Promise<void> {
  const { databaseOwnerUrl, vaultDatabaseOwnerUrl } = config;
  if (databaseOwnerUrl !== undefined) {
    await untilThere('ledger database', report, () =>
      migrate({ ownerUrl: databaseOwnerUrl, appRole: userOf(config.databaseUrl) }),
    );
  }
  if (vaultDatabaseOwnerUrl !== undefined) {
    await untilThere('vault database', report, () =>
      migrateVault({ ownerUrl: vaultDatabaseOwnerUrl, appRole: userOf(config.vaultDatabaseUrl) }),
    );
  }
}

/** Where the ledger is, and how much may wait for it (docs/overload.md). */
const boundsOf = (config: GatewayConfig) => ({
  url: config.databaseUrl,
  limits: { queued: config.ledgerQueueMax, queuedBytes: config.ledgerQueueMib * 1024 * 1024 },
  waitingMax: config.databaseWaitingMax,
});

const userOf = (url: string): string => decodeURIComponent(new URL(url).username);

async function readReference(config: GatewayConfig, file: string): Promise<unknown> {
  const path = join(config.referenceDir, file);
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch (error) {
    throw new DomainError(
      'REFERENCE_UNREADABLE',
      `${path} cannot be read: set REFERENCE_DIR to the folder that holds it`,
      { file, cause: String(error) },
    );
  }
}

function connectionOf(config: GatewayConfig, clientId: string): KafkaConnection {
  const { kafkaBrokers: brokers, kafkaUsername: username, kafkaPassword: password } = config;
  return {
    brokers,
    clientId,
    ...(username !== undefined && password !== undefined ? { sasl: { username, password } } : {}),
    ...(config.kafkaSsl ? { tls: tlsOf(config) } : {}),
  };
}

const tlsOf = ({ kafkaSslCa: ca, kafkaSslCert: cert, kafkaSslKey: key }: GatewayConfig): TlsFiles => ({
  ...(ca !== undefined && { ca }),
  ...(cert !== undefined && { cert }),
  ...(key !== undefined && { key }),
});
