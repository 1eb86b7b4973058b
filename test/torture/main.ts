/**
 * The real stack under everything that goes wrong, for as long as one likes:
 *
 *   npm run torture -- --minutes 10 [--seed 1] [--dossiers 40]
 *
 * Three nodes, two processes of two of them, a day of Gia Lâm's work spread over the minutes (`--dossiers` a minute), sent at
 * its own times whether or not nodes answer. Meanwhile processes, broker, database, connections, topics, offsets, clocks and
 * disks are harmed in two lanes, drawn from the seed. In the end all is mended, the stack comes to rest, and from outside it is checked that nothing
 * acknowledged is lost or done twice, every ledger is whole, and every history is one history. Exit code 1 when anything was
 * found. What is drawn follows from the seed; when it happens is the machine's.
 */
import { parseArgs } from 'node:util';
import type { NodeId } from '#libs/kernel';
import { openStored } from '#libs/use-cases';
import { Chance } from '../../apps/load/chance.ts';
import { runDay } from '../../apps/load/index.ts';
import { openCuttingProxy, type CuttingProxy } from '../../libs/testing/cutting-proxy.ts';
import { Balancer } from '../support/balancer.ts';
import { acknowledging, answeredTwice, findChanged, findLost } from '../support/story-acknowledged.ts';
import { expectWholeAndSame, messagesAt, untilQuiet } from '../support/story-ends.ts';
import { COMMUNES, DAY_START, DISTRICT, openStory, type Story } from '../support/story.ts';
import { findDisks } from './disks.ts';
import type { Scene, Torment } from './scene.ts';
import { OF_PROCESSES, OF_SERVERS } from './torments.ts';

/** From 7:30 to 17:00 in Viet Nam. */
const WORK_DAY_MINUTES = 9.5 * 60;
/** The day's last part is left alone, so that it can end. */
const TORMENTED = 0.8;
const REST_MS = 300_000;

interface Options {
  readonly minutes: number;
  readonly seed: string;
  readonly dossiers: number;
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: { minutes: { type: 'string' }, seed: { type: 'string' }, dossiers: { type: 'string' } },
  });
  const number = (name: 'minutes' | 'dossiers', otherwise: number): number => {
    const value = Number(values[name] ?? otherwise);
    if (value > 0 && value <= 10_000) return value;
    throw new RangeError(`--${name} is a number above 0, at most 10000`);
  };
  return { minutes: number('minutes', 10), seed: values.seed ?? '1', dossiers: number('dossiers', 40) };
}

const say = (text: string): void => void process.stdout.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);

async function openScene(story: Story, chance: Chance): Promise<Scene> {
  const proxies = new Map<NodeId, CuttingProxy>();
  const balancer = new Balancer(story.stack.urls);
  const seconds: Scene['seconds'] = new Map();
  await story.stack.stopNodes();
  const disks = await findDisks(story);
  for (const { node, url, databases } of story.stack.nodes) {
    const proxy = await openCuttingProxy(databases.ledger.appUrl);
    proxies.set(node, proxy);
    story.remember(node, { DATABASE_URL: proxy.url });
    await story.start(node);
    await balancer.add(node, { url });
  }
  for (const node of [COMMUNES, DISTRICT] as NodeId[]) {
    const second = await story.stack.addProcess(node);
    seconds.set(node, second);
    await balancer.add(node, second);
  }
  return { story, balancer, chance, proxies, seconds, disks, say };
}

/** One torment after the other until told to end; gives how often each was done. */
async function torment(
  scene: Scene,
  lane: string,
  kinds: readonly Torment[],
  ending: AbortSignal,
): Promise<Map<string, number>> {
  const done = new Map(kinds.map(({ name }) => [name, 0]));
  const drawn = scene.chance.of(lane);
  // None a second time before each was done once.
  const left: Torment[] = [];
  while (!ending.aborted) {
    if (left.length === 0) left.push(...kinds);
    const [kind] = left.splice(drawn.between(0, left.length - 1), 1) as [Torment];
    const nodes = scene.story.nodes.filter((node) => !kind.name.startsWith('second') || scene.seconds.has(node));
    const node = nodes[drawn.between(0, nodes.length - 1)] as NodeId;
    const ms = drawn.between(500, 12_000);
    scene.say(`${lane}: ${kind.name}, ${node}, ${ms} ms`);
    const what = (await kind.run(scene, { node, ms })) ?? kind.name;
    done.set(what, (done.get(what) ?? 0) + 1);
    if (done.get(kind.name) === 0) done.delete(kind.name);
    await new Promise((resolve) => setTimeout(resolve, drawn.between(500, 4_000)));
  }
  return done;
}

