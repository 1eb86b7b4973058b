/** Loops of a real process end by SIGKILL at a named point (G1, G3), and another process goes on with their work. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { openTroubleStore } from '#libs/event-store-postgres';
import type { Subject, Uuid } from '#libs/kernel';
import {
  CHECKPOINTS_TOPIC,
  CheckpointSigner,
  getRedrive,
  RedriveRunner,
  startRedrive,
  StopSwitches,
  type Act,
} from '#libs/use-cases';
import { eventually } from '../../../libs/testing/eventually.ts';
import { at, COMMUNE, openKillWorld, type KillWorld } from '../../../libs/testing/mortal/kill-world.ts';
import { mortalOf, startMortal } from '../../../libs/testing/mortal/start-mortal.ts';
import { readModelsOf } from '../../../libs/testing/read-models-database.ts';
import { arrive, Stranger } from '../../../libs/testing/strangers.ts';
import { acts, newDossier } from '../../../libs/testing/test-acts.ts';
import type { TestNode, TestWorld } from '../../../libs/testing/test-node.ts';

jest.setTimeout(60_000);

let all: KillWorld;
let world: TestWorld;
let communes: TestNode;

beforeAll(async () => {
  all = await openKillWorld();
  ({ world, communes } = all);
});
afterEach(async () => expect(await all.findWrong()).toEqual([]));
afterAll(() => all.close());

describe('killed', () => {
  it.each([
    ['before the try is noted', at('trouble', 'noteTries', 'before')],
    ['between try and record', at('store', 'record', 'before')],
    ['between record and lease', at('trouble', 'settleLease', 'before')],
  ])('%s, a job of redrive goes on and each message moves once', async (_, death) => {
    const { services } = communes;
    const store = openTroubleStore({ url: communes.ledgerDatabase.appUrl });
    const stranger = new Stranger(`k-${randomUUID().slice(0, 8)}`);
    const messages = [stranger.files(), stranger.files(), stranger.files()];
    await arrive(communes, ...messages);
    await stranger.becomesKnown(communes);
    const job = randomUUID() as Uuid;
    await startRedrive(
      services,
      { store },
      { job, selection: { code: 'KEY_UNKNOWN' }, batch: 2, perMinute: 60_000 },
      {
        agency: COMMUNE as Act['agency'],
        by: 'operator-1',
        correlationId: randomUUID() as Uuid,
        reason: 'judged-again',
      },
    );
    await all.dies(communes, death, { does: 'redrive' });
    await all.admin.query('update lt.redrive_job set lease_until = now() where job = $1', [job]);
    const runner = new RedriveRunner(services, store, { stops: new StopSwitches(store), owner: 'spec' });
    const seen = await eventually(async () => {
      await runner.turn();
      const found = await getRedrive(store, job);
      expect(found.state).toBe('finished');
      return found;
    });
    expect(seen.progress).toMatchObject({ recorded: 3, failed: 0 });
    for (const { message } of messages)
      expect(await services.store.readStream(message.subject as Subject, 'all')).toHaveLength(1);
    await store.close();
  });

  it('between a checkpoint and its publication, it is published by the next process', async () => {
    await acts(world, newDossier(), ['file-dossier']);
    const { store } = communes.services;
    await all.dies(communes, at('store', 'saveCheckpoint', 'after'), { does: 'checkpoint' });
    const signed = await store.findCheckpoint();
    expect(signed?.size).toBe((await store.logSize()).size);
    const signer = new CheckpointSigner(communes.services);
    expect(await signer.signOnce()).toBeUndefined();
    const published = (): readonly string[] =>
      world.broker.records(CHECKPOINTS_TOPIC).map(({ value }) => Buffer.from(value).toString('utf8'));
    expect(published()).toEqual([signed?.note]);
    expect(await signer.signOnce()).toBeUndefined();
    expect(published()).toHaveLength(1);
  });

  it('in the midst of a fold, between position and rows, the rows are those of every other fold', async () => {
    const subject = newDossier();
    const lists = await readModelsOf(communes);
    while ((await lists.fold.foldNext()) > 0);
    await acts(world, subject, ['file-dossier'], ['start-processing']);
    const before = await lists.fold.position();
    // The fold has moved its position and waits to write its rows.
    const holder = new pg.Client(communes.ledgerDatabase.adminUrl);
    await holder.connect();
    await holder.query('begin');
    await holder.query('lock table read.dossier_list_1 in share mode');
    const folding = startMortal({ node: mortalOf(communes), now: world.clock.now(), does: 'fold' });
    await eventually(() => waitsFor('DELETE FROM read.dossier_list_1%'));
    expect((await folding.kill()).signal).toBe('SIGKILL');
    await holder.end();
    await eventually(async () => expect(await heldBy('lienthong read models')).toBe(0));
    expect(await lists.fold.position()).toBe(before);
    while ((await lists.fold.foldNext()) > 0);
    const once = await lists.fold.fingerprint();
    await lists.fold.rebuild();
    expect(await lists.fold.fingerprint()).toBe(once);
    await lists.close();
  });
});

async function waitsFor(query: string): Promise<void> {
  const { rows } = await all.admin.query(
    `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query ilike $1`,
    [query],
  );
  expect(rows).toHaveLength(1);
}
/** Transactions that sessions of this name have open. */
async function heldBy(application: string): Promise<number> {
  const { rowCount } = await all.admin.query(
    `select from pg_stat_activity where datname = current_database() and application_name = $1 and xact_start is not null`,
    [application],
  );
  return rowCount ?? 0;
}
