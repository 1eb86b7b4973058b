/** G7: one dossier is poisoned and a hostile peer floods the mailbox; a thousand others do not notice. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DossierView, QuarantineItem, RedriveView } from '#libs/http-api';
import type { MailboxSender, OutgoingRecord } from '#libs/use-cases';
import { eventually } from '../../libs/testing/eventually.ts';
import { expectWholeAndSame, lienthong, untilQuiet } from '../support/story-ends.ts';
import { garbage, mail, openThief, recordOf, signedEvent, strangeHash } from '../support/story-hostile.ts';
import { CITY, COMMUNES, DISTRICT, newDossier, openStory, seatOf, toDistrict, type Story } from '../support/story.ts';

const COMMUNE = 'H26.129.05';
const HEALTHY = 1000;
const AT_ONCE = 24;
const GARBAGE = 100;
const FORGED = 50;
const OVERSIZE = 2;
const FAR_AHEAD = 200;

let story: Story;
let thief: MailboxSender;
const healthy = Array.from({ length: HEALTHY }, (_, n) =>
  newDossier(`H26.129.${String((n % 22) + 1).padStart(2, '0')}`),
);
const poisoned = newDossier();
beforeAll(async () => {
  story = await openStory();
  thief = openThief(story, CITY);
}, 120_000);
afterAll(async () => {
  await thief?.close();
  await story?.end();
}, 60_000);

const by = (agency: string, data: object = {}) => ({ agency, data: { ...data } });

/** In flight a few at a time; what the thief does falls between. */
async function fileAll(subjects: readonly string[]): Promise<void> {
  const left = [...subjects];
  const desk = async (): Promise<void> => {
    for (let subject = left.pop(); subject !== undefined; subject = left.pop())
      await story.acts(subject, ['file-dossier', by(subject.split('/')[1] ?? '')]);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, desk));
}

/** For the terminal of whoever looks at it. */
const ESCAPES: OutgoingRecord = { key: '\u001b[31mred', value: Buffer.from('\u001b[2Jgone') };

/** Written with the login of the city's node, signed, where it is signed, with what lies in the city's key folder. */
function flood(victim: string): readonly OutgoingRecord[] {
  const forged = {
    agency: COMMUNE,
    signedBy: 'H26',
    subject: victim,
    name: 'resolved',
    place: 2,
    prevhash: strangeHash(),
  };
  const ahead = () => ({ agency: 'H26', subject: victim, name: 'resolved', prevhash: strangeHash() });
  return [
    ...Array.from({ length: GARBAGE }, () => garbage(300)),
    ...Array.from({ length: OVERSIZE }, () => garbage(140_000)),
    ESCAPES,
    ...Array.from({ length: FORGED }, () => recordOf(signedEvent(story, CITY, forged))),
    ...Array.from({ length: FAR_AHEAD }, (_, n) => recordOf(signedEvent(story, CITY, { ...ahead(), place: 1000 + n }))),
  ];
}

/** Whoever has the commune's key writes, at its place, what no program of today understands. */
async function poison(): Promise<void> {
  const { body } = await story.dossier(poisoned, COMMUNES);
  const event = { agency: COMMUNE, subject: poisoned, name: 'conjured', place: 2, data: { spell: 'hocus' } };
  const record = recordOf(signedEvent(story, COMMUNES, { ...event, prevhash: body.head?.hash ?? '' }));
  for (const node of story.nodes) await mail(thief, node, [record]);
}

const parkedAt = async (node: (typeof story.nodes)[number]): Promise<readonly (readonly (string | undefined)[])[]> => {
  const path = '/v1/dossiers?parked=true';
  const { body } = await story.ask<{ items: readonly DossierView[] }>({ agency: seatOf(node), path });
  return body.items.map(({ subject, parked }) => [subject, parked]);
};

