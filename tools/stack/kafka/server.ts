/**
 * One Apache Kafka broker of the embedded stack (KRaft, broker and controller in one process). States: absent →
 * formatted (`kafka/logs`) → running → stopped. Promises: it listens on 127.0.0.1 alone, knows users by SCRAM-SHA-512
 * and lets nobody do what no ACL allows; it outlives its starter and is stopped by pid; ready means that the
 * administrator can list topics. Proved by `kafka.int.spec.ts`.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type KafkaConnection, openAdmin } from '#libs/messaging-kafka';
import { type BrokerSettings, JVM, type KafkaPaths, LOG4J, pathsIn, serverProperties } from './config.ts';
import { ensureJars } from './jars.ts';
import { findJava } from './java.ts';
import { addUser, formatStorage, type JavaTools } from './users.ts';
import { type Say, StackError } from '../messages.ts';
import type { PortsChosen, PortsWanted } from '../ports.ts';
import { isRunning, type ProcessMark, startServer, stopProcess, tailOf } from '../process.ts';
import type { ServerMeans } from '../server-means.ts';
import type { KafkaState, StateFile } from '../state-file.ts';
import { waitUntil } from '../wait.ts';

export interface KafkaLogin {
  readonly username: string;
  readonly password: string;
}
export interface KafkaServer {
  readonly brokers: readonly string[];
  readonly process: ProcessMark;
  /** Login of the administrator, who may do everything. */
  readonly admin: KafkaLogin;
  /** Login of a user of the stack; one that is not there yet is made. */
  ensureUser(name: string): Promise<KafkaLogin>;
}
export interface KafkaWanted {
  /** SCRAM users besides the administrator; each gets a random password. */
  readonly users?: readonly string[];
  /** Lays the caller's settings over ours. */
  readonly settings?: (ours: BrokerSettings) => BrokerSettings;
}

const ADMIN = 'lienthong-admin';
const START_DEADLINE_MS = 90_000;
const newPassword = (): string => randomBytes(24).toString('base64url');

/** Base64url of 16 bytes, as Kafka makes them: never with a hyphen in front, which its tools would take for an option. */
function newClusterId(): string {
  const id = randomBytes(16).toString('base64url');
  return id.startsWith('-') ? newClusterId() : id;
}

function connectionTo(state: KafkaState, username = state.adminUser): KafkaConnection {
  const sasl = { username, password: state.users[username] ?? '' };
  return { brokers: [`127.0.0.1:${state.port}`], clientId: 'lienthong-stack', sasl };
}

async function answers(state: KafkaState, username = state.adminUser): Promise<boolean> {
  try {
    const admin = await openAdmin(connectionTo(state, username));
    try {
      await admin.listTopics();
      return true;
    } finally {
      await admin.close();
    }
  } catch {
    return false;
  }
}

interface Launch {
  readonly state: KafkaState;
  readonly paths: KafkaPaths;
  readonly settings: KafkaWanted['settings'];
}

async function launch(tools: JavaTools, { state, paths, settings }: Launch): Promise<ProcessMark> {
  writeFileSync(paths.properties, serverProperties(state, paths.logs, settings), { mode: 0o600 });
  writeFileSync(paths.log4j, LOG4J);
  const mark = await startServer({
    command: tools.java,
    args: [
      ...JVM,
      `-Dlog4j2.configurationFile=${paths.log4j}`,
      '-cp',
      join(tools.jars, '*'),
      'kafka.Kafka',
      paths.properties,
    ],
    logFile: paths.output,
    cwd: paths.home,
    env: tools.env,
  });
  const verdict = await waitUntil(
    async () => (isRunning(mark) ? (await answers(state)) && 'ready' : 'ended') || undefined,
    { deadlineMs: START_DEADLINE_MS },
  );
  if (verdict === 'ready') return mark;
  await stopKafka(mark);
  const log = tailOf(paths.output);
  throw new StackError('KAFKA_FAILED', {
    vi: `Kafka không khởi động được:\n${log}`,
    en: `Kafka did not start:\n${log}`,
  });
}

