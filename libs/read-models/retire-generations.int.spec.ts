/** What programs of older versions have left goes, once nobody moves it; what somebody works on stays. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { DossierLog } from '../testing/dossier-log.ts';
import { createReadModelsDatabase } from '../testing/read-models-database.ts';
import type { TemporaryDatabase } from '../testing/temporary-database.ts';
import { openReadModels, type ReadModels } from './index.ts';

const LONG_MS = 86_400_000;

describe('generations of read models that are over', () => {
  jest.setTimeout(60_000);
  let database: TemporaryDatabase;
  let owner: pg.Client;
  let models: ReadModels;
  const log = new DossierLog();
  beforeAll(async () => {
    database = await createReadModelsDatabase();
    owner = new pg.Client(database.ownerUrl);
    await owner.connect();
    models = await openReadModels({
      url: database.appUrl,
      store: log,
      contracts: { isKnown: () => true, fits: () => true },
    });
    const data = { receivingAgency: 'H26.129.05', dossierCode: 'H26.129.05-230614-0001' };
    log.begin('received', { by: 'H26.129.05', data });
    while ((await models.fold.foldNext()) > 0);
  });
  afterAll(async () => {
    await models.close();
    await owner.end();
    await database.drop();
  });

  const made = async (version: number, isLive: boolean): Promise<number> => {
    const { rows } = await owner.query<{ n: number }>('SELECT read.create_generation($1) AS n', [version]);
    const n = rows[0]?.n ?? 0;
    if (isLive) await owner.query('INSERT INTO read.live VALUES ($1, $2)', [version, n]);
    return n;
  };
  const all = async (): Promise<readonly number[]> =>
    (await owner.query<{ generation: number }>('SELECT generation FROM read.generation ORDER BY 1')).rows.map(
      ({ generation }) => generation,
    );

  it('an older version’s live one and a rebuild given up go; the live one, a later version’s and what moves stay', async () => {
    const [own = 0] = await all();
    const old = await made(2, true);
    const givenUp = await made(3, false);
    const later = await made(9, true);
    const moving = await made(2, false);
    // Looked at for the first time now: nobody knows yet how long they have stood.
    expect(await models.retire(0)).toBe(0);
    expect(await models.retire(LONG_MS)).toBe(0);
    expect(await all()).toEqual([own, old, givenUp, later, moving]);
    await owner.query('UPDATE read.generation SET log_index = -2 WHERE generation = $1', [moving]);
    expect(await models.retire(0)).toBe(2);
    expect(await all()).toEqual([own, later, moving]);
    const { rows } = await owner.query('SELECT to_regclass($1) AS there', [`read.dossier_list_${old}`]);
    expect(rows).toEqual([{ there: null }]);
    expect((await models.dossiers.tallies()).foldedUpTo).toBe(0);
  });
});
