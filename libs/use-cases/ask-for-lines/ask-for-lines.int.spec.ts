import { describe, expect, it } from '@jest/globals';
import { mailboxOf } from '#libs/use-cases';
import { by, COMMUNE, giaLam } from '../../testing/gia-lam.ts';
import { LineDesk } from './ask-for-lines.ts';

/** Real time stands still but where a test moves it: what arrives has waited for no timer. */
const gialam = giaLam({ ownWall: true });
const { acts, exchange, lose, mainAt } = gialam;

/** What is in the district's mailbox is gone, the manifests among it. */
async function districtForgets(): Promise<void> {
  lose('');
  await exchange();
  gialam.world.broker.disturb();
}
const sentTo = (node: string, type: string): number =>
  gialam.world.broker
    .records(mailboxOf(node as never))
    .filter(({ value }) => Buffer.from(value).includes(`"type":"vn.lienthong.${type}.`)).length;

describe('a node that has lost its mailbox', () => {
  it('has what was lost as soon as it has asked, from whom it had never heard of, too', async () => {
    await acts(['file-dossier', by(COMMUNE)], ['start-processing', by(COMMUNE)]);
    await districtForgets();
    expect(await mainAt(gialam.district)).toEqual([]);
    const desk = new LineDesk(gialam.district.services);
    expect(await desk.ask()).toBe(0);
    expect(await gialam.district.services.store.inbound()).toEqual([]);
    desk.noteGap();
    expect(await desk.ask()).toBe(0);
    await exchange();
    expect(await mainAt(gialam.district)).toHaveLength(2);
  });

  it('has what follows on a line that it holds to some number', async () => {
    gialam.wall.advance(10_000);
    await acts(['file-dossier', by(COMMUNE)]);
    await exchange();
    await acts(['start-processing', by(COMMUNE)]);
    await districtForgets();
    expect(await mainAt(gialam.district)).toHaveLength(1);
    const desk = new LineDesk(gialam.district.services);
    desk.noteGap();
    await desk.ask();
    await exchange();
    expect(await mainAt(gialam.district)).toHaveLength(2);
  });

  it('is sent a line once, however often it asks within ten seconds', async () => {
    gialam.wall.advance(10_000);
    await acts(['file-dossier', by(COMMUNE)]);
    await districtForgets();
    const before = sentTo('gialam-district', 'dossier');
    for (let time = 0; time < 3; time += 1) {
      const desk = new LineDesk(gialam.district.services);
      desk.noteGap();
      await desk.ask();
    }
    await exchange();
    expect(sentTo('gialam-district', 'dossier')).toBe(before + 1);
  });

  it('is not told by who owes it nothing, nor listed there', async () => {
    const { city, commune } = gialam;
    const desk = new LineDesk(city.services);
    desk.noteGap();
    const owed = await gialam.district.services.store.deliveries();
    await desk.ask();
    await exchange();
    expect((await gialam.district.services.store.deliveries()).map(({ peer }) => peer)).toEqual(
      owed.map(({ peer }) => peer),
    );
    expect([...gialam.district.reports, ...commune.reports].filter(({ code }) => code === 'RECEIPT_ABOVE_OWN')).toEqual(
      [],
    );
  });

  it('asks who could not be reached again, after a pause, and nobody else', async () => {
    const { broker } = gialam.world;
    const desk = new LineDesk(gialam.district.services);
    desk.noteGap();
    const city = sentTo('hanoi-city', 'exchange.receipt');
    broker.setAway(true, [mailboxOf('gialam-communes' as never)]);
    expect(await desk.ask()).toBe(1);
    broker.setAway(false);
    expect(await desk.ask()).toBe(1);
    gialam.wall.advance(1_000);
    expect(await desk.ask()).toBe(0);
    expect(sentTo('hanoi-city', 'exchange.receipt')).toBe(city + 2);
    expect(gialam.district.reports).toContainEqual({
      code: 'LINE_NOT_ASKED',
      details: { peer: 'gialam-communes', why: 'UNEXPECTED' },
    });
  });
});
