/** House 4: a stop is a contract. With work in hand that cannot be finished it ends all the same, and says what was left. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openCuttingProxy, type CuttingProxy } from '../../libs/testing/cutting-proxy.ts';
import { expectWholeAndSame, untilQuiet } from '../support/story-ends.ts';
import { COMMUNES, DISTRICT, newDossier, openStory, toDistrict, type Story } from '../support/story.ts';

const COMMUNE = 'H26.129.05';
/** Far less than the time-outs of statements, which end later what a silent database holds up. */
const WITHIN_MS = 1_500;

let story: Story;
let proxy: CuttingProxy;
beforeAll(async () => {
  story = await openStory();
  proxy = await openCuttingProxy(story.stack.databaseUrls.get(COMMUNES)?.ledger.appUrl ?? '');
  await story.stack.stopNode(COMMUNES);
  await story.stack.startNode(COMMUNES, { DATABASE_URL: proxy.url, STOP_WITHIN_MS: String(WITHIN_MS) });
}, 120_000);
afterAll(async () => {
  await story?.end();
  await proxy?.close();
}, 60_000);

const by = (data: object = {}) => ({ agency: COMMUNE, data: { ...data } });
const logOf = (): string => readFileSync(story.stack.folder.logOf(COMMUNES), 'utf8');

describe('a node that is asked to stop', () => {
  const subject = newDossier();

  it('ends with exit code 0 when its work can be finished', async () => {
    await story.acts(subject, ['file-dossier', by()]);
    expect(await story.stack.stopNode(COMMUNES)).toMatchObject({ code: 0 });
    expect(logOf()).not.toContain('UNFINISHED');
    await story.stack.startNode(COMMUNES, { DATABASE_URL: proxy.url, STOP_WITHIN_MS: String(WITHIN_MS) });
  }, 60_000);

  it('ends with exit code 1 while its database is silent, and its log names what was unfinished', async () => {
    const asked = proxy.silentAt(subject);
    const inHand = story.give('forward', subject, by(toDistrict)).catch(() => 'cut off');
    await asked;
    expect(await story.stack.stopNode(COMMUNES)).toMatchObject({ code: 1, signal: null });
    expect(await inHand).toBe('cut off');
    const lines = logOf()
      .split('\n')
      .filter((line) => line.includes('UNFINISHED'))
      .map((line) => JSON.parse(line) as { code: string; follower?: string });
    expect(lines.map(({ follower }) => follower)).toEqual(
      expect.arrayContaining(['requests-and-mailbox', 'databases']),
    );
    expect(lines.at(-1)).toMatchObject({ code: 'STOPPED_UNFINISHED', level: 'fatal' });
  }, 60_000);

  it('goes on after its next start, and loses nothing that it acknowledged', async () => {
    await story.start(COMMUNES);
    await story.acts(subject, ['forward', by(toDistrict)]);
    await story.seen(subject, DISTRICT, 'Received');
    await untilQuiet(story);
    await expectWholeAndSame(story);
  }, 90_000);
});
