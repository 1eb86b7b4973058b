/** G5, G12: yesterday's database put back under a node. It signs nothing, is brought level by its peers, and goes on. */
import { randomUUID } from 'node:crypto';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { shellBlocks } from '../support/guides.ts';
import { eventually } from '../../libs/testing/eventually.ts';
import { prepareFolder, runBlocks } from '../support/shell.ts';
import { expectWholeAndSame, untilQuiet } from '../support/story-ends.ts';
import { COMMUNES, DISTRICT, newDossier, openStory, toDistrict, type Story } from '../support/story.ts';

let story: Story;
let folder: string;
beforeAll(async () => {
  story = await openStory({ dataDir: '.lienthong' });
  folder = dirname(story.stack.folder.dir);
  prepareFolder(folder);
}, 120_000);
afterAll(() => story?.end(), 60_000);

const COMMUNE = 'H26.129.05';
/** As the guide says it, line by line. */
async function run(under: string): Promise<string> {
  const blocks = shellBlocks('docs/guides/backup-and-restore.md').filter((block) => block.under === under);
  const lines = blocks.flatMap((block) =>
    block.text
      .trim()
      .split('\n')
      .map((text) => ({ ...block, text })),
  );
  const ran = await runBlocks(folder, lines);
  expect(ran.filter(({ exitCode }) => exitCode !== 0)).toEqual([]);
  expect(ran.length).toBeGreaterThan(0);
  return ran.map(({ out }) => out).join('');
}

describe('an old backup put back', () => {
  it('is noticed before anything is signed, recovered from the peers, and everybody has one history', async () => {
    const [before, after] = [newDossier(), newDossier()];
    await story.acts(before, ['file-dossier', { agency: COMMUNE }]);
    expect(await run('Back up')).toMatch(/ 0 h/);
    await story.acts(
      before,
      ['start-processing', { agency: COMMUNE }],
      ['forward', { agency: COMMUNE, data: toDistrict }],
    );
    await story.acts(after, ['file-dossier', { agency: COMMUNE }], ['forward', { agency: COMMUNE, data: toDistrict }]);
    await story.seen(before, DISTRICT, 'InProcess');
    await story.seen(after, DISTRICT, 'Received');
    await story.stack.stopNode(COMMUNES);
    await run('Put a backup back');

    story.stack.launchNode(COMMUNES);
    await eventually(async () => {
      const ready = await fetch(`${story.stack.urls.get(COMMUNES)}/ready`).then((answer) => answer.json());
      expect(ready).toMatchObject({ ready: false, waitsFor: expect.arrayContaining(['recovery']) });
    });
    const refused = await story.give('file-dossier', newDossier(), { agency: COMMUNE, key: randomUUID() });
    expect(refused).toMatchObject({ status: 503, body: { code: 'NODE_RECOVERING' } });
    expect(refused.body.detail).toMatch('lienthong recover');

    expect(await run('Recover')).toMatch(/life 2[^]*nguyên vẹn · whole/);
    await story.seen(before, COMMUNES, 'InProcess');
    await story.seen(after, COMMUNES, 'Received');
    await story.acts(newDossier(), ['file-dossier', { agency: COMMUNE }]);
    await story.acts(after, ['start-processing', { agency: 'H26.129' }]);
    await untilQuiet(story);
    await expectWholeAndSame(story);
  }, 120_000);
});
