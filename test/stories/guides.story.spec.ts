/** House 7: the commands of README and guides are run, in order, as their reader runs them, and answer what is shown. */
import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { differenceFrom, documents, root, shellBlocks, type Block } from '../support/guides.ts';
import { prepareFolder, runBlocks, type Ran } from '../support/shell.ts';
import { expectWholeAndSame, untilQuiet } from '../support/story-ends.ts';
import { COMMUNES, openStory, type Story } from '../support/story.ts';

const GUIDE = 'docs/guides/first-dossier.md';
/** Run after the guide, in the folder in which it was run. */
const LOOKS: readonly (readonly [document: string, under: string])[] = [
  ['README.md', 'Look at it'],
  ['docs/guides/run-a-node.md', 'Check'],
];
/** Blocks that are run elsewhere, and where. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'README.md: Run it': 'start.story.spec.ts',
  'README.md: Test it': 'this very run',
  'docs/guides/mend-a-stream.md: One red light': 'apps/cli/mend-a-stream.int.spec.ts',
  'docs/guides/mend-a-stream.md: Look closer': 'apps/cli/mend-a-stream.int.spec.ts',
  'docs/guides/mend-a-stream.md: Try again': 'apps/cli/mend-a-stream.int.spec.ts',
  'docs/guides/mend-a-stream.md: Judge quarantined messages again': 'apps/cli/mend-a-stream.int.spec.ts',
  'docs/guides/mend-a-stream.md: What can never be believed': 'apps/cli/mend-a-stream.int.spec.ts',
  'docs/guides/mend-a-stream.md: A peer that does harm, or is harmed': 'apps/cli/mend-a-stream.int.spec.ts',
  'docs/guides/backup-and-restore.md: Back up': 'life.story.spec.ts',
  'docs/guides/backup-and-restore.md: Put a backup back': 'life.story.spec.ts',
  'docs/guides/backup-and-restore.md: Recover': 'life.story.spec.ts',
  'docs/guides/keys-and-rights.md: Rights at the broker': 'apps/cli/keys-and-rights.int.spec.ts',
  'docs/guides/keys-and-rights.md: Replace signing and encryption keys': 'apps/cli/keys-and-rights.int.spec.ts',
  'docs/guides/run-a-node.md: Answer what was superseded': 'apps/gateway/http/superseded.int.spec.ts',
  'docs/guides/run-a-node.md: Settings': 'below, without its installation',
  'docs/guides/watch-a-node.md: Follow a dossier': 'privacy.story.spec.ts, with a collector of its own',
};

let story: Story;
let folder: string;
beforeAll(async () => {
  // The command line looks for the stack in the folder it is called in.
  story = await openStory({ dataDir: '.lienthong' });
  folder = dirname(story.stack.folder.dir);
  prepareFolder(folder);
}, 120_000);
afterAll(() => story?.end(), 60_000);

const nameOf = ({ document, under }: Pick<Block, 'document' | 'under'>): string => `${document}: ${under}`;
const failedOf = (ran: readonly Ran[]) => ran.filter(({ exitCode }) => exitCode !== 0);

/** As the guide says: yours may have other ports. */
const withOurAddress = (block: Block): Block => ({
  ...block,
  text: block.text.replace('http://127.0.0.1:8081', story.stack.urls.get(COMMUNES) ?? ''),
});

describe('the commands of README and guides', () => {
  it('are all run, here or elsewhere', () => {
    const here = new Set([GUIDE, ...LOOKS.map(([document, under]) => nameOf({ document, under }))]);
    const blocks = documents().flatMap(shellBlocks);
    const left = blocks.filter((block) => !here.has(block.document) && !here.has(nameOf(block)));
    expect([...new Set(left.map(nameOf))].toSorted()).toEqual(Object.keys(ELSEWHERE).toSorted());
  });

  it('of the first dossier do what the guide shows', async () => {
    const ran = await runBlocks(folder, shellBlocks(GUIDE).map(withOurAddress));
    expect(failedOf(ran)).toEqual([]);
    const answered = ran.filter(({ block }) => block.answer !== undefined);
    expect(answered.length).toBeGreaterThan(5);
    const different = answered.map(({ block, out }) => differenceFrom(block.answer, JSON.parse(out)));
    expect(different.filter((difference) => difference !== undefined)).toEqual([]);
    expect(ran.find(({ block }) => block.text.includes('lienthong show'))?.out).toMatch(
      /Withdrawn[^]*H26\.129\.05 \(14\/06\/2023\) → H26\.129 /,
    );
  }, 60_000);

  it('to look and to check find the stack whole', async () => {
    await untilQuiet(story);
    const blocks = LOOKS.flatMap(([document, under]) =>
      shellBlocks(document).filter((block) => nameOf(block) === nameOf({ document, under })),
    );
    expect(blocks).toHaveLength(LOOKS.length);
    // Line by line, so that the exit code of each is seen.
    const lines = blocks.flatMap((block) => block.text.split('\n').map((text) => ({ ...block, text })));
    const ran = await runBlocks(folder, lines);
    expect(failedOf(ran)).toEqual([]);
    expect(ran.map(({ out }) => out).join('')).toMatch(
      /gialam-communes +http:\/\/127[^]*Withdrawn[^]*nguyên vẹn · whole/,
    );
    await expectWholeAndSame(story);
  }, 60_000);

  it('to start a gateway without settings say all that is wrong, with exit code 2', async () => {
    const [settings] = shellBlocks('docs/guides/run-a-node.md').filter(({ under }) => under === 'Settings');
    expect(settings?.text.trim().split('\n').at(-1)).toBe('node dist/apps/gateway/main.js');
    const { PATH = '' } = process.env;
    const started = promisify(execFile)(process.execPath, [join(root, 'dist/apps/gateway/main.js')], { env: { PATH } });
    await expect(started).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/NODE_ID[^]*DATABASE_URL[^]*KAFKA_BROKERS[^]*JWT_ISSUER/),
    });
  }, 30_000);
});
