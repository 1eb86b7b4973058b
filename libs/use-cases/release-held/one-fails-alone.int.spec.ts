/** G7: a held message that cannot be judged keeps no other waiting; what cannot be sent to a peer is tried ever more rarely. */
import { describe, expect, it } from '@jest/globals';
import { splitSubject } from '#libs/kernel';
import { ingestBatch, mailboxOf, ReceiptPace, releaseHeld, sendReceipts, type NodeServices } from '#libs/use-cases';
import { ADAPTERS_AWAY, by, COMMUNE, giaLam } from '../../testing/gia-lam.ts';
import { desksOf, exchangeAll } from '../../testing/exchange-all.ts';
import { acts, newDossier } from '../../testing/test-acts.ts';

const gialam = giaLam({ ...ADAPTERS_AWAY, absent: [], ownWall: true });

describe('a held message that cannot be judged', () => {
  it('is reported and put off; the others are released', async () => {
    const { city, district, world } = gialam;
    const [bad, good] = [newDossier(COMMUNE), newDossier(COMMUNE)];
    world.clock.advance(400_000);
    // Ahead of the clock of the district's node.
    const early: NodeServices = { ...district.services, clock: { now: () => '2023-06-14T01:00:00.000Z' as never } };
    for (const subject of [bad, good]) await acts(world, subject, ['file-dossier', by(COMMUNE)]);
    const slow = { ...district, services: early };
    await exchangeAll([gialam.commune, city, slow]);
    const heldNow = async () => (await district.services.store.countHeld()).total;
    const before = await heldNow();
    expect(before).toBeGreaterThanOrEqual(2);

    let looks = 0;
    const store: NodeServices['store'] = {
      ...district.services.store,
      loadGraphs: (subjects) => {
        if (subjects.includes(bad)) {
          looks += 1;
          throw new RangeError('a fault of the program');
        }
        return district.services.store.loadGraphs(subjects);
      },
    };
    const services = { ...district.services, store };
    await releaseHeld(services);
    expect((await district.services.store.findHead(good))?.streamseq).toBe(1);
    expect(await district.services.store.findHead(bad)).toBeUndefined();
    expect(district.reports).toContainEqual(
      expect.objectContaining({ code: 'HELD_NOT_JUDGED', details: expect.objectContaining({ subject: bad }) }),
    );
    const looked = looks;
    await releaseHeld(services);
    expect(looks).toBe(looked);
    gialam.wall.advance(5_000);
    await releaseHeld(services);
    expect(looks).toBeGreaterThan(looked);
    gialam.wall.advance(60_000);
    await releaseHeld(district.services);
    expect((await district.services.store.findHead(bad))?.streamseq).toBe(1);
    expect(splitSubject(bad).kind).toBe('dossier');
  });
});

describe('a receipt that cannot be sent', () => {
  it('is tried again ever more rarely, and goes once the peer is there', async () => {
    const { commune, district, world } = gialam;
    await gialam.exchange();
    await gialam.acts(['file-dossier', by(COMMUNE)]);
    await desksOf(commune).relay.turn();
    const batch = world.broker.take(mailboxOf(district.node));
    if (batch) await ingestBatch(district.services, batch);
    expect((await district.services.store.receiptsDue()).length).toBeGreaterThan(0);
    const pace = new ReceiptPace();
    world.broker.setAway(true);
    let tried = 0;
    for (let second = 0; second < 120; second++) {
      tried += await sendReceipts(district.services, pace);
      gialam.wall.advance(1_000);
    }
    expect(tried).toBeGreaterThan(3);
    expect(tried).toBeLessThan(15);
    world.broker.setAway(false);
    gialam.wall.advance(60_000);
    expect(await sendReceipts(district.services, pace)).toBeGreaterThan(0);
    expect(await district.services.store.receiptsDue()).toEqual([]);
  });
});
