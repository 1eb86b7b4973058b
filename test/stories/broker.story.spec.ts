/** G12, first form: the broker is away; communes receive and settle all the same, and later everything arrives in order. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openStored } from '#libs/use-cases';
import { eventually } from '../../libs/testing/eventually.ts';
import { expectWholeAndSame, messagesAt, untilQuiet } from '../support/story-ends.ts';
import { CITY, COMMUNES, DISTRICT, newDossier, openStory, toDistrict, type Story } from '../support/story.ts';

const COMMUNE = 'H26.129.05';
const settled = Array.from({ length: 25 }, () => newDossier());
const sentOn = Array.from({ length: 10 }, () => newDossier());

let story: Story;
beforeAll(async () => {
  story = await openStory();
}, 120_000);
afterAll(() => story?.end(), 60_000);

const by = (agency: string, data: object = {}) => ({ agency, data: { ...data } });

describe('the broker away and back', () => {
  it('finds a dossier of the morning at the district', async () => {
    const early = newDossier();
    await story.acts(early, ['file-dossier', by(COMMUNE)], ['forward', by(COMMUNE, toDistrict)]);
    await story.seen(early, DISTRICT, 'Received');
    await story.stack.stopKafka();
  }, 60_000);

  it('leaves the commune receiving, settling and sending on, also after it was started again', async () => {
    for (const subject of settled)
      await story.acts(
        subject,
        ['file-dossier', by(COMMUNE)],
        ['start-processing', by(COMMUNE)],
        ['complete-step', by(COMMUNE)],
        ['resolve', by(COMMUNE)],
      );
    await story.kill(COMMUNES);
    await story.start(COMMUNES);
    for (const subject of sentOn)
      await story.acts(subject, ['file-dossier', by(COMMUNE)], ['forward', by(COMMUNE, toDistrict)]);
    for (const subject of settled) expect((await story.dossier(subject, COMMUNES)).body.situation).toBe('Resolved');
    expect((await story.dossier(settled[0] ?? '', DISTRICT)).status).toBe(404);
    const { outbound } = await story.deliveries(COMMUNES);
    for (const { highest, contiguousUpTo } of outbound) expect(highest - contiguousUpTo).toBeGreaterThan(50);
  }, 60_000);

  it('delivers everything once it is back, each dossier in its order', async () => {
    await story.stack.startKafka();
    await Promise.all(sentOn.map((subject) => story.seen(subject, DISTRICT, 'Received')));
    await untilQuiet(story);
    for (const node of [DISTRICT, CITY]) {
      const places = new Map<string, number[]>();
      for (const { message } of (await messagesAt(story, node)).filter((one) => one.class === 'event').map(openStored))
        places.set(message.subject, [...(places.get(message.subject) ?? []), Number(message.streamseq)]);
      for (const subject of settled) expect(places.get(subject)).toEqual([1, 2, 3, 4]);
      for (const subject of sentOn) expect(places.get(subject)).toEqual([1, 2, 3]);
    }
  }, 120_000);

  it('goes on with what came, and leaves whole ledgers and the same histories', async () => {
    const [first = ''] = sentOn;
    await story.acts(first, ['start-processing', by('H26.129')]);
    await eventually(async () => expect((await story.dossier(first, COMMUNES)).body.situation).toBe('InProcess'));
    await untilQuiet(story);
    await expectWholeAndSame(story);
  }, 60_000);
});
