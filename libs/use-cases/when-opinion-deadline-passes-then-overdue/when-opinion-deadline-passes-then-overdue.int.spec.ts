import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ReadModels } from '#libs/read-models';
import { exchangeAll } from '../../testing/exchange-all.ts';
import { acts, laterThan, namesAt, newDossier, nodeAt, type ActWanted } from '../../testing/test-acts.ts';
import { GIALAM, openTestWorld, type TestNode, type TestWorld } from '../../testing/test-node.ts';
import { readModelsOf } from '../../testing/read-models-database.ts';
import { markOverdueOpinions } from './when-opinion-deadline-passes-then-overdue.ts';

jest.setTimeout(60_000);

const HOUR_MS = 3_600_000;
const by = (data: object = {}): ActWanted => ({ agency: 'H26.129', data: { ...data } });
let world: TestWorld;
let district: TestNode;
let models: ReadModels;
beforeAll(async () => {
  world = await openTestWorld({ nodes: GIALAM.map((one) => ({ ...one, autoAccept: 'all' as const })) });
  district = nodeAt(world, 'H26.129');
  models = await readModelsOf(district);
}, 60_000);
afterAll(async () => {
  await models.close();
  await world.close();
});

describe('an opinion that nobody gives in time', () => {
  it('is marked overdue once by the custodian, and can still be given', async () => {
    const subject = newDossier();
    const leg = {
      to: 'H26.129',
      reason: 'route',
      step: 'appraise',
      legDueAt: laterThan(world.clock.now(), 48 * HOUR_MS),
    };
    await acts(world, subject, ['file-dossier'], ['forward', { data: leg }]);
    await exchangeAll(world.nodes);
    const ask = (request: string, hours: number) =>
      by({ request, agency: 'H26', fields: [], dueAt: laterThan(world.clock.now(), hours * HOUR_MS) });
    await acts(
      world,
      subject,
      ['request-opinion', ask('o1', 1)],
      ['request-opinion', ask('o2', 2)],
      ['request-opinion', ask('o3', 40)],
    );
    const mark = async () => {
      while ((await models.fold.foldNext()) > 0);
      return markOverdueOpinions(district.services, models.dossiers, district.agencies);
    };
    expect(await mark()).toBe(0);
    world.clock.advance(3 * HOUR_MS);
    const another = await district.anotherProcess();
    const both = await Promise.all([mark(), markOverdueOpinions(another, models.dossiers, district.agencies)]);
    expect(both.reduce((sum, count) => sum + count, 0)).toBe(2);
    expect(await mark()).toBe(0);
    expect((await namesAt(district, subject)).filter((name) => name === 'opinion-overdue')).toHaveLength(2);
    await exchangeAll(world.nodes);
    expect(await namesAt(nodeAt(world, 'H26'), subject)).toEqual(await namesAt(district, subject));
  });
});
