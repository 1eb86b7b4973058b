/**
 * A ledger as it is after years: what is paid for its size.
 *
 *   fold     all events folded into the list of dossiers, beside reading the same rows by key (`--events 1000000`)
 *   verify   `lienthong verify` in a process of its own, beside as many bare Ed25519 checks as the cores can do; its memory at
 *            a tenth of the events and at all of them
 *   size     what an append and a read cost among `--size 3000000` events beside 100,000; bytes on disk beside the messages'
 *
 *   npm run bench -- fold verify size [--events N] [--size N]
 */
import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import pg from 'pg';
import { readModelsOf } from '../libs/testing/read-models-database.ts';
import { openTestNode, type TestNode } from '../libs/testing/test-node.ts';
import { verifyRate } from './support/ed25519-floor.ts';
import { cloneRange, growSigned } from './support/grow-ledger.ts';
import { actModelDossier, type ModelDossier } from './support/model-dossier.ts';
import { diskRows } from './support/disk-rows.ts';
import { sizeRows } from './support/size-rows.ts';
import { rowOf, reportRows, type Row } from './support/targets.ts';

process.env['TEST_DATABASE_ADMIN_URL'] ??= process.env['DATABASE_ADMIN_URL'] ?? '';
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    events: { type: 'string', default: '1000000' },
    size: { type: 'string', default: '3000000' },
    rounds: { type: 'string', default: '5' },
  },
});
const EVENTS = Number(values.events);
const ROUNDS = Number(values.rounds);
const wants = (part: string): boolean => positionals.length === 0 || positionals.includes(part);
const SMALL = Math.min(EVENTS, 100_000);
const PAGE = 4_000;

/** As `readLog` asks it: all columns, by key, page by page. */
async function readByKey(pool: pg.Pool, { from, to }: { from: number; to: number }): Promise<number> {
  const start = performance.now();
  let read = 0;
  for (let after = from; after < to;) {
    const text = 'select * from lt.ledger where log_index > $1 order by log_index limit $2';
    const { rows } = await pool.query<{ log_index: string }>({ name: 'floor', text, values: [after, PAGE] });
    const last = rows.at(-1);
    if (!last) break;
    after = Number(last.log_index);
    read += rows.length;
  }
  return (read * 1_000) / (performance.now() - start);
}

/** The log is folded once, in as many stretches as there are rounds, each beside a reading of the same rows. */
async function foldRows(node: TestNode, size: number): Promise<readonly Row[]> {
  const pool = new pg.Pool({ connectionString: node.ledgerDatabase.appUrl, max: 1 });
  const models = await readModelsOf(node);
  const [floors, folds, cpus]: [number[], number[], number[]] = [[], [], []];
  let at = await models.fold.position();
  await readByKey(pool, { from: at, to: Math.min(size, at + 100_000) });
  for (let round = 1; round <= ROUNDS; round += 1) {
    const from = at;
    const to = round === ROUNDS ? size : Math.round((size * round) / ROUNDS);
    const cpu = process.cpuUsage();
    const start = performance.now();
    while (at < to) {
      const folded = await models.fold.foldNext();
      if (folded === 0) break;
      at += folded;
    }
    const ms = performance.now() - start;
    const { user, system } = process.cpuUsage(cpu);
    folds.push(((at - from) * 1_000) / ms);
    cpus.push((user + system) / (at - from));
    floors.push(await readByKey(pool, { from, to: at }));
  }
  const parked = await models.dossiers.list({ parked: true }, { limit: 1 });
  if (parked.dossiers.length > 0) throw new Error(`parked: ${JSON.stringify(parked.dossiers[0])}`);
  await models.close();
  await pool.end();
  const row = (name: string, unit: string, rounds: readonly number[], target?: Row['target']): Row =>
    rowOf({ bench: 'fold', name, unit, ...(target && { target }) }, rounds);
  return [
    row(`floor: ${size} rows read by key, ${PAGE} at a time`, 'events/s', floors),
    row('folded into the list of dossiers', 'events/s', folds),
    row('of this process, for each event folded', 'µs', cpus),
    row(
      'folded, beside reading',
      '× floor',
      folds.map((rate, round) => rate / (floors[round] ?? NaN)),
      { atLeast: 0.5 },
    ),
  ];
}

