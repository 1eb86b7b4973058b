/** G3: a day's work through three nodes: each dossier arrives whole wherever it should, and is one history. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { planDay, readReference, runPlan, type DayPlan, type DaySummary } from '../../apps/load/index.ts';
import { expectWholeAndSame, untilQuiet } from '../support/story-ends.ts';
import { CITY, COMMUNES, DAY_START, DISTRICT, nodeOfAgency, openStory, type Story } from '../support/story.ts';

let story: Story;
let plan: DayPlan;
let day: DaySummary;
beforeAll(async () => {
  story = await openStory({ work: DAY_START, rate: 1500 });
}, 120_000);
afterAll(() => story?.end(), 60_000);

describe('a day of sixty dossiers through communes, district and city', () => {
  it('is worked off without an unexpected refusal', async () => {
    const options = {
      nodes: Object.fromEntries(story.stack.urls),
      token: (agency: string, [role]: readonly string[]) => story.token(agency, role ?? 'clerk'),
      seed: 'story',
      dossiers: 60,
      dayStart: DAY_START,
      workClock: story.clock,
      patienceMs: 30_000,
    };
    plan = planDay(options, readReference());
    day = await runPlan(plan, options);
    expect(day).toMatchObject({ unexpected: [], abandoned: [], filed: 60, aborted: false });
    expect(day.forwarded).toBeGreaterThan(5);
  }, 120_000);

  it('is delivered everywhere, verifies on every node, and is the same history wherever it is held', async () => {
    await untilQuiet(story);
    const histories = await expectWholeAndSame(story);
    for (const { id, receivingAgency } of plan.dossiers) {
      // Where it was filed, and with the superiors of that agency.
      for (const node of new Set([nodeOfAgency(receivingAgency), DISTRICT, CITY]))
        expect([...(histories.get(node)?.keys() ?? [])]).toContain(`dossier/${receivingAgency}/${id}`);
    }
    expect(histories.get(COMMUNES)?.size).toBeGreaterThan(30);
  }, 90_000);
});
