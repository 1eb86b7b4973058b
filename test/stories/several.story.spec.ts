/** Two processes of every node at once, with the same and with different roles; a rolling restart that no client notices. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NodeId } from '#libs/kernel';
import type { NodeProcess } from '#tools/embedded';
import { runDay, type DaySummary } from '../../apps/load/index.ts';
import { eventually } from '../../libs/testing/eventually.ts';
import { Balancer } from '../support/balancer.ts';
import {
  acknowledging,
  answeredTwice,
  findChanged,
  findLost,
  type Acknowledged,
} from '../support/story-acknowledged.ts';
import { expectWholeAndSame, messagesAt, untilQuiet } from '../support/story-ends.ts';
import { COMMUNES, DAY_START, DISTRICT, openStory, type Story } from '../support/story.ts';

const NOTICE = { STOP_NOTICE_MS: '1000' };
const WORK_BETWEEN = 5;
const DOSSIERS = 110;

let story: Story;
let balancer: Balancer;
const second = new Map<NodeId, NodeProcess>();
let acknowledged: Acknowledged[] = [];

beforeAll(async () => {
  story = await openStory({
    work: DAY_START,
    rate: 900,
    extra: { [COMMUNES]: NOTICE, [DISTRICT]: NOTICE },
  });
  balancer = new Balancer(story.stack.urls);
  for (const [node, url] of story.stack.urls) {
    await balancer.add(node, { url });
    await addSecond(node, NOTICE);
  }
}, 150_000);
afterAll(async () => {
  balancer?.end();
  await story?.end();
}, 60_000);

async function addSecond(node: NodeId, extra: Readonly<Record<string, string>>): Promise<void> {
  const started = await story.stack.addProcess(node, extra);
  second.set(node, started);
  await balancer.add(node, started);
}

/** Both processes have answered some more requests, and are in the midst of the next. */
async function worked(node: NodeId): Promise<void> {
  const before = balancer.answered(node);
  await eventually(
    () => {
      const more = balancer.answered(node).map((now, at) => now - (before[at] ?? 0));
      if (Math.min(...more) < WORK_BETWEEN) throw new Error(`${node} has not worked enough: ${more.join(', ')}`);
    },
    { withinMs: 60_000 },
  );
}

/** One process after the other; the second one comes back with other roles than it had. */
async function restartRolling(node: NodeId): Promise<void> {
  await worked(node);
  expect(await story.stack.stopNode(node)).toMatchObject({ code: 0 });
  await story.start(node);
  await worked(node);
  expect(await second.get(node)?.stop()).toMatchObject({ code: 0 });
  await addSecond(node, { ...NOTICE, ROLES: 'api,relay' });
}

describe('two processes of every node', () => {
  let day: DaySummary;

  it('take a day in turns, and are restarted one by one without an error to a client', async () => {
    const recorder = acknowledging(story.stack.urls, balancer.fetch);
    acknowledged = recorder.acknowledged;
    const running = runDay({
      nodes: Object.fromEntries(story.stack.urls),
      token: (agency, [role]) => story.token(agency, role ?? 'clerk'),
      seed: 'several',
      dossiers: DOSSIERS,
      dayStart: DAY_START,
      workClock: story.clock,
      patienceMs: 45_000,
      fetch: recorder.fetch,
    });
    await Promise.all([restartRolling(COMMUNES), restartRolling(DISTRICT)]);
    day = await running;
    expect(balancer.failures).toEqual([]);
    expect(day).toMatchObject({ unexpected: [], abandoned: [], filed: DOSSIERS, aborted: false, retries: 0 });
  }, 180_000);

  it('remember each answer, whoever gave it, and answer no command twice', async () => {
    await untilQuiet(story);
    expect(await findLost(story, acknowledged)).toEqual([]);
    const sizes = await Promise.all(story.nodes.map(async (node) => (await story.status(node)).log.size));
    expect(await findChanged(acknowledged)).toEqual([]);
    await untilQuiet(story);
    expect(await Promise.all(story.nodes.map(async (node) => (await story.status(node)).log.size))).toEqual(sizes);
    for (const node of story.nodes) expect(answeredTwice(await messagesAt(story, node))).toEqual([]);
  }, 90_000);

  it('leave whole ledgers and the same histories', async () => {
    await expectWholeAndSame(story);
  }, 60_000);
});