interface Verified {
  readonly messages: number;
  readonly faults: readonly unknown[];
  readonly ms: number;
  readonly rssMb: number;
  readonly cpuMs: number;
}
async function verifyOnce({ ledgerDatabase, world }: TestNode): Promise<Verified> {
  const keys = world.registrar.trusted.map(({ keyId, publicKey }) => ({
    keyId,
    publicKey: Buffer.from(publicKey).toString('base64url'),
  }));
  const child = join(import.meta.dirname, 'verify-child.ts');
  const args = ['--conditions=source', child, ledgerDatabase.appUrl, JSON.stringify(keys)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const found = JSON.parse(stdout) as Verified;
  if (found.faults.length > 0) throw new Error(`not whole: ${JSON.stringify(found.faults)}`);
  return found;
}

interface VerifiedSizes {
  readonly small: readonly { readonly floor: number; readonly found: Verified }[];
  readonly large?: { readonly floor: number; readonly found: Verified };
}
async function verifyRound(node: TestNode): Promise<VerifiedSizes['small'][number]> {
  const before = verifyRate();
  const found = await verifyOnce(node);
  return { floor: ((before + verifyRate()) / 2) * availableParallelism(), found };
}
function verifyRowsOf({ small, large }: VerifiedSizes): readonly Row[] {
  const row = (name: string, unit: string, rounds: readonly number[], target?: Row['target']): Row =>
    rowOf({ bench: 'verify', name, unit, ...(target && { target }) }, rounds);
  const rates = small.map(({ found }) => (found.messages * 1_000) / found.ms);
  const messages = small[0]?.found.messages ?? 0;
  const smallRss = small.map(({ found }) => found.rssMb);
  return [
    row(
      `floor: ${availableParallelism()} cores × bare Ed25519`,
      'checks/s',
      small.map(({ floor }) => floor),
    ),
    row(`${messages} messages verified`, 'per second', rates),
    row(
      'processor time for each',
      'µs',
      small.map(({ found }) => (found.cpuMs * 1_000) / found.messages),
    ),
    row(
      'verified, beside bare checks',
      '× floor',
      rates.map((rate, at) => rate / (small[at]?.floor ?? NaN)),
      { atLeast: 0.7 },
    ),
    row(`memory of the process at ${messages}`, 'MB', smallRss),
    ...(large
      ? [
          row(`${large.found.messages} messages verified`, 'per second', [
            (large.found.messages * 1_000) / large.found.ms,
          ]),
          row(`memory of the process at ${large.found.messages}`, 'MB', [large.found.rssMb]),
          row('memory at ten times the size', '×', [large.found.rssMb / Math.max(...smallRss)], { atMost: 1.3 }),
        ]
      : []),
  ];
}

async function growTo(node: TestNode, model: ModelDossier, events: number): Promise<void> {
  const { size } = await node.services.store.logSize();
  const start = performance.now();
  await growSigned(node, model, events - size);
  const { size: now } = await node.services.store.logSize();
  console.log(`the ledger was filled from ${size} to ${now} in ${Math.round((performance.now() - start) / 1_000)} s`);
}

async function cloneTo(node: TestNode, { from, to }: { from: number; to: number }): Promise<void> {
  const start = performance.now();
  for (;;) {
    const { size } = await node.services.store.logSize();
    if (size >= to) break;
    await cloneRange(node, { from, to: Math.min(size, from + to - size) });
  }
  console.log(`and cloned to ${to} in ${Math.round((performance.now() - start) / 1_000)} s`);
}

async function run(node: TestNode): Promise<void> {
  const model = await actModelDossier(node);
  const first = (await node.services.store.logSize()).size;
  const small: VerifiedSizes['small'][number][] = [];
  if (wants('verify')) {
    await growTo(node, model, SMALL);
    for (let round = 1; round <= ROUNDS; round += 1) small.push(await verifyRound(node));
  }
  if (wants('verify') || wants('fold')) await growTo(node, model, EVENTS);
  const { size } = await node.services.store.logSize();
  if (wants('fold')) reportRows(await foldRows(node, size - 1));
  if (wants('verify')) reportRows(verifyRowsOf({ small, ...(EVENTS > SMALL && { large: await verifyRound(node) }) }));
  if (!wants('size')) return;
  if (size < SMALL) await growTo(node, model, SMALL);
  const wanted = Number(values.size);
  await cloneTo(node, { from: first, to: wanted });
  const beside = await openTestNode();
  try {
    await growTo(beside, await actModelDossier(beside), Math.min(100_000, wanted));
    const sides = { small: beside, large: node };
    reportRows([...(await sizeRows(sides, { rounds: ROUNDS })), ...(await diskRows(node))]);
  } finally {
    await beside.close();
  }
}

const node = await openTestNode();
try {
  await run(node);
} finally {
  await node.close();
}
