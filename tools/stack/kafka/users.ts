/**
 * SCRAM users. All that are known when the storage is formatted go into its first records, in one run of Java; one that
 * comes later is added by `kafka-configs` (a second or so each; kafkajs cannot write SCRAM credentials). Passwords go to
 * the tools in files of mode 0600, never as arguments, which every user of the machine can read.
 */
import { execFile } from 'node:child_process';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { JVM, type KafkaPaths, safe, serverProperties, toolProperties } from './config.ts';
import { StackError } from '../messages.ts';
import type { KafkaState } from '../state-file.ts';

const run = promisify(execFile);
/** Kafka's own default, and the least it takes; passwords are 192 random bits. */
const ITERATIONS = 4_096;

export interface JavaTools {
  readonly java: string;
  readonly jars: string;
  readonly env: Readonly<Record<string, string>>;
}

async function runTool(tools: JavaTools, main: string, args: readonly string[]): Promise<void> {
  try {
    await run(tools.java, [...JVM, '-cp', join(tools.jars, '*'), main, ...args], { env: tools.env });
  } catch (cause) {
    const { stderr = String(cause), stdout = '' } = cause as { stderr?: string; stdout?: string };
    // Kafka's tools repeat what they were given.
    const told = `${main}: ${`${stderr}${stdout}`.replaceAll(/password=[^,\]\s]+/g, 'password=***')}`;
    throw new StackError('KAFKA_FAILED', {
      vi: `Công cụ của Kafka báo lỗi:\n${told}`,
      en: `A tool of Kafka failed:\n${told}`,
    });
  }
}

function privateFile(path: string, text: string): string {
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

/** Formats beside and moves into place, so that an interrupted start leaves no half of a log folder. */
export async function formatStorage(tools: JavaTools, state: KafkaState, paths: KafkaPaths): Promise<void> {
  const beside = `${paths.logs}.tmp`;
  rmSync(beside, { recursive: true, force: true });
  const config = privateFile(join(paths.home, 'format.properties'), serverProperties(state, beside));
  const users = Object.entries(state.users).flatMap(([name, password]) => [
    '--add-scram',
    `SCRAM-SHA-512=[name=${safe(name)},iterations=${ITERATIONS},password=${safe(password)}]`,
  ]);
  const args = ['format', '--config', config, '--cluster-id', state.clusterId, ...users];
  const argumentFile = privateFile(join(paths.home, 'format.args'), `${args.join('\n')}\n`);
  try {
    await runTool(tools, 'kafka.tools.StorageTool', [`@${argumentFile}`]);
    renameSync(beside, paths.logs);
  } finally {
    for (const file of [config, argumentFile]) rmSync(file, { force: true });
  }
}

/** Adds a user, or changes its password, on the running broker. */
export async function addUser(
  tools: JavaTools,
  state: KafkaState,
  paths: KafkaPaths,
  user: { readonly name: string; readonly password: string },
): Promise<void> {
  const credential = `SCRAM-SHA-512=iterations=${ITERATIONS},password=${safe(user.password)}\n`;
  const file = privateFile(join(paths.home, `user-${safe(user.name)}.properties`), credential);
  privateFile(paths.tool, toolProperties(state));
  const server = ['--bootstrap-server', `127.0.0.1:${state.port}`, '--command-config', paths.tool];
  const change = ['--alter', '--entity-type', 'users', '--entity-name', user.name, '--add-config-file', file];
  try {
    await runTool(tools, 'kafka.admin.ConfigCommand', [...server, ...change]);
  } finally {
    rmSync(file, { force: true });
  }
}
