/** G2, G4: nodes die by SIGKILL in mid-work and start again; what they had acknowledged is there, once. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NodeId } from '#libs/kernel';
import { runDay, type DaySummary } from '../../apps/load/index.ts';
import { eventually } from '../../libs/testing/eventually.ts';
import {
  acknowledging,
  answeredTwice,
  findChanged,
  findLost,
  type Acknowledged,
} from '../support/story-acknowledged.ts';
import { expectWholeAndSame, messagesAt, untilQuiet } from '../support/story-ends.ts';
import { COMMUNES, DAY_START, DISTRICT, openStory, type Story } from '../support/story.ts';

const WORK_BEFORE_A_DEATH = 15;

let story: Story;
let acknowledged: Acknowledged[];
let day: DaySummary;
beforeAll(async () => {
  story = await openStory({ work: DAY_START, rate: 900 });
}, 120_000);
afterAll(() => story?.end(), 60_000);

const answersOf = (node: NodeId): number => acknowledged.filter((one) => one.node === node).length;

/** Once the node has acknowledged some more work, and is in the midst of the next. */
async function killAtWork(node: NodeId): Promise<void> {
  const before = answersOf(node);
  await eventually(
    () => {
      if (answersOf(node) < before + WORK_BEFORE_A_DEATH) throw new Error(`${node} has not worked enough`);
    },
    { withinMs: 60_000 },
  );
  await story.kill(node);
  await story.start(node);
}

describe('nodes killed under load and started again', () => {
  it('let the day end well: whoever had no answer asks again', async () => {
    const recorder = acknowledging(story.stack.urls);
    acknowledged = recorder.acknowledged;
    const running = runDay({
      nodes: Object.fromEntries(story.stack.urls),
      token: (agency, [role]) => story.token(agency, role ?? 'clerk'),
      seed: 'kill',
      dossiers: 90,
      dayStart: DAY_START,
      workClock: story.clock,
      patienceMs: 45_000,
      fetch: recorder.fetch,
    });
    await killAtWork(DISTRICT);
    await killAtWork(COMMUNES);
    await killAtWork(DISTRICT);
    day = await running;
    expect(day).toMatchObject({ unexpected: [], abandoned: [], filed: 90, aborted: false });
    expect(day.retries).toBeGreaterThan(0);
  }, 150_000);

  it('lose nothing that was acknowledged', async () => {
    await untilQuiet(story);
    expect(await findLost(story, acknowledged)).toEqual([]);
    expect(acknowledged.length).toBeGreaterThan(300);
  }, 90_000);

  it('act once: each request sent again has its first answer, and no command two outcomes that differ', async () => {
    const sizes = await Promise.all(story.nodes.map(async (node) => (await story.status(node)).log.size));
    expect(await findChanged(acknowledged)).toEqual([]);
    await untilQuiet(story);
    expect(await Promise.all(story.nodes.map(async (node) => (await story.status(node)).log.size))).toEqual(sizes);
    for (const node of story.nodes) expect(answeredTwice(await messagesAt(story, node))).toEqual([]);
  }, 90_000);

  it('hold whole ledgers and the same histories', async () => {
    await expectWholeAndSame(story);
  }, 60_000);
});
