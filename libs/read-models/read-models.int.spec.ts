import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { evolve } from '#libs/dossier';
import type { Subject } from '#libs/kernel';
import { DossierLog } from '../testing/dossier-log.ts';
import { eventually } from '../testing/eventually.ts';
import { createReadModelsDatabase } from '../testing/read-models-database.ts';
import type { TemporaryDatabase } from '../testing/temporary-database.ts';
import { openReadModels, type ReadModels, type ReadModelsOptions } from './index.ts';

const COMMUNES = ['H26.129.05', 'H26.129.06', 'H26.129.07'];
const DISTRICT = 'H26.129';
const contracts = { isKnown: (_: string, name: string) => !name.startsWith('new-'), fits: () => true };

/** Rebuilds make and drop tables, each flushed to disk. */
jest.setTimeout(60_000);

let database: TemporaryDatabase;
beforeAll(async () => {
  database = await createReadModelsDatabase();
});
afterAll(() => database.drop());

/** Works on the read models of a log, rebuilt from its start, as one process has them. */
async function withModels<T>(
  log: DossierLog,
  work: (models: ReadModels) => Promise<T>,
  options: Partial<ReadModelsOptions> = {},
): Promise<T> {
  const models = await openReadModels({ url: database.appUrl, store: log, contracts, ...options });
  try {
    await models.fold.rebuild();
    return await work(models);
  } finally {
    await models.close();
  }
}
async function level(models: ReadModels, limit?: number): Promise<void> {
  while ((await models.fold.foldNext(limit)) > 0);
}
async function query<R extends object>(sql: string, url = database.ownerUrl): Promise<readonly R[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<R>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Dossiers of three communes, some passed on, some ended; every third word of the log is about another one. */
function busyLog(dossiers: number): { log: DossierLog; subjects: Subject[] } {
  const log = new DossierLog();
  const subjects: Subject[] = [];
  for (let n = 0; n < dossiers; n += 1) {
    const by = COMMUNES[n % COMMUNES.length] as string;
    const dossierCode = `${by}-230614-${String(n + 1).padStart(4, '0')}`;
    const dueAt = new Date(Date.parse('2023-06-15T10:00:00.000Z') + (n % 5) * 3_600_000).toISOString();
    const subject = log.begin('received', { by, data: { receivingAgency: by, dossierCode, dueAt } });
    subjects.push(subject);
    const earlier = subjects[n - 3];
    if (earlier) advance(log, earlier, n - 3);
  }
  return { log, subjects };
}
function advance(log: DossierLog, subject: Subject, n: number): void {
  const by = COMMUNES[n % COMMUNES.length] as string;
  if (n % 4 === 0) log.log(subject, 'forwarded', { by, data: { to: DISTRICT, reason: 'route' } });
  if (n % 8 === 0) log.log(subject, 'custody-accepted', { by: DISTRICT });
  if (n % 8 === 0 && n % 16 === 0) log.log(subject, 'resolved', { by: DISTRICT });
  if (n % 4 === 1) log.log(subject, 'resolved', { by });
}

describe('folding', () => {
  it('gives the same rows in batches of any size, by any number of processes, again and again', async () => {
    const { log } = busyLog(60);
    const fingerprints = await withModels(log, async (models) => {
      const found = [await models.fold.fingerprint()];
      await models.fold.rebuild();
      found.push(await models.fold.fingerprint());
      return found;
    });
    for (const limit of [3, 17, 50]) {
      const growing = new DossierLog();
      fingerprints.push(
        await withModels(growing, async (models) => {
          growing.messages.push(...log.messages);
          Object.assign(growing, { readStream: (subject: Subject) => log.readStream(subject) });
          await Promise.all([level(models, limit), level(models, limit), level(models, limit)]);
          await level(models, limit);
          return models.fold.fingerprint();
        }),
      );
    }
    expect(new Set(fingerprints).size).toBe(1);
  });

  it('moves the position with the rows', async () => {
    const { log } = busyLog(10);
    await withModels(log, async (models) => {
      const at = await models.fold.position();
      expect(at).toBe(log.messages.length - 1);
      log.begin();
      expect(await models.fold.foldNext()).toBe(1);
      expect(await models.fold.foldNext()).toBe(0);
      expect(await models.fold.position()).toBe(at + 1);
    });
  });

  it('loses and doubles nothing when its connections are cut again and again', async () => {
    const { log } = busyLog(150);
    await withModels(new DossierLog(), async (models) => {
      const following = await openReadModels({ url: database.appUrl, store: log, contracts });
      for (
        let position = -1;
        position < log.messages.length - 1;
        position = await models.fold.position().catch(() => -1)
      ) {
        const folding = following.fold
          .foldNext(40)
          .catch((error: unknown) => expect(error).toMatchObject({ code: 'READ_MODEL_UNAVAILABLE' }));
        await query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${database.name}' AND application_name = 'lienthong read models' AND random() < 0.5`,
          database.adminUrl,
        );
        await folding;
      }
      const folded = await following.fold.fingerprint();
      await following.fold.rebuild();
      expect(await following.fold.fingerprint()).toBe(folded);
      await following.close();
    });
  });

  it('follows the log until it is told to stop', async () => {
    const { log } = busyLog(20);
    await withModels(log, async (models) => {
      const stop = new AbortController();
      const following = models.follow(stop.signal);
      const subject = log.begin();
      await eventually(async () =>
        expect(await models.dossiers.find(subject)).toMatchObject({ situation: 'Received' }),
      );
      stop.abort();
      await following;
    });
  });
});