describe('one poisoned dossier among a thousand healthy ones', () => {
  it('is poisoned while the healthy ones are filed; these arrive all the same', async () => {
    await story.acts(poisoned, ['file-dossier', by(COMMUNE)]);
    await story.seen(poisoned, DISTRICT, 'Received');
    const filing = fileAll(healthy);
    await mail(thief, DISTRICT, flood(poisoned));
    await poison();
    await mail(
      thief,
      DISTRICT,
      Array.from({ length: GARBAGE }, () => garbage(300)),
    );
    await filing;
    await untilQuiet(story, { held: { [DISTRICT]: FAR_AHEAD }, withinMs: 100_000 });
  }, 150_000);

  it('leaves in quarantine, with stage and code, what could not be believed', async () => {
    const found = new Map<string, number>();
    for (let after: number | undefined = 0; after !== undefined;) {
      const page: { items: readonly QuarantineItem[]; next?: number } = await story.operator(
        DISTRICT,
        `/v1/quarantine?limit=500&after=${after}`,
      );
      for (const { stage, code } of page.items) found.set(`${stage} ${code}`, (found.get(`${stage} ${code}`) ?? 0) + 1);
      after = page.next;
    }
    expect(Object.fromEntries(found)).toEqual({
      'bytes NOT_UTF8': 2 * GARBAGE,
      'bytes NOT_JSON': 1,
      'bytes TOO_LARGE': OVERSIZE,
      'signature SIGNATURE': FORGED,
    });
  }, 30_000);

  it('can be looked at without harm, and is not let go of while it is wrong', async () => {
    const quarantine = (...words: readonly string[]) => lienthong(story, 'quarantine', ...words, '--node', DISTRICT);
    const find = async (code: string): Promise<string> => {
      const { exitCode, stdout } = await quarantine('list', '--code', code, '--json');
      expect(exitCode).toBe(0);
      const [page] = JSON.parse(stdout) as readonly { readonly items: readonly QuarantineItem[] }[];
      return String(page?.items[0]?.number);
    };
    const escapes = await find('NOT_JSON');
    for (const words of [
      ['list', '--limit', '500'],
      ['show', escapes],
    ]) {
      const { exitCode, stdout } = await quarantine(...words);
      expect([exitCode, stdout.includes('\u001b')]).toEqual([0, false]);
    }
    expect((await quarantine('show', escapes)).stdout).toContain('\\u{1b}[2Jgone');
    const forged = await find('SIGNATURE');
    const released = await quarantine('release', forged, '--reason', 'judged-again');
    expect([released.exitCode, released.stdout, released.stderr]).toEqual([
      1,
      '',
      expect.stringContaining('SIGNATURE'),
    ]);
    expect((await quarantine('release', forged)).exitCode).toBe(2);
    expect((await quarantine('show', '999999999')).exitCode).toBe(1);
    expect((await lienthong(story, 'quarantine', 'show', forged)).exitCode).toBe(2);
  }, 60_000);

  it('is judged again as a job, killed in the middle and gone on with, and not one of them passes', async () => {
    const job = randomUUID();
    const redrive = async (...words: readonly string[]) => {
      const { exitCode, stdout } = await lienthong(story, 'redrive', ...words, '--node', DISTRICT, '--json');
      return { exitCode, job: JSON.parse(stdout) as RedriveView };
    };
    const forged = ['--code', 'SIGNATURE', '--batch', '5', '--per-minute', '300', '--reason', 'judged-again'];
    const { job: begun } = await redrive('start', '--job', job, ...forged);
    expect(begun).toMatchObject({ state: 'running', messages: FORGED });
    const seen = () => story.operator<RedriveView>(DISTRICT, `/v1/redrives/${job}`);
    await eventually(async () => expect((await seen()).progress.failed).toBeGreaterThan(0));
    await story.kill(DISTRICT);
    await story.start(DISTRICT);
    expect((await seen()).left).toBeGreaterThan(0);
    await eventually(async () => expect((await seen()).state).toBe('finished'), { withinMs: 40_000 });
    const { exitCode, job: ended } = await redrive('show', job);
    expect(exitCode).toBe(1);
    expect(ended).toMatchObject({
      left: 0,
      progress: { failed: FORGED, failedAsBefore: FORGED, recorded: 0, gone: 0 },
    });
  }, 90_000);

  it('is parked alone, on every node; its neighbours are worked on', async () => {
    for (const node of story.nodes) {
      await eventually(async () => expect(await parkedAt(node)).toEqual([[poisoned, 'NOT_UNDERSTOOD']]));
    }
    const refused = await story.give('start-processing', poisoned, by(COMMUNE));
    expect([refused.status, refused.body.code]).toEqual([409, 'DOSSIER_PARKED']);
    const neighbour = healthy.find((subject) => subject.includes(`/${COMMUNE}/`)) ?? '';
    await story.acts(neighbour, ['start-processing', by(COMMUNE)], ['forward', by(COMMUNE, toDistrict)]);
    await story.seen(neighbour, DISTRICT, 'InProcess');
  }, 60_000);

  it('leaves whole ledgers and the same histories, the poisoned one too', async () => {
    await untilQuiet(story, { held: { [DISTRICT]: FAR_AHEAD } });
    const histories = await expectWholeAndSame(story);
    for (const node of story.nodes) {
      expect(healthy.filter((subject) => !histories.get(node)?.has(subject))).toEqual([]);
      expect(histories.get(node)?.get(poisoned)?.events).toBe(2);
    }
  }, 90_000);
});
