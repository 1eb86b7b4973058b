/**
 * Two nodes with every role on, the communes and the district, each a process, against the rate at which one node appends
 * alone in the same round (the use case with all guarantees, 32 callers, in this process: one more of the communes' node):
 *
 *   backlog     both processes are away while `--events` pile up; then they start, relay and take in: events a second from
 *               the first that are seen there to the last
 *   sustained   events a second through the whole way while callers go on for `--seconds`, until the last has arrived
 *
 *   npm run bench -- backlog sustained [--rounds 5] [--events 3000] [--seconds 4]
 */
import { parseArgs } from 'node:util';
import type pg from 'pg';
import type { NodeServices } from '#libs/use-cases';
import { median } from './support/stats.ts';
import { reportRows, rowOf, type Row } from './support/targets.ts';
import { COMMUNES, DISTRICT, openTwoNodes, type TwoNodes } from './support/two-nodes.ts';
import { wholeActs } from './support/whole-acts.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '5' },
    events: { type: 'string', default: '3000' },
    seconds: { type: 'string', default: '4' },
  },
});
const CALLERS = 32;
const wants = (part: string): boolean => positionals.length === 0 || positionals.includes(part);

interface Place {
  readonly nodes: TwoNodes;
  readonly services: NodeServices;
  readonly district: pg.Pool;
}
interface Round {
  readonly append: number;
  readonly drain: number;
  readonly sustained?: number;
}

/** Callers work until told to end; gives how many events they appended, and in how long. */
async function append(
  services: NodeServices,
  goesOn: (done: number) => boolean,
): Promise<{ done: number; ms: number }> {
  let done = 0;
  const start = performance.now();
  await Promise.all(
    wholeActs(services)
      .callers(CALLERS)
      .map(async (work) => {
        while (goesOn(done)) {
          done += 1;
          await work();
        }
      }),
  );
  return { done, ms: performance.now() - start };
}

const sizeOf = async (pool: pg.Pool): Promise<number> =>
  Number((await pool.query<{ size: string }>('select max(log_index) + 1 as size from lt.ledger')).rows[0]?.size);

interface Arrivals {
  /** Of those that came after the first that were seen. */
  readonly perSecond: number;
  /** `performance.now()` when all were there. */
  readonly last: number;
}

/** Resolves when the ledger has that many more entries. */
async function arrivals(pool: pg.Pool, { before, more }: { before: number; more: number }): Promise<Arrivals> {
  const end = performance.now() + 900_000;
  let first: { readonly at: number; readonly size: number } | undefined;
  for (;;) {
    const size = await sizeOf(pool);
    const now = performance.now();
    if (size > before) first ??= { at: now, size };
    if (first && size >= before + more)
      return { perSecond: ((size - first.size) * 1_000) / (now - first.at), last: now };
    if (now > end) throw new Error(`${before + more - size} of ${more} events have not arrived`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function backlog({ nodes, services, district }: Place, events: number): Promise<Omit<Round, 'sustained'>> {
  await Promise.all([COMMUNES, DISTRICT].map((node) => nodes.stack.stopNode(node)));
  const before = await sizeOf(district);
  const { done, ms } = await append(services, (count) => count < events);
  const arrived = arrivals(district, { before, more: done });
  await Promise.all([COMMUNES, DISTRICT].map((node) => nodes.stack.startNode(node)));
  const { perSecond: drain } = await arrived;
  return { append: (done * 1_000) / ms, drain };
}

async function sustained({ services, district }: Place): Promise<number> {
  const before = await sizeOf(district);
  const start = performance.now();
  const end = start + Number(values.seconds) * 1_000;
  const { done } = await append(services, () => performance.now() < end);
  const { last } = await arrivals(district, { before, more: done });
  return (done * 1_000) / (last - start);
}

const [EVENTS, TIMES] = ['events/s', '× append'] as const;

function rowsOf(rounds: readonly Round[]): readonly Row[] {
  const row = (wanted: Omit<Row, 'value' | 'lowest' | 'highest' | 'rounds'>, of: (round: Round) => number): Row =>
    rowOf(wanted, rounds.map(of));
  const backlog = (name: string): { bench: string; name: string } => ({ bench: 'backlog', name });
  const drained = [
    row({ ...backlog('appended by one node alone'), unit: EVENTS }, ({ append }) => append),
    row({ ...backlog('drained after both were away'), unit: EVENTS }, ({ drain }) => drain),
    row(
      { ...backlog('drained, beside appended'), unit: TIMES, target: { atLeast: 1 } },
      (one) => one.drain / one.append,
    ),
  ];
  if (!rounds.every(({ sustained }) => sustained !== undefined)) return drained;
  const whole = (name: string): { bench: string; name: string } => ({ bench: 'sustained', name });
  return [
    ...drained,
    row({ ...whole('appended here and recorded there'), unit: EVENTS }, ({ sustained = 0 }) => sustained),
    row(
      { ...whole('both, beside appended alone'), unit: TIMES, target: { atLeast: 0.5 } },
      ({ sustained = 0, append }) => sustained / append,
    ),
  ];
}

const nodes = await openTwoNodes();
try {
  const place = { nodes, services: await nodes.communes(), district: nodes.ledger(DISTRICT) };
  const rounds: Round[] = [];
  for (let at = 0; at <= Number(values.rounds); at += 1) {
    // The first warms up.
    const events = at === 0 ? Math.min(1_000, Number(values.events)) : Number(values.events);
    const drained = await backlog(place, events);
    const round = wants('sustained') ? { ...drained, sustained: await sustained(place) } : drained;
    if (at > 0) rounds.push(round);
  }
  const events = `${values.events} events piled up, ${Math.round(median(rounds.map(({ append }) => append)))} appended a second`;
  reportRows(rowsOf(rounds), [events]);
} finally {
  await nodes.close();
}
