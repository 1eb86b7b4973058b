/**
 * What each guarantee of an append costs, one upon the other, beside a floor taken in the same run: one-row inserts of the
 * same bytes with pg, one commit each, on as many connections as there are callers. Every contender writes the events of
 * the model dossier (`support/model-dossier.ts`), each caller dossiers of its own, one event after the other:
 *
 *   bare      group commit: log index, chain, unique ids, heads
 *   owed      and two rows of the outbox, and an idempotency key with its answer
 *   sealed    and canonical bytes by the receivers' rules, SHA-256, Ed25519
 *   vaulted   and the personal values committed, encrypted and durable in the vault before
 *   whole     the use case as the door calls it: also schema, what was asked before, the decision, its fold
 *   emmett    only with BENCH_EMMETT=<an installation of @event-driven-io/emmett-postgresql>: `appendToStream` of the same
 *             data and metadata. It is no dependency: its packages come without a licence
 *
 *   DATABASE_ADMIN_URL=postgres://… node --conditions=source bench/append.ts [rounds] [seconds] [callers,…] [names,…]
 */
import pg from 'pg';
import { actModelDossier, type ModelDossier } from './support/model-dossier.ts';
import { cpuReader } from './support/cpu.ts';
import { openEmmett } from './support/emmett.ts';
import { report, runRounds, type Contender } from './support/rounds.ts';
import { ladderOf } from './support/append-ladder.ts';
import { wholeActs } from './support/whole-acts.ts';
import { someId } from '../libs/testing/builders.ts';
import { openTestNode, type TestNode } from '../libs/testing/test-node.ts';

process.env['TEST_DATABASE_ADMIN_URL'] ??= process.env['DATABASE_ADMIN_URL'] ?? '';
const [rounds = '5', seconds = '1.5', callerList = '1,8,32', names = ''] = process.argv.slice(2);
const CALLERS = callerList.split(',').map(Number);

function floorOf(pool: pg.Pool, { events }: ModelDossier): Contender {
  const text = 'insert into floor (id, bytes) values ($1, $2)';
  return {
    name: 'floor',
    callers: (count) =>
      Array.from({ length: count }, () => {
        let at = 0;
        return async () => {
          const bytes = events[at++ % events.length]?.sealed.bytes;
          await pool.query({ name: 'floor', text, values: [someId(), bytes] });
        };
      }),
  };
}

async function run(node: TestNode): Promise<void> {
  const model = await actModelDossier(node);
  const pool = new pg.Pool({ connectionString: node.ledgerDatabase.ownerUrl, max: Math.max(...CALLERS) });
  // Dropping the database may reach a connection before its end does.
  pool.on('error', () => undefined);
  await pool.query('create table floor (number bigint generated always as identity primary key, id uuid, bytes bytea)');
  const emmett = await openEmmett(node.ledgerDatabase.ownerUrl, model);
  const all = [floorOf(pool, model), ...ladderOf(node.services, model), wholeActs(node.services), ...emmett.contenders];
  const contenders = all.filter(({ name }) => name === 'floor' || names === '' || names.split(',').includes(name));
  try {
    const cpu = await cpuReader(pool);
    const plan = {
      bench: 'append',
      contenders,
      callers: CALLERS,
      rounds: Number(rounds),
      seconds: Number(seconds),
      cpu,
    };
    const figures = await runRounds(plan);
    report(figures, [
      `events of ${Math.round(model.bytes)} bytes in the mean, ${model.disclosures} personal values in ${model.events.length} of them`,
    ]);
  } finally {
    await pool.end();
    await emmett.close();
  }
}

const node = await openTestNode();
try {
  await run(node);
} finally {
  await node.close();
}
