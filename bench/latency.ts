/**
 * From the moment at which a clerk meant to file a dossier to the one at which the next node has it: two nodes as processes,
 * real PostgreSQL and Kafka, an open load over HTTP, agencies by Zipf. Beside it, in rounds that take turns, the floor: two raw
 * commits and one round trip through the broker under the same open load.
 *
 *   npm run bench -- latency [--rounds 5] [--seconds 8] [--rate 50]
 */
import { parseArgs } from 'node:util';
import { Chance } from '../apps/load/chance.ts';
import { ArrivalWatch } from './support/arrival-watch.ts';
import { openDesk, type Desk } from './support/desk.ts';
import { openFloorChain, type FloorChain } from './support/floor-chain.ts';
import { openLoad, zipf, type OpenLoad } from './support/open-loop.ts';
import { costOf, costReader, type ReadCost, type StackCost } from './support/stack-cost.ts';
import { median, within } from './support/stats.ts';
import { reportRows, rowOf, type Row } from './support/targets.ts';
import { COMMUNES, DISTRICT, openTwoNodes, type TwoNodes } from './support/two-nodes.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '8' },
    rate: { type: 'string', default: '50' },
  },
});
const ROUNDS = Number(values.rounds);
const BYTES = 1_338;

interface Round {
  readonly floor: readonly number[];
  readonly answered: readonly number[];
  readonly recorded: readonly number[];
  readonly folded: readonly number[];
  readonly cost: StackCost;
}
type Timed = Exclude<keyof Round, 'cost'>;

async function floorRound(chain: FloorChain, load: OpenLoad): Promise<number[]> {
  const took: number[] = [];
  const bytes = Buffer.alloc(BYTES, 7);
  await openLoad(load, async (intended) => {
    await chain.run(bytes);
    took.push(performance.now() - intended);
  });
  return took;
}

async function nodesRound(
  { nodes, desk, readCost }: { nodes: TwoNodes; desk: Desk; readCost: ReadCost },
  load: OpenLoad,
): Promise<Omit<Round, 'floor'>> {
  const watch = new ArrivalWatch(nodes.ledger(DISTRICT));
  await watch.begin();
  const nextAgency = zipf(nodes.agencies, load.chance.of('agencies'));
  const ids = load.chance.of('ids');
  const meant = new Map<string, number>();
  const answered: number[] = [];
  const before = await readCost();
  await openLoad(load, async (intended) => {
    const [agency, id] = [nextAgency(), ids.uuid7(Date.now())];
    meant.set(`dossier/${agency}/${id}`, intended);
    await desk.file(agency, id);
    answered.push(performance.now() - intended);
  });
  await until(() => [...meant.keys()].every((subject) => watch.seen.get(subject)?.folded !== undefined));
  await watch.end();
  const cost = costOf(before, await readCost(), meant.size);
  const arrived = [...meant].map(([subject, intended]) => ({ intended, ...watch.seen.get(subject) }));
  return {
    answered,
    cost,
    recorded: arrived.map(({ intended, recorded = Infinity }) => recorded - intended),
    folded: arrived.map(({ intended, folded = Infinity }) => folded - intended),
  };
}

async function until(holds: () => boolean): Promise<void> {
  const end = performance.now() + 30_000;
  while (!holds()) {
    if (performance.now() > end) throw new Error('not all dossiers have arrived within 30 s');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function rowsOf(rounds: readonly Round[]): readonly Row[] {
  const of = (name: Timed, share: number): number[] => rounds.map((round) => within(round[name], share));
  const row = (name: string, unit: string, values: readonly number[], target?: Row['target']): Row =>
    rowOf({ bench: 'latency', name, unit, ...(target && { target }) }, values);
  const shares = [
    [0.5, 'p50', 3],
    [0.99, 'p99', 10],
  ] as const;
  const costs = (
    [
      ['communesUs', 'processor time of the communes’ node, each dossier', 'µs'],
      ['districtUs', 'processor time of the district’s node, each dossier', 'µs'],
      ['serverUs', 'processor time of PostgreSQL, each dossier', 'µs'],
      ['syncs', 'times that PostgreSQL waited for the disk, each dossier', ''],
    ] as const
  ).map(([what, name, unit]) =>
    row(
      name,
      unit,
      rounds.map(({ cost }) => cost[what]),
    ),
  );
  const times = shares.flatMap(([share, name, most]) => {
    const floor = median(of('floor', share));
    const besideFloor = (what: Timed): number[] => of(what, share).map((ms) => ms / floor);
    return [
      row(`${name}: floor`, 'ms', of('floor', share)),
      row(`${name}: answered to the clerk`, 'ms', of('answered', share)),
      row(`${name}: in the next node's ledger`, 'ms', of('recorded', share)),
      row(`${name}: and in its list of dossiers`, 'ms', of('folded', share)),
      row(`${name}: in the next node's ledger`, '× floor', besideFloor('recorded'), { atMost: most }),
      row(`${name}: and in its list of dossiers`, '× floor', besideFloor('folded'), { atMost: most }),
    ];
  });
  return [...times, ...costs];
}

const nodes = await openTwoNodes();
try {
  const desk = await openDesk(nodes);
  const chain = await openFloorChain(await nodes.broker(), [nodes.ledger(COMMUNES), nodes.ledger(DISTRICT)]);
  const readCost = await costReader(nodes, nodes.ledger(COMMUNES));
  const rounds: Round[] = [];
  for (let at = 0; at <= ROUNDS; at += 1) {
    const chance = new Chance(`latency/${at}`);
    const seconds = at === 0 ? Number(values.seconds) / 2 : Number(values.seconds);
    const load = (name: string): OpenLoad => ({ perSecond: Number(values.rate), seconds, chance: chance.of(name) });
    const floor = await floorRound(chain, load('floor'));
    const round = { floor, ...(await nodesRound({ nodes, desk, readCost }, load('nodes'))) };
    // The first warms up.
    if (at > 0) rounds.push(round);
  }
  await chain.close();
  const note = `open load of ${values.rate} dossiers/s filed over HTTP, for ${values.seconds} s a round, timed from the intended send`;
  reportRows(rowsOf(rounds), [note]);
} finally {
  await nodes.close();
}
