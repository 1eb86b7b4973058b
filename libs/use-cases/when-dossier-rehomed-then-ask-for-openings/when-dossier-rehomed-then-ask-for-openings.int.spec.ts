import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { committedPointers } from '#libs/exchange';
import { systemClock } from '#libs/key-custody';
import type { JsonObject } from '#libs/kernel';
import { exchangeAll } from '../../testing/exchange-all.ts';
import { acts, newDossier, nodeAt } from '../../testing/test-acts.ts';
import { TestClock } from '../../testing/test-clock.ts';
import { GIALAM, openTestWorld, type TestWorld } from '../../testing/test-node.ts';
import { openStored } from '../stored-messages.ts';
import { RehomedDesk } from './when-dossier-rehomed-then-ask-for-openings.ts';

jest.setTimeout(60_000);

const COMMUNE = 'H26.129.05';
const wall = new TestClock(systemClock.now());
let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld({
    wall,
    nodes: GIALAM.map((one) => ({ ...one, ...(one.node === 'hanoi-city' ? { agencies: ['H26'] } : {}) })),
    absent: [{ node: 'city-adapters', agencies: ['H26.901', 'H26.902', 'H26.903'] }],
  });
}, 60_000);
afterAll(() => world.close());

describe('a dossier rehomed by a superior that has no openings', () => {
  it('is complete at its new custodian after it has asked who holds them', async () => {
    const subject = newDossier();
    await acts(world, subject, ['file-dossier', { agency: COMMUNE }], ['start-processing', { agency: COMMUNE }]);
    await exchangeAll(world.nodes);
    const stated = world.registrar.last(COMMUNE);
    const suspension = {
      from: '2023-06-01',
      streams: [subject],
      rehomer: 'H26',
      legalBasis: 'QĐ 1/2023',
    } as JsonObject;
    await world.publish(world.registrar.state('agency', { ...stated, suspensions: [suspension] }));
    await acts(world, subject, ['rehome', { agency: 'H26', data: { to: 'H26.129', reason: 'suspension' } }]);
    await exchangeAll(world.nodes);
    const { services } = nodeAt(world, 'H26.129');
    const desk = new RehomedDesk(services);
    expect(await desk.catchUp()).toBe(1);
    wall.advance(11_000);
    expect(await desk.catchUp()).toBe(1);
    await exchangeAll(world.nodes);
    expect(await desk.catchUp()).toBe(0);
    const events = (await services.store.readStream(subject, 'main')).map(openStored);
    const held = await services.vault.findPointers(events.map(({ hash }) => hash));
    for (const event of events) expect(held.get(event.hash) ?? []).toHaveLength(committedPointers(event).length);
  });
});
