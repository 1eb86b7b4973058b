/** What an append (the whole use case, 32 callers) and reads cost in a large ledger, beside a small one in turns. */
import pg from 'pg';
import type { Subject } from '#libs/kernel';
import type { NodeServices } from '#libs/use-cases';
import type { TestNode } from '../../libs/testing/test-node.ts';
import { Chance } from '../../apps/load/chance.ts';
import { cpuReader } from './cpu.ts';
import { runRounds, type Caller, type Contender, type Figure } from './rounds.ts';
import { rowOf, type Row } from './targets.ts';
import { wholeActs } from './whole-acts.ts';

interface Sides {
  readonly small: TestNode;
  readonly large: TestNode;
}

/** Dossiers anywhere in the ledger, by the seed. */
async function someSubjects(node: TestNode, count: number): Promise<readonly Subject[]> {
  const pool = new pg.Pool({ connectionString: node.ledgerDatabase.ownerUrl, max: 1 });
  const chance = new Chance('size/subjects');
  const { rows } = await pool.query<{ most: string }>('select max(stream) as most from lt.stream');
  const streams = Array.from({ length: count }, () => chance.between(1, Number(rows[0]?.most)));
  const found = await pool.query<{ subject: Subject }>(
    `select subject from lt.stream where stream = any ($1::bigint[]) and revision > 0 order by stream`,
    [streams],
  );
  await pool.end();
  return chance.shuffled(found.rows.map(({ subject }) => subject));
}

function readsOf(name: string, { store }: NodeServices, subjects: readonly Subject[]): Contender {
  let next = 0;
  const callers = (count: number): Caller[] =>
    Array.from({ length: count }, () => async () => {
      const subject = subjects[next++ % subjects.length] as Subject;
      const events = await store.readStream(subject, 'main');
      if (events.length === 0) throw new Error(`${subject} is empty`);
    });
  return { name, callers };
}

export async function sizeRows(
  { small, large }: Sides,
  { rounds }: { readonly rounds: number },
): Promise<readonly Row[]> {
  const of = async (name: string, node: TestNode): Promise<readonly Contender[]> => [
    { ...wholeActs(node.services), name: `append ${name}` },
    readsOf(`read ${name}`, node.services, await someSubjects(node, 20_000)),
  ];
  const pool = new pg.Pool({ connectionString: large.ledgerDatabase.ownerUrl, max: 1 });
  const cpu = await cpuReader(pool);
  const contenders = [...(await of('small', small)), ...(await of('large', large))];
  const figures = await runRounds({ bench: 'size', contenders, callers: [32], rounds, seconds: 2, cpu });
  await pool.end();
  const { size } = await large.services.store.logSize();
  return ['append', 'read'].flatMap((what) => rowsOf(what, size, figures));
}

function rowsOf(what: string, size: number, figures: readonly Figure[]): readonly Row[] {
  const find = (name: string): Figure => figures.find((one) => one.name === `${what} ${name}`) as Figure;
  const [small, large] = [find('small'), find('large')];
  const rate = (name: string, { perSecond: value, lowest, highest }: Figure): Row => ({
    ...rowOf({ bench: 'size', name, unit: 'per second' }, [value]),
    lowest,
    highest,
    rounds: 5,
  });
  const cpu = (figure: Figure): number => figure.ownCpuUs + figure.serverCpuUs;
  return [
    rate(`${what} among 100,000`, small),
    rate(`${what} among ${size}`, large),
    rowOf({ bench: 'size', name: `${what}: processor time among ${size}`, unit: '× small' }, [cpu(large) / cpu(small)]),
    rowOf({ bench: 'size', name: `cost of one ${what} among ${size}`, unit: '× small', target: { atMost: 1.3 } }, [
      small.perSecond / large.perSecond,
    ]),
  ];
}
