/**
 * One PostgreSQL and one Kafka for the whole run, shared by the projects `integration` and `stories`; servers named in the
 * environment are used instead. What the specs find: TEST_DATABASE_ADMIN_URL, TEST_KAFKA_BROKERS,
 * TEST_KAFKA_ADMIN_USERNAME, TEST_KAFKA_ADMIN_PASSWORD (the last two are absent for a broker that asks for no login).
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const NEEDED = ['TEST_DATABASE_ADMIN_URL', 'TEST_KAFKA_BROKERS'];

export default async function globalSetup(globalConfig: { readonly rootDir: string }): Promise<void> {
  if (NEEDED.every((name) => process.env[name])) return;
  const program = join(globalConfig.rootDir, 'test/support/global-servers.ts');
  const starting = run(process.execPath, ['--conditions=source', program, 'start', String(process.pid)]);
  starting.child.stderr?.pipe(process.stderr);
  const { stdout } = await starting;
  const found = JSON.parse(stdout) as Record<string, string>;
  for (const [name, value] of Object.entries(found)) process.env[name] ??= value;
}