describe('rebuilding', () => {
  it('repairs what was changed, beside the rows that are asked meanwhile', async () => {
    const { log, subjects } = busyLog(200);
    await withModels(log, async (models) => {
      const before = await models.fold.fingerprint();
      const [live] = await query<{ generation: number }>('SELECT generation FROM read.live');
      await query(`UPDATE read.dossier_list_${live?.generation} SET due_at = NULL, situation = 'Stopped'`);
      expect(await models.fold.fingerprint()).not.toBe(before);
      let asked = 0;
      let rebuilt = false;
      const asking = (async () => {
        while (!rebuilt) {
          expect(await models.dossiers.find(subjects[asked % subjects.length] as Subject)).toBeDefined();
          asked += 1;
        }
      })();
      const steps: number[] = [];
      await models.fold.rebuild((logIndex) => steps.push(logIndex));
      rebuilt = true;
      await asking;
      expect(asked).toBeGreaterThan(0);
      expect(steps.at(-1)).toBe(log.messages.length - 1);
      expect(await models.fold.fingerprint()).toBe(before);
      expect(
        await query(`SELECT FROM pg_tables WHERE schemaname = 'read' AND tablename LIKE 'dossier_list_%'`),
      ).toHaveLength(1);
    });
  });

  it('ends level while others append and fold', async () => {
    const { log } = busyLog(60);
    await withModels(log, async (models) => {
      const other = await openReadModels({ url: database.appUrl, store: log, contracts });
      let rebuilding = true;
      const appending = (async () => {
        for (let n = 0; rebuilding || n < 20; n += 1) {
          log.begin();
          await other.fold.foldNext();
        }
      })();
      await models.fold.rebuild();
      rebuilding = false;
      await appending;
      await level(other);
      const folded = await other.fold.fingerprint();
      await models.fold.rebuild();
      expect(await other.fold.fingerprint()).toBe(folded);
      await other.close();
    });
  });
});

describe('one bad event', () => {
  it('on which the fold throws parks its dossier alone', async () => {
    const { log } = busyLog(12);
    const poisoned = log.begin('received', { data: { dossierCode: 'H26.129.05-230614-6666' } });
    log.log(poisoned, 'processing-started');
    const healthy = log.begin();
    const throwing: typeof evolve = (state, event) => {
      if (event.type === 'processing-started') throw new RangeError('too deep');
      return evolve(state, event);
    };
    await withModels(
      log,
      async ({ dossiers, fold }) => {
        expect(await fold.position()).toBe(log.messages.length - 1);
        expect(await dossiers.find(poisoned)).toMatchObject({
          parked: 'FOLD_FAILED',
          situation: 'Received',
          unapplied: 1,
        });
        expect(await dossiers.find(healthy)).toMatchObject({ situation: 'Received', unapplied: 0 });
        expect((await dossiers.list({ parked: true })).dossiers).toHaveLength(1);
      },
      { evolve: throwing },
    );
  });

  it('whose row the database refuses parks its dossier alone', async () => {
    const { log } = busyLog(40);
    const poisoned = log.begin();
    log.log(poisoned, 'corrected', { data: { place: { territory: 'nul\u0000', area: 'x' } } });
    log.log(poisoned, 'processing-started');
    const first = log.begin('received', { data: { procedure: { code: 'nul\u0000', version: 1, case: 'standard' } } });
    const healthy = log.begin();
    const errors: unknown[] = [];
    await withModels(
      log,
      async ({ dossiers, fold }) => {
        expect(await fold.position()).toBe(log.messages.length - 1);
        expect(await dossiers.find(poisoned)).toMatchObject({
          parked: 'FOLD_FAILED',
          situation: 'Received',
          unapplied: 2,
          headPlace: 1,
        });
        expect(await dossiers.find(first)).toMatchObject({
          parked: 'FOLD_FAILED',
          situation: 'NotFiled',
          unapplied: 1,
        });
        expect(await dossiers.find(healthy)).toMatchObject({ situation: 'Received' });
        expect((await dossiers.list({ parked: 'FOLD_FAILED' })).dossiers).toHaveLength(2);
      },
      { onError: (error) => errors.push(error) },
    );
    expect(errors).toHaveLength(2);
  });

  it('that cannot be read at all is reported and passed', async () => {
    const { log } = busyLog(4);
    const unreadable = log.begin();
    const at = log.messages.length - 1;
    log.messages[at] = { ...(log.messages[at] as (typeof log.messages)[0]), bytes: Buffer.from('{') };
    const healthy = log.begin();
    const errors: unknown[] = [];
    await withModels(
      log,
      async ({ dossiers }) => {
        expect(await dossiers.find(unreadable)).toBeUndefined();
        expect(await dossiers.find(healthy)).toBeDefined();
      },
      { onError: (error) => errors.push(error) },
    );
    expect(errors).toHaveLength(1);
  });

  it('lets its dossier go on after an upgrade, and only then', async () => {
    const { log } = busyLog(6);
    const subject = log.begin();
    log.log(subject, 'new-fact');
    log.log(subject, 'processing-started');
    await withModels(log, async (models) => {
      expect(await models.dossiers.find(subject)).toMatchObject({
        parked: 'NOT_UNDERSTOOD',
        headPlace: 1,
        unapplied: 2,
      });
      expect(await models.fold.resumeParked()).toBe(0);
      const upgraded = await openReadModels({
        url: database.appUrl,
        store: log,
        contracts: { isKnown: () => true, fits: () => true },
        evolve: (state, event) => ((event.type as string) === 'new-fact' ? state : evolve(state, event)),
      });
      expect(await upgraded.fold.resumeParked()).toBe(1);
      const found = await upgraded.dossiers.find(subject);
      expect(found).toMatchObject({ situation: 'InProcess', headPlace: 3, unapplied: 0 });
      expect(found).not.toHaveProperty('parked');
      const resumed = await upgraded.fold.fingerprint();
      await upgraded.fold.rebuild();
      expect(await upgraded.fold.fingerprint()).toBe(resumed);
      await upgraded.close();
    });
  });
});

