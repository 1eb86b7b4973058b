import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Ends by pid, and removes, the servers that `global-setup.ts` started. */
export default async function globalTeardown(globalConfig: { readonly rootDir: string }): Promise<void> {
  const folder = process.env['TEST_STACK_DIR'];
  if (!folder) return;
  delete process.env['TEST_STACK_DIR'];
  const program = join(globalConfig.rootDir, 'test/support/global-servers.ts');
  await run(process.execPath, ['--conditions=source', program, 'stop', folder]);
}
