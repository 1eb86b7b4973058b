import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ReadModels } from '#libs/read-models';
import { ACCEPTING, by, CITY, DISTRICT, giaLam } from '../../testing/gia-lam.ts';
import { laterThan, namesAt } from '../../testing/test-acts.ts';
import { readModelsOf } from '../../testing/read-models-database.ts';
import { markOverdueOpinions } from './when-opinion-deadline-passes-then-overdue.ts';

const HOUR_MS = 3_600_000;
const gialam = giaLam({ nodes: ACCEPTING });
const { acts, exchange, forwardedToDistrict } = gialam;
let models: ReadModels;
beforeAll(async () => {
  models = await readModelsOf(gialam.district);
}, 60_000);
afterAll(() => models.close());

describe('an opinion that nobody gives in time', () => {
  it('is marked overdue once by the custodian, and can still be given', async () => {
    const { subject } = gialam;
    await forwardedToDistrict();
    const ask = (request: string, hours: number) =>
      by(DISTRICT, { request, agency: CITY, fields: [], dueAt: laterThan(gialam.world.clock.now(), hours * HOUR_MS) });
    await acts(
      ['request-opinion', ask('o1', 1)],
      ['request-opinion', ask('o2', 2)],
      ['request-opinion', ask('o3', 40)],
    );
    const mark = async () => {
      while ((await models.fold.foldNext()) > 0);
      return markOverdueOpinions(gialam.district.services, models.dossiers, gialam.district.agencies);
    };
    expect(await mark()).toBe(0);
    gialam.world.clock.advance(3 * HOUR_MS);
    const another = await gialam.district.anotherProcess();
    const both = await Promise.all([mark(), markOverdueOpinions(another, models.dossiers, gialam.district.agencies)]);
    expect(both.reduce((sum, count) => sum + count, 0)).toBe(2);
    expect(await mark()).toBe(0);
    expect((await namesAt(gialam.district, subject)).filter((name) => name === 'opinion-overdue')).toHaveLength(2);
    await exchange();
    expect(await namesAt(gialam.city, subject)).toEqual(await namesAt(gialam.district, subject));
  });
});