async function main(): Promise<number> {
  const options = readOptions();
  const chance = new Chance(`torture/${options.seed}`);
  say('the stack comes up');
  const story = await openStory({ work: DAY_START, rate: Math.max(1, WORK_DAY_MINUTES / options.minutes) });
  let scene: Scene | undefined;
  try {
    scene = await openScene(story, chance);
    return await tortured(scene, options);
  } finally {
    scene?.balancer.end();
    await story.end();
    await Promise.all([...(scene?.proxies.values() ?? [])].map((proxy) => proxy.close()));
    scene?.disks?.remove();
  }
}

async function tortured(scene: Scene, { minutes, seed, dossiers }: Options): Promise<number> {
  const { story, balancer } = scene;
  const recorder = acknowledging(story.stack.urls, balancer.fetch);
  const ending = new AbortController();
  setTimeout(() => ending.abort(), minutes * 60_000 * TORMENTED);
  const day = runDay({
    nodes: Object.fromEntries(story.stack.urls),
    token: (agency, [role]) => story.token(agency, role ?? 'clerk'),
    seed,
    dossiers: Math.round(dossiers * minutes),
    dayStart: DAY_START,
    workClock: story.clock,
    patienceMs: REST_MS,
    fetch: recorder.fetch,
  });
  const lanes = await Promise.all([
    torment(scene, 'processes', OF_PROCESSES, ending.signal),
    torment(scene, 'servers', OF_SERVERS, ending.signal),
  ]);
  say('no more harm is done; the day ends');
  const summary = await day;
  await untilQuiet(story, { withinMs: REST_MS });
  const { acknowledged } = recorder;
  const found = await findFaults(scene, acknowledged);
  if (summary.unexpected.length > 0 || summary.abandoned.length > 0)
    found.push(`of the day: ${JSON.stringify([...summary.unexpected, ...summary.abandoned].slice(0, 20))}`);
  for (const [name, times] of lanes.flatMap((lane) => [...lane])) say(`${String(times).padStart(5)} × ${name}`);
  say(
    `${summary.filed} dossiers filed, ${acknowledged.length} commands acknowledged, ${summary.retries} requests repeated by clients`,
  );
  for (const fault of found) say(`FOUND ${fault}`);
  say(found.length === 0 ? 'nothing lost, nothing done twice, every history one history' : `${found.length} faults`);
  return found.length === 0 ? 0 : 1;
}

async function findFaults(
  { story }: Scene,
  acknowledged: ReturnType<typeof acknowledging>['acknowledged'],
): Promise<string[]> {
  const found: string[] = [];
  say('what was acknowledged is looked for, and asked again');
  found.push(...(await findLost(story, acknowledged)).map((hash) => `lost: ${hash}`));
  found.push(...(await findChanged(acknowledged)).map((what) => `answered otherwise: ${what}`));
  await untilQuiet(story, { withinMs: REST_MS });
  for (const node of story.nodes)
    found.push(
      ...answeredTwice(await messagesAt(story, node)).map((what) => `two outcomes at ${node}: ${JSON.stringify(what)}`),
    );
  await expectWholeAndSame(story).catch(async (error: unknown) => {
    found.push(String(error));
    for (const node of story.nodes) await tellDifferent(story, node, String(error));
  });
  return found;
}

/** What a node holds of the dossiers that the fault names, and how its lines stand. */
async function tellDifferent(story: Story, node: NodeId, fault: string): Promise<void> {
  const subjects = new Set(fault.match(/dossier\/[^'"\s]+/g));
  const { deliveries, inbound, held } = await story.status(node);
  say(`${node}: ${JSON.stringify({ held, deliveries, inbound })}`);
  for (const stored of await messagesAt(story, node)) {
    const { message } = openStored(stored);
    if (!subjects.has(message.subject)) continue;
    const { type, streamseq = '', source, recordedtime } = message;
    const { logIndex, appendedAt, effect, arrival, hash } = stored;
    say(
      `${node} ${logIndex} ${appendedAt} ${arrival.kind} ${effect} ${streamseq} ${type} ${source} ${recordedtime} ${hash}`,
    );
  }
}

process.exitCode = await main();
