/**
 * Program that `global-setup.ts` and `global-teardown.ts` run (Jest loads those two as CommonJS, where `#libs/…` does not
 * resolve to sources). `start <owner pid>` starts one PostgreSQL and one Kafka for a whole run in a new folder of the
 * system's temporary directory and prints the environment for the specs as one line of JSON; `stop <folder>` ends and
 * removes them. What a killed run left behind is swept first.
 */
import { mkdtempSync, readdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findLockOwner, openStack, removeStack, type Stack } from '#tools/stack';

type Environment = Readonly<Record<string, string>>;

const PREFIX = 'lienthong-test-';

async function sweep(): Promise<void> {
  const folders = readdirSync(tmpdir())
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => join(tmpdir(), name));
  for (const folder of folders) {
    const ours = statSync(folder, { throwIfNoEntry: false })?.uid === process.getuid?.();
    // A folder without a lock may be one that another run makes this moment: only those an owner has left are taken.
    if (ours && findLockOwner(folder) === 'ended') await removeStack(folder);
  }
}

async function startKafka(stack: Stack): Promise<Environment> {
  if (process.env['TEST_KAFKA_BROKERS']) return {};
  const { brokers, admin } = await stack.startKafka();
  return {
    TEST_KAFKA_BROKERS: brokers.join(','),
    TEST_KAFKA_ADMIN_USERNAME: admin.username,
    TEST_KAFKA_ADMIN_PASSWORD: admin.password,
  };
}

async function startPostgres(stack: Stack): Promise<Environment> {
  if (process.env['TEST_DATABASE_ADMIN_URL']) return {};
  return { TEST_DATABASE_ADMIN_URL: (await stack.startPostgres()).adminUrl };
}

async function start(ownerPid: number): Promise<Environment> {
  await sweep();
  const folder = mkdtempSync(join(tmpdir(), PREFIX));
  const stack = openStack(folder, { ownerPid, say: ({ en }) => process.stderr.write(`${en}\n`) });
  // Both are waited for, so that a failure of one leaves nothing of the other behind.
  const started = await Promise.allSettled([startPostgres(stack), startKafka(stack)]);
  const failed = started.find((result) => result.status === 'rejected');
  if (failed) {
    await removeStack(folder, ownerPid);
    throw failed.reason;
  }
  const found = started.map((result) => (result.status === 'fulfilled' ? result.value : {}));
  return Object.assign({ TEST_STACK_DIR: folder }, ...found) as Environment;
}

const [command, argument = ''] = process.argv.slice(2);
if (command === 'start') process.stdout.write(`${JSON.stringify(await start(Number(argument)))}\n`);
else await removeStack(argument, process.ppid);
