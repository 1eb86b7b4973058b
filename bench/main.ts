/**
 * All benchmarks, one after the other, on a PostgreSQL of their own (or on `DATABASE_ADMIN_URL`): what each room does in a
 * second, beside a floor taken in the same run. Figures are medians; on a shared machine compare ratios, not runs.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStack } from '#tools/stack';

const BENCHES = ['append.ts', 'vault.ts', 'read-models.ts'];

function runAll(adminUrl: string): number {
  let failed = 0;
  for (const bench of BENCHES) {
    console.log(`\n== ${bench.replace('.ts', '')}`);
    const { status } = spawnSync(process.execPath, ['--conditions=source', join(import.meta.dirname, bench)], {
      stdio: 'inherit',
      env: { ...process.env, DATABASE_ADMIN_URL: adminUrl },
    });
    if (status !== 0) failed += 1;
  }
  return failed;
}

const given = process.env['DATABASE_ADMIN_URL'];
if (given !== undefined) {
  process.exitCode = runAll(given);
} else {
  const dataDir = mkdtempSync(join(tmpdir(), 'lienthong-bench-'));
  const stack = openStack(dataDir);
  try {
    process.exitCode = runAll((await stack.startPostgres()).adminUrl);
  } finally {
    await stack.stopAll();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
