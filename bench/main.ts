/**
 * Benchmarks, one after the other, on a PostgreSQL of their own (or on `DATABASE_ADMIN_URL`): what each room does in a
 * second, beside a floor taken in the same run. Figures are medians; on a shared machine compare ratios, not runs.
 *
 *   npm run bench                                         all parts, in less than six minutes
 *   npm run bench -- append vault                         these
 *   npm run bench -- append --json figures.jsonl          and the figures as lines of JSON at the end of that file
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openStack } from '#tools/stack';

const PARTS = ['append', 'vault', 'read-models'];

function runParts(parts: readonly string[], env: NodeJS.ProcessEnv): number {
  let failed = 0;
  for (const part of parts) {
    console.log(`\n== ${part}`);
    const script = join(import.meta.dirname, `${part}.ts`);
    const { status } = spawnSync(process.execPath, ['--conditions=source', script], { stdio: 'inherit', env });
    if (status !== 0) failed += 1;
  }
  return failed;
}

async function runOnOwnServer(parts: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const dataDir = mkdtempSync(join(tmpdir(), 'lienthong-bench-'));
  const stack = openStack(dataDir);
  try {
    const { adminUrl } = await stack.startPostgres();
    return runParts(parts, { ...env, DATABASE_ADMIN_URL: adminUrl });
  } finally {
    await stack.stopAll();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

const { positionals, values } = parseArgs({ allowPositionals: true, options: { json: { type: 'string' } } });
const parts = positionals.length > 0 ? positionals : PARTS;
const unknown = parts.filter((part) => !PARTS.includes(part));
if (unknown.length > 0) {
  console.error(`no such part: ${unknown.join(', ')}; there are ${PARTS.join(', ')}`);
  process.exitCode = 2;
} else {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    ...(values.json !== undefined && { BENCH_JSON: resolve(values.json) }),
  };
  process.exitCode = await (env['DATABASE_ADMIN_URL'] === undefined
    ? runOnOwnServer(parts, env)
    : Promise.resolve(runParts(parts, env)));
}
