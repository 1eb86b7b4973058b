import { describe, expect, it } from '@jest/globals';
import { committedPointers } from '#libs/exchange';
import { ADAPTERS_AWAY, by, CITY, COMMUNE, DISTRICT, giaLam } from '../../testing/gia-lam.ts';
import type { TestNode } from '../../testing/test-node.ts';
import { CustodyDesk } from './when-custody-comes-unasked-then-ask-for-openings.ts';

/** Nobody accepts but by hand. */
const nodes = ADAPTERS_AWAY.nodes.map((one) => ({ ...one, autoAccept: [] }));
const gialam = giaLam({ ...ADAPTERS_AWAY, nodes, ownWall: true });
const { acts, exchange, forwardedToDistrict, headAt, lose, mainAt, suspend } = gialam;

/** Of the events of the main branch, those with a personal field that this node cannot open. */
async function shutAt(node: TestNode): Promise<readonly string[]> {
  const events = await mainAt(node);
  const held = await node.services.vault.findPointers(events.map(({ hash }) => hash));
  return events
    .filter((event) => (held.get(event.hash) ?? []).length < committedPointers(event).length)
    .map(({ message }) => message.type);
}

describe('a dossier rehomed by a superior that has no openings', () => {
  it('is complete at its new custodian after it has asked who holds them', async () => {
    await acts(['file-dossier', by(COMMUNE)], ['start-processing', by(COMMUNE)]);
    await exchange();
    await suspend(COMMUNE);
    await acts(['rehome', by(CITY, { to: DISTRICT, reason: 'suspension' })]);
    await exchange();
    const desk = new CustodyDesk(gialam.district.services);
    expect(await desk.catchUp()).toBe(1);
    gialam.wall.advance(11_000);
    expect(await desk.catchUp()).toBe(1);
    await exchange();
    expect(await desk.catchUp()).toBe(0);
    expect(await shutAt(gialam.district)).toEqual([]);
  });
});

describe('a dossier declined, whose reasons got lost on the way', () => {
  it('is complete where the right has returned, before it is forwarded again', async () => {
    const desk = new CustodyDesk(gialam.commune.services);
    await forwardedToDistrict();
    lose('exchange.openings.');
    await acts(['decline-custody', by(DISTRICT)]);
    await exchange();
    gialam.world.broker.disturb();
    expect((await headAt(gialam.commune))?.hand).toEqual({ kind: 'held', custodian: COMMUNE });
    expect(await shutAt(gialam.commune)).toEqual(['vn.lienthong.dossier.custody-declined.v1']);
    expect(await desk.catchUp()).toBe(1);
    gialam.wall.advance(11_000);
    expect(await desk.catchUp()).toBe(1);
    await exchange();
    expect(await desk.catchUp()).toBe(0);
    expect(await shutAt(gialam.commune)).toEqual([]);
  });
});
