/**
 * `<data-dir>/stack.json`: what runs where, and the passwords, readable by its owner alone (mode 0600). Written whole
 * beside and moved into place, so that a reader, or a start after a crash, never finds half of it.
 */
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { StackError } from './messages.ts';
import type { ProcessMark } from './process.ts';

export interface PostgresState {
  readonly process?: ProcessMark;
  readonly port: number;
  /** Folder of the server: in the data directory, or where its unprivileged user can reach it. */
  readonly home: string;
  readonly adminUser: string;
  readonly adminPassword: string;
  /** Passwords of the roles made by `ensureDatabase`. */
  readonly roles: Readonly<Record<string, string>>;
}
export interface KafkaState {
  readonly process?: ProcessMark;
  readonly port: number;
  readonly controllerPort: number;
  readonly clusterId: string;
  readonly adminUser: string;
  readonly controllerPassword: string;
  /** SCRAM passwords by user name, the administrator's among them. */
  readonly users: Readonly<Record<string, string>>;
}
export interface StackState {
  readonly postgres?: PostgresState;
  readonly kafka?: KafkaState;
}

export interface StateFile {
  readonly dataDir: string;
  read(): StackState;
  change(part: StackState): void;
}

export const stateFileIn = (dataDir: string): string => join(dataDir, 'stack.json');

export function openStateFile(dataDir: string): StateFile {
  const path = stateFileIn(dataDir);
  const read = (): StackState => (existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as StackState) : {});
  return {
    dataDir,
    read,
    change(part) {
      const beside = `${path}.${process.pid}.tmp`;
      writeFileSync(beside, `${JSON.stringify({ ...read(), ...part }, null, 2)}\n`, { mode: 0o600 });
      chmodSync(beside, 0o600);
      renameSync(beside, path);
    },
  };
}

/** Any of these stands in a folder that a start has used, also in one that failed early. */
const OURS = ['stack.json', 'stack.lock', 'embedded.json', 'postgres', 'kafka'];
/** Of a file system of its own, as a container may be given one. */
const NOBODYS = ['lost+found'];

/** A folder of data that the stack made, and may therefore change and delete. */
export function isDataDir(dataDir: string): boolean {
  return OURS.some((name) => existsSync(join(dataDir, name)));
}

/**
 * Others may pass through to the folder of the database's unprivileged user, and may list nothing. A folder with other
 * people's files is left as it is.
 *
 * @throws StackError `DATA_DIR_UNUSABLE`
 */
export function makeDataDir(dataDir: string): void {
  try {
    makeFolders(resolve(dataDir));
    const found = readdirSync(dataDir).filter((name) => !NOBODYS.includes(name));
    if (found.length > 0 && !isDataDir(dataDir)) throw unusable(dataDir, 'có tệp khác', 'it holds other files');
    chmodSync(dataDir, 0o711);
    accessSync(dataDir, constants.W_OK);
  } catch (error) {
    if (error instanceof StackError) throw error;
    const { code = String(error) } = error as NodeJS.ErrnoException;
    throw unusable(dataDir, code, code, error);
  }
}

/** Level by level: below `/proc`, where nothing can be made, Node's own recursive way never ends. */
function makeFolders(path: string): void {
  if (existsSync(path)) return;
  makeFolders(dirname(path));
  mkdirSync(path, { recursive: false });
}

function unusable(dataDir: string, vi: string, en: string, cause?: unknown): StackError {
  return new StackError(
    'DATA_DIR_UNUSABLE',
    {
      vi: `Không dùng được ${dataDir} làm thư mục dữ liệu (${vi}). Hãy chọn thư mục khác bằng --data-dir.`,
      en: `${dataDir} cannot be the data directory (${en}). Choose another one with --data-dir.`,
    },
    { cause },
  );
}
