/**
 * The servers of one data directory (design 12). `openStack` takes the directory's lock; servers are started when asked
 * for, or taken over if they still run from a start that was killed; `stopAll` ends them in the order in which nothing
 * is lost and gives the lock back. Proved by `*.int.spec.ts` beside this file.
 */
import { existsSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type KafkaServer, type KafkaWanted, startKafka, stopKafka } from './kafka/server.ts';
import { findLockOwner, takeLock } from './lock.ts';
import type { Say } from './messages.ts';
import { openPorts, type Ports } from './ports.ts';
import { type PostgresServer, startPostgres, stopPostgres } from './postgres/server.ts';
import { makeDataDir, openStateFile, type StateFile } from './state-file.ts';

export interface Stack {
  readonly dataDir: string;
  /** Reserved for this stack until it is stopped. */
  readonly ports: Ports;
  startPostgres(): Promise<PostgresServer>;
  /** May run beside `startPostgres`. */
  startKafka(wanted?: KafkaWanted): Promise<KafkaServer>;
  stopPostgres(): Promise<void>;
  stopKafka(): Promise<void>;
  /** Stops what runs and gives ports and lock back. May be called again. */
  stopAll(): Promise<void>;
}
export interface StackOptions {
  readonly say?: Say;
  /** Process that holds the lock in place of this one. */
  readonly ownerPid?: number;
}

const silent: Say = () => undefined;

/** Throws `StackError`: `STACK_IN_USE` when another start uses the directory, `DATA_DIR_UNUSABLE`. */
export function openStack(dataDir: string, options: StackOptions = {}): Stack {
  const say = options.say ?? silent;
  makeDataDir(dataDir);
  const lock = takeLock(dataDir, options.ownerPid);
  const file = openStateFile(resolve(dataDir));
  const ports = openPorts(options.ownerPid);
  return {
    dataDir: file.dataDir,
    ports,
    startPostgres: () => startPostgres(file, { say, ports }),
    startKafka: (wanted = {}) => startKafka(file, wanted, { say, ports }),
    stopPostgres: () => endPostgres(file),
    stopKafka: () => endKafka(file),
    async stopAll() {
      await stopServers(file);
      ports.release();
      lock.release();
    },
  };
}

async function endKafka(file: StateFile): Promise<void> {
  const { kafka } = file.read();
  if (!kafka?.process || !(await stopKafka(kafka.process))) return;
  const { process: _ended, ...stopped } = kafka;
  file.change({ kafka: stopped });
}

async function endPostgres(file: StateFile): Promise<void> {
  const { postgres } = file.read();
  if (!postgres?.process || !(await stopPostgres(postgres.process))) return;
  const { process: _ended, ...stopped } = postgres;
  file.change({ postgres: stopped });
}

/** The database last (house 4): who still holds an answer of the broker can store it. */
async function stopServers(file: StateFile): Promise<void> {
  await endKafka(file);
  await endPostgres(file);
}

/**
 * Stops the servers and forgets everything, also what had to stand outside the directory. Refuses (`STACK_IN_USE`) while
 * a start uses it, unless that is the process `ownerPid`, for which the caller acts.
 */
export async function removeStack(dataDir: string, ownerPid?: number): Promise<void> {
  if (!existsSync(dataDir)) return;
  const owner = findLockOwner(dataDir);
  const lock = typeof owner === 'object' && owner.pid === ownerPid ? undefined : takeLock(dataDir);
  try {
    const file = openStateFile(resolve(dataDir));
    await stopServers(file);
    const home = file.read().postgres?.home;
    if (home) rmSync(dirname(home) === file.dataDir ? home : dirname(home), { recursive: true, force: true });
    rmSync(dataDir, { recursive: true, force: true });
  } finally {
    lock?.release();
  }
}
