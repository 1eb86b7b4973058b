import { describe, expect, it } from '@jest/globals';
import { committedPointers } from '#libs/exchange';
import { ADAPTERS_AWAY, by, CITY, COMMUNE, DISTRICT, giaLam } from '../../testing/gia-lam.ts';
import { RehomedDesk } from './when-dossier-rehomed-then-ask-for-openings.ts';

const gialam = giaLam({ ...ADAPTERS_AWAY, ownWall: true });
const { acts, exchange, mainAt, suspend } = gialam;

describe('a dossier rehomed by a superior that has no openings', () => {
  it('is complete at its new custodian after it has asked who holds them', async () => {
    await acts(['file-dossier', by(COMMUNE)], ['start-processing', by(COMMUNE)]);
    await exchange();
    await suspend(COMMUNE);
    await acts(['rehome', by(CITY, { to: DISTRICT, reason: 'suspension' })]);
    await exchange();
    const { services } = gialam.district;
    const desk = new RehomedDesk(services);
    expect(await desk.catchUp()).toBe(1);
    gialam.wall.advance(11_000);
    expect(await desk.catchUp()).toBe(1);
    await exchange();
    expect(await desk.catchUp()).toBe(0);
    const events = await mainAt(gialam.district);
    const held = await services.vault.findPointers(events.map(({ hash }) => hash));
    for (const event of events) expect(held.get(event.hash) ?? []).toHaveLength(committedPointers(event).length);
  });
});
