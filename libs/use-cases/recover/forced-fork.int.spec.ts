/** A node that is made to sign on an old database in spite of its mark: both sides see it, keep both branches, and go on by a `rehome`. */
import { describe, expect, it } from '@jest/globals';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { mailboxOf } from '#libs/use-cases';
import { ADAPTERS_AWAY, by, CITY, COMMUNE, DISTRICT, giaLam } from '../../testing/gia-lam.ts';

const gialam = giaLam({ ...ADAPTERS_AWAY, absent: [] });
const { act, acts, exchange, headAt, mainAt, same, suspend } = gialam;

describe('a fork made by force', () => {
  it('is seen by both sides, both branches are kept, the dossier is parked, and a rehome ends it', async () => {
    await acts(['file-dossier', by(COMMUNE)]);
    await exchange();
    const backup = await gialam.commune.ledgerDatabase.copy();
    await acts(['start-processing', by(COMMUNE)]);
    await exchange();
    const [, first] = await mainAt(gialam.district);

    // Whoever deletes the mark and keeps the broker from speaking makes it sign.
    await gialam.commune.stop();
    rmSync(join(gialam.commune.keysDir, 'life.json'));
    const forced = await gialam.commune.startedOn(backup);
    expect(forced.services.life.state).toBe('alive');
    gialam.world.clock.advance(60_000);
    await acts(['start-processing', by(COMMUNE)]);
    const [, second] = await mainAt(forced);
    expect(second?.hash).not.toBe(first?.hash);
    await exchange();
    // What it had sent before comes back to it with the first peer that sends it again.
    gialam.world.broker.rewind(mailboxOf(forced.node));
    await gialam.district.services.store.requestStreamResend(forced.node, gialam.subject, 1);
    await exchange();

    const nodes = () => [gialam.commune, gialam.district, gialam.city];
    for (const node of nodes()) {
      expect(await headAt(node)).toMatchObject({ fork: true });
      const all = await node.services.store.readStream(gialam.subject, 'all');
      expect(all.map(({ hash }) => hash)).toEqual(expect.arrayContaining([first?.hash, second?.hash]));
      expect((await node.services.shelf.load(gialam.subject)).parked).toMatchObject({ code: 'FORK' });
    }
    await expect(act('forward', gialam.forward())).rejects.toMatchObject({ code: 'DOSSIER_PARKED' });

    await suspend(COMMUNE);
    const rehome = by(CITY, { to: DISTRICT, reason: 'fork' });
    await act('rehome', { ...rehome, more: { expectedHash: first!.hash } });
    await exchange();
    for (const node of nodes())
      expect(await headAt(node)).toMatchObject({ fork: false, hand: { kind: 'held', custodian: DISTRICT } });
    expect(await same()).toEqual(['received', 'processing-started', 'rehomed']);
  });
});
