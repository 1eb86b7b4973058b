/** G10: commands given at the commune meet a dossier between two hands; each is kept, decided once, and answered. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CommandView } from '#libs/http-api';
import { expectWholeAndSame, untilQuiet } from '../support/story-ends.ts';
import { COMMUNES, DISTRICT, newDossier, openStory, toDistrict, type Refusable, type Story } from '../support/story.ts';

const COMMUNE = 'H26.129.05';
const AT_DISTRICT = 'H26.129';

let story: Story;
beforeAll(async () => {
  // Names an agency of another node: at the district somebody accepts by hand.
  story = await openStory({ extra: { [DISTRICT]: { AUTO_ACCEPT: 'H26' } } });
}, 120_000);
afterAll(() => story?.end(), 60_000);

const by = (agency: string, data: object = {}, more: { wait?: number } = {}) => ({
  agency,
  data: { ...data },
  ...more,
});
const outcome = ({ command }: Refusable, wait: number) =>
  story.ask<CommandView>({ agency: COMMUNE, path: `/v1/commands/${command}`, headers: { prefer: `wait=${wait}` } });

/** Filed, asked for a supplement, and on its way to the district, which sees it come. */
async function inTransit({ supplement = false } = {}): Promise<string> {
  const subject = newDossier();
  await story.acts(
    subject,
    ['file-dossier', by(COMMUNE)],
    ...(supplement
      ? ([
          ['start-processing', by(COMMUNE)],
          ['request-supplement', by(COMMUNE)],
        ] as const)
      : []),
    ['forward', by(COMMUNE, toDistrict)],
  );
  await story.seen(subject, DISTRICT, 'InTransit');
  return subject;
}

describe('a command that meets a dossier in transit', () => {
  it('is taken (202), kept until the district accepts, decided there, and answered to the commune that waits', async () => {
    const subject = await inTransit({ supplement: true });
    const given = await story.give('provide-supplement', subject, by(COMMUNE));
    expect([given.status, given.body.status]).toEqual([202, 'pending']);
    expect(given.headers.get('location')).toBe(`/v1/commands/${given.body.command}`);
    const waiting = outcome(given.body, 25);
    await story.acts(subject, ['accept-custody', by(AT_DISTRICT)]);
    const answered = await waiting;
    expect(answered.headers.get('preference-applied')).toBe('wait');
    expect(answered.body).toMatchObject({ status: 'accepted', events: [{ type: 'supplement-provided' }, {}] });
    expect((await story.dossier(subject, DISTRICT)).body.situation).not.toBe('InTransit');
  }, 60_000);

  it('comes back when the district declines, and is decided where the right has returned', async () => {
    const subject = await inTransit();
    const given = await story.give('withdraw', subject, by(COMMUNE));
    expect(given.status).toBe(202);
    await story.acts(subject, ['decline-custody', by(AT_DISTRICT)]);
    expect((await outcome(given.body, 25)).body).toMatchObject({ status: 'accepted', events: [{ type: 'withdrawn' }] });
    await story.seen(subject, DISTRICT, 'Withdrawn');
  }, 60_000);

  it('calls it back: the district answers by declining, while the commune waits', async () => {
    const subject = await inTransit();
    const given = await story.give('recall', subject, by(COMMUNE, {}, { wait: 25 }));
    expect([given.status, given.body]).toMatchObject([
      200,
      { status: 'accepted', events: [{ type: 'custody-declined' }] },
    ]);
    await story.acts(subject, ['start-processing', by(COMMUNE)]);
    await story.seen(subject, DISTRICT, 'InProcess');
  }, 60_000);

  it('comes too late to call back what was accepted, and says so with a code', async () => {
    const subject = await inTransit();
    await story.acts(subject, ['accept-custody', by(AT_DISTRICT)]);
    const given = await story.give('recall', subject, by(COMMUNE, {}, { wait: 25 }));
    expect([given.status, given.body.code]).toEqual([409, 'COMMAND_NOT_ALLOWED']);
    expect((await story.dossier(subject, COMMUNES)).body.custodian).toBe(AT_DISTRICT);
  }, 60_000);

  it('waits for a district that is away, and is decided when it is back', async () => {
    const subject = await inTransit();
    await story.kill(DISTRICT);
    const given = await story.give('withdraw', subject, by(COMMUNE, {}, { wait: 1 }));
    expect([given.status, given.body.status]).toEqual([202, 'pending']);
    await story.start(DISTRICT);
    await story.acts(subject, ['accept-custody', by(AT_DISTRICT)]);
    expect((await outcome(given.body, 25)).body).toMatchObject({ status: 'accepted', events: [{ type: 'withdrawn' }] });
  }, 90_000);

  it('leaves whole ledgers and the same histories', async () => {
    await untilQuiet(story);
    await expectWholeAndSame(story);
  }, 90_000);
});