async function findTools(say: Say): Promise<JavaTools> {
  const java = await findJava();
  return { java, jars: await ensureJars(say), env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8' } };
}

const portsOf = (state: Pick<KafkaState, 'port' | 'controllerPort'> | undefined): PortsWanted => ({
  KAFKA_PORT: state?.port,
  KAFKA_CONTROLLER_PORT: state?.controllerPort,
});

function nextState(file: StateFile, users: readonly string[], chosen: PortsChosen): KafkaState {
  const before = file.read().kafka;
  // Storage that is made anew is another cluster, and must be known as one: readers keep offsets by cluster.
  const formatted = existsSync(pathsIn(join(file.dataDir, 'kafka')).logs);
  const clusterId = formatted && before ? before.clusterId : newClusterId();
  const fresh: Omit<KafkaState, 'port' | 'controllerPort' | 'clusterId'> = {
    adminUser: ADMIN,
    controllerPassword: newPassword(),
    users: { [ADMIN]: newPassword() },
  };
  const { process: _ended, ...kept } = { ...fresh, ...before };
  // Users of storage that is formatted already are made on the running broker.
  const missing = formatted ? [] : users.filter((name) => !kept.users[name]);
  return {
    ...kept,
    clusterId,
    users: { ...kept.users, ...Object.fromEntries(missing.map((name) => [name, newPassword()])) },
    port: chosen['KAFKA_PORT'] ?? 0,
    controllerPort: chosen['KAFKA_CONTROLLER_PORT'] ?? 0,
  };
}

async function startStopped(file: StateFile, wanted: KafkaWanted, { say, ports }: ServerMeans): Promise<void> {
  const { users = [], settings } = wanted;
  const tools = await findTools(say);
  const paths = pathsIn(join(file.dataDir, 'kafka'));
  mkdirSync(paths.home, { recursive: true, mode: 0o700 });
  await ports.startOn(portsOf(file.read().kafka), async (chosen) => {
    const state = nextState(file, users, chosen);
    // Saved before the storage is formatted: the passwords are nowhere else.
    file.change({ kafka: state });
    if (!existsSync(paths.logs)) {
      say({ vi: 'Đang định dạng kho dữ liệu Kafka…', en: 'Formatting the storage of Kafka…' });
      await formatStorage(tools, state, paths);
    }
    say({ vi: 'Đang khởi động Kafka…', en: 'Starting Kafka…' });
    file.change({ kafka: { ...state, process: await launch(tools, { state, paths, settings }) } });
    say({ vi: `Kafka chạy ở 127.0.0.1:${state.port}.`, en: `Kafka runs at 127.0.0.1:${state.port}.` });
  });
}

/** Starts the broker of this data directory, or takes over the one that still runs there from an earlier start. */
export async function startKafka(file: StateFile, wanted: KafkaWanted, means: ServerMeans): Promise<KafkaServer> {
  const users = wanted.users ?? [];
  const before = file.read().kafka;
  const runs = before?.process && isRunning(before.process) && (await answers(before));
  if (!runs) {
    if (before?.process) await stopKafka(before.process);
    await startStopped(file, wanted, means);
  }
  const server = serverOf(file, means.say);
  for (const user of users) await server.ensureUser(user);
  return server;
}

function runningState(file: StateFile): KafkaState & { readonly process: ProcessMark } {
  const { kafka } = file.read();
  if (!kafka?.process) throw new Error('Kafka of this stack is not running');
  return { ...kafka, process: kafka.process };
}

function serverOf(file: StateFile, say: Say): KafkaServer {
  const state = runningState(file);
  /** One after the other: two that ask for one user at once would give it two passwords. */
  let last: Promise<unknown> = Promise.resolve();
  return {
    brokers: connectionTo(state).brokers,
    process: state.process,
    admin: { username: state.adminUser, password: state.users[state.adminUser] ?? '' },
    ensureUser(name) {
      const login = last.then(() => ensureUser(file, name, say));
      last = login.catch(() => undefined);
      return login;
    },
  };
}

async function ensureUser(file: StateFile, name: string, say: Say): Promise<KafkaLogin> {
  const before = runningState(file);
  const known = before.users[name];
  if (known) return { username: name, password: known };
  const password = newPassword();
  await addUser(await findTools(say), before, pathsIn(join(file.dataDir, 'kafka')), { name, password });
  const state = { ...runningState(file), users: { ...before.users, [name]: password } };
  file.change({ kafka: state });
  // The tool is answered before the listener knows the user; who came at once would be refused.
  await waitUntil(async () => (await answers(state, name)) || undefined, { deadlineMs: 10_000 });
  return { username: name, password };
}

/** SIGTERM: the broker hands over, flushes and ends by itself, in well under a second when it is alone. */
export function stopKafka(mark: ProcessMark): Promise<boolean> {
  return stopProcess(mark, [
    ['SIGTERM', 20_000],
    ['SIGKILL', 5_000],
  ]);
}
