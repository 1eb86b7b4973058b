/**
 * `<data-dir>/stack.json`: what runs where, and the passwords, readable by its owner alone (mode 0600). Written whole
 * beside and moved into place, so that a reader, or a start after a crash, never finds half of it.
 */
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

/** Others may pass through to the folder of the database's unprivileged user, and may list nothing. */
export function makeDataDir(dataDir: string): void {
  mkdirSync(dataDir, { recursive: true });
  chmodSync(dataDir, 0o711);
}