describe('a dossier whose history switches', () => {
  it('is deleted and folded anew along the new main branch as of that entry, in every batch the same', async () => {
    const log = new DossierLog();
    const subject = log.begin();
    const received = (await log.readStream(subject))[0];
    const before = { hash: received?.hash, message: { streamseq: '0000000001' } } as never;
    log.log(subject, 'forwarded', { data: { to: DISTRICT, reason: 'route' } });
    log.log(subject, 'custody-accepted', { by: DISTRICT });
    const aside = log.log(subject, 'processing-started', { after: before, effect: 'aside' });
    await withModels(log, async (models) => {
      expect(await models.dossiers.find(subject)).toMatchObject({ custodian: DISTRICT, branched: true, headPlace: 3 });
      expect(await models.dossiers.agencyTotals()).toMatchObject([
        { agency: DISTRICT, waiting: 1 },
        { agency: 'H26.129.05', forwarded: 1 },
      ]);
      log.log(subject, 'rehomed', {
        by: 'H26',
        data: { to: 'H26', directoryVersion: '2023-06-01T00:00:00.000Z' },
        after: aside,
        effect: 'switches',
      });
      await level(models);
      expect(await models.dossiers.find(subject)).toMatchObject({
        custodian: 'H26',
        custodians: ['H26.129.05', 'H26'],
        headPlace: 3,
      });
      expect(await models.dossiers.agencyTotals()).toMatchObject([
        { agency: 'H26', waiting: 1, takenOver: 1 },
        { agency: 'H26.129.05', forwarded: 0, received: 1 },
      ]);
      const folded = await models.fold.fingerprint();
      await models.fold.rebuild();
      expect(await models.fold.fingerprint()).toBe(folded);
    });
  });
});

describe('what stands in the schema', () => {
  it('is nothing personal, were it even in the events', async () => {
    const log = new DossierLog();
    const planted = `PLANTED ${randomUUID()}`;
    const data = {
      applicant: { fullName: planted, personalId: '999185000001' },
      summary: planted,
      actor: { unit: 'u', position: 'p', name: planted },
    };
    const subject = log.begin('received', { data });
    log.log(subject, 'processing-started', { data });
    await withModels(log, async () => {
      const tables = await query<{ name: string }>(
        `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'read'`,
      );
      expect(tables.length).toBeGreaterThan(4);
      for (const { name } of tables) {
        const rows = await query<{ text: string }>(`SELECT t::text AS text FROM read.${name} t`);
        const text = rows.map((row) => row.text).join('\n');
        expect(text).not.toContain('PLANTED');
        expect(text).not.toContain('999185000001');
      }
    });
  });

  it.each([
    ['make tables', 'CREATE TABLE read.x ()'],
    ['drop what is live', 'SELECT read.drop_generation(generation) FROM read.live'],
    ['call a generation another version’s', 'UPDATE read.generation SET schema_version = 9'],
    ['forget a migration', 'DELETE FROM read.migrations'],
  ])('the application cannot %s', async (_, sql) => {
    await withModels(new DossierLog(), async () => {
      await expect(query(sql, database.appUrl)).rejects.toMatchObject({
        code: expect.stringMatching(/^(42501|P0001)$/),
      });
    });
  });
});
