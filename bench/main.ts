/**
 * Benchmarks, one after the other, on a PostgreSQL of their own (or on `DATABASE_ADMIN_URL`): what each room does in a
 * second, beside a floor taken in the same run. Figures are medians; on a shared machine compare ratios, not runs. In the end
 * all targets stand in one table, met or missed by what factor.
 *
 *   npm run bench                                         all parts, in some fifteen minutes
 *   npm run bench -- append vault                         these
 *   npm run bench -- --full                               large sizes: a million events folded, ten million in a ledger
 *   npm run bench -- append --json figures.jsonl          and the figures as lines of JSON at the end of that file
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openStack } from '#tools/stack';
import { printSummary } from './support/summary.ts';

interface Program {
  readonly script: string;
  readonly parts: readonly string[];
  /** Its parts are named to it. */
  readonly shared?: boolean;
  readonly full?: readonly string[];
  readonly quick?: readonly string[];
}
const PROGRAMS: readonly Program[] = [
  { script: 'append', parts: ['append'] },
  { script: 'latency', parts: ['latency'] },
  {
    script: 'throughput',
    parts: ['sustained', 'backlog'],
    shared: true,
    full: ['--events', '100000', '--rounds', '1'],
  },
  {
    script: 'large-ledger',
    parts: ['fold', 'verify', 'size'],
    shared: true,
    full: ['--events', '1000000', '--size', '10000000'],
    quick: ['--events', '200000', '--size', '500000'],
  },
  { script: 'start', parts: ['start', 'idle'] },
  { script: 'vault', parts: ['vault'] },
  { script: 'read-models', parts: ['read-models'] },
];
const PARTS = PROGRAMS.flatMap(({ parts }) => parts);

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'string' }, full: { type: 'boolean', default: false } },
});

function runPrograms(parts: readonly string[], env: NodeJS.ProcessEnv): number {
  let failed = 0;
  for (const program of PROGRAMS) {
    const wanted = program.parts.filter((part) => parts.includes(part));
    if (wanted.length === 0) continue;
    console.log(`\n== ${wanted.join(', ')}`);
    const script = join(import.meta.dirname, `${program.script}.ts`);
    const args = [...(program.shared ? wanted : []), ...((values.full ? program.full : program.quick) ?? [])];
    const { status } = spawnSync(process.execPath, ['--conditions=source', script, ...args], { stdio: 'inherit', env });
    if (status === 0) continue;
    console.error(`${wanted.join(', ')}: failed`);
    failed += 1;
  }
  return failed;
}

async function runOnOwnServer(parts: readonly string[], env: NodeJS.ProcessEnv, dataDir: string): Promise<number> {
  const stack = openStack(join(dataDir, 'servers'));
  try {
    const { adminUrl } = await stack.startPostgres();
    return runPrograms(parts, { ...env, DATABASE_ADMIN_URL: adminUrl });
  } finally {
    await stack.stopAll();
  }
}

async function main(): Promise<number> {
  const parts = positionals.length > 0 ? positionals : PARTS;
  const unknown = parts.filter((part) => !PARTS.includes(part));
  if (unknown.length > 0) {
    console.error(`no such part: ${unknown.join(', ')}; there are ${PARTS.join(', ')}`);
    return 2;
  }
  const dataDir = mkdtempSync(join(tmpdir(), 'lienthong-bench-'));
  try {
    const json = resolve(values.json ?? join(dataDir, 'figures.jsonl'));
    const from = existsSync(json) ? statSync(json).size : 0;
    const env: NodeJS.ProcessEnv = { ...process.env, BENCH_JSON: json };
    const given = env['DATABASE_ADMIN_URL'] !== undefined;
    const failed = given ? runPrograms(parts, env) : await runOnOwnServer(parts, env, dataDir);
    if (existsSync(json)) printSummary(json, from);
    return failed;
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

process.exitCode = await main();
