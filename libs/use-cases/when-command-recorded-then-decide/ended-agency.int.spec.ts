/** The first command for a dossier of an ended agency takes it to the agency that follows (design 4). */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Instant } from '#libs/kernel';
import { exchangeAll } from '../../testing/exchange-all.ts';
import { act, acts, historyAt, namesAt, newDossier, nodeAt, outcomeOf } from '../../testing/test-acts.ts';
import { GIALAM_COMMUNES, openTestWorld, type TestWorld } from '../../testing/test-node.ts';

jest.setTimeout(60_000);

const ENDED = 'H26.129.05';
const HEIR = 'H26.129.31';
let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld({
    nodes: [
      { node: 'gialam-communes', agencies: [...GIALAM_COMMUNES, HEIR] },
      { node: 'gialam-district', agencies: ['H26.129'] },
      { node: 'hanoi-city', agencies: ['H26', 'H26.901', 'H26.902', 'H26.903'] },
    ],
  });
}, 60_000);
afterAll(() => world.close());

describe('a closed dossier of an agency that has ended', () => {
  it('is left alone until a command comes: the rehomer writes `rehomed`, then the successor decides', async () => {
    const subject = newDossier(ENDED);
    await acts(world, subject, ['file-dossier', { agency: ENDED }], ['withdraw', { agency: ENDED }]);
    await exchangeAll(world.nodes);
    world.clock.set('2025-01-02T02:00:00.000Z' as Instant);
    await exchangeAll(world.nodes);
    expect(await namesAt(nodeAt(world, HEIR), subject)).toEqual(['received', 'withdrawn']);
    const acted = await act(world, 'rate-satisfaction', subject, { agency: HEIR });
    await exchangeAll(world.nodes);
    expect(await outcomeOf(world, HEIR, acted)).toMatchObject({
      status: 'accepted',
      events: [{ type: 'satisfaction-rated' }],
    });
    const history = await historyAt(nodeAt(world, HEIR), subject);
    expect(await namesAt(nodeAt(world, HEIR), subject)).toEqual([
      'received',
      'withdrawn',
      'rehomed',
      'satisfaction-rated',
    ]);
    for (const agency of ['H26.129', 'H26']) expect(await historyAt(nodeAt(world, agency), subject)).toEqual(history);
  });
});
