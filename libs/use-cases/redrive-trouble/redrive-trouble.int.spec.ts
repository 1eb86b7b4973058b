/** Redrives of what is not in quarantine (design 6): each kind is tried again, counted when it fails again, and on record. */
import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from '@jest/globals';
import { openTroubleStore } from '#libs/event-store-postgres';
import { evolve } from '#libs/dossier';
import type { AgencyCode, Uuid } from '#libs/kernel';
import { openReadModels } from '#libs/read-models';
import {
  getRedrive,
  openStored,
  RedriveRunner,
  startRedrive,
  StopSwitches,
  sumRedrive,
  switchLoop,
  type RedriveSeen,
  type RedriveSelection,
  type RunnerGround,
  type TroubleStore,
} from '#libs/use-cases';
import { readModelsOf } from '../../testing/read-models-database.ts';
import { ADAPTERS_AWAY, by, COMMUNE, DISTRICT, giaLam } from '../../testing/gia-lam.ts';
import { exchangeAll } from '../../testing/exchange-all.ts';
import type { TestNode } from '../../testing/test-node.ts';

const gialam = giaLam({ ...ADAPTERS_AWAY, absent: [] });
const { acts, exchange, headAt, lose, send } = gialam;

const stores = new Map<TestNode, TroubleStore>();
const storeOf = (node: TestNode): TroubleStore => {
  const store = stores.get(node) ?? openTroubleStore({ url: node.ledgerDatabase.appUrl });
  stores.set(node, store);
  return store;
};
/** Whatever there is now, however short a time. */
const EVER = { before: '2100-01-01T00:00:00.000Z' } as RedriveSelection;
const does = (agency: string, reason = 'other') => ({
  agency: agency as AgencyCode,
  by: 'operator-1',
  correlationId: randomUUID() as Uuid,
  reason,
});

/** Started, and worked on to its end. */
async function redriven(
  node: TestNode,
  selection: RedriveSelection,
  { parked, batch = 10 }: { readonly parked?: RunnerGround['parked']; readonly batch?: number } = {},
): Promise<RedriveSeen> {
  const store = storeOf(node);
  const stops = new StopSwitches(store);
  await stops.refresh();
  const runner = new RedriveRunner(node.services, store, { stops, owner: 'test-1', parked });
  const wanted = { job: randomUUID() as Uuid, selection: { ...EVER, ...selection }, batch, perMinute: 60_000 };
  const ground = { store, dossiers: parked?.dossiers };
  await startRedrive(node.services, ground, wanted, does(node.agencies[0] as string));
  for (let turn = 0; turn < 50; turn++) {
    await runner.turn();
    const seen = await getRedrive(store, wanted.job);
    if (seen.state === 'finished') return seen;
  }
  throw new Error('the redrive has no end');
}
const lineageOf = async ({ services }: TestNode, job: RedriveSeen) =>
  (await services.store.findCaused(job.started)).map((one) => openStored(one).message.data);

describe('a redrive', () => {
  afterAll(async () => {
    for (const store of stores.values()) await store.close();
  });

  it('of deliveries without a receipt sends them again on their numbers, to the peer that is named', async () => {
    await exchange();
    const { commune, district } = gialam;
    lose('dossier.');
    await acts(['file-dossier', by(COMMUNE)], ['start-processing', by(COMMUNE)]);
    await exchangeAll([commune]);
    await exchange();
    gialam.world.broker.disturb();
    const selection: RedriveSelection = { kind: 'undeliverable', peer: district.node, subject: gialam.subject };
    expect(await sumRedrive({ store: storeOf(commune) }, { ...EVER, ...selection })).toMatchObject({ messages: 2 });
    const job = await redriven(commune, selection, { batch: 1 });
    expect(job.progress).toMatchObject({ sent: 2, failed: 0 });
    expect(await lineageOf(commune, job)).toMatchObject([
      { kind: 'undeliverable', items: [{ item: 1, became: 'sent', peer: district.node, stream: gialam.subject }] },
      { kind: 'undeliverable', items: [{ item: 2, became: 'sent' }] },
    ]);
    expect(await headAt(district)).toBeUndefined();
    await exchange();
    expect((await headAt(district))?.streamseq).toBe(2);
  });

  it('of deliveries that an operator has stopped counts them as failed again, and sends nothing', async () => {
    const { commune, district } = gialam;
    const store = storeOf(commune);
    const stops = new StopSwitches(store);
    lose('dossier.');
    await acts(['file-dossier', by(COMMUNE)]);
    await exchange();
    gialam.world.broker.disturb();
    const name = { loop: 'deliveries', peer: district.node } as const;
    await switchLoop(commune.services, { store, stops }, { name, stopped: true }, does(COMMUNE, 'peer-asks'));
    const job = await redriven(commune, { kind: 'undeliverable', peer: district.node, subject: gialam.subject });
    expect(job.progress).toMatchObject({ sent: 0, failed: 1, failedAsBefore: 0 });
    expect(await storeOf(commune).listTries(job.job, { after: 0, limit: 9 })).toMatchObject([
      { number: 1, became: 'failed', code: 'LOOP_STOPPED', item: { was: 'UNCONFIRMED', subject: gialam.subject } },
    ]);
    expect(await lineageOf(commune, job)).toEqual([]);
    await switchLoop(commune.services, { store, stops }, { name, stopped: false }, does(COMMUNE, 'cause-removed'));
  });

  it('of commands in limbo asks again, and the outcome that was lost comes', async () => {
    const { district } = gialam;
    await acts(['file-dossier', by(COMMUNE)]);
    await exchange();
    lose('outcome.');
    const sent = await send(DISTRICT, 'rate-satisfaction');
    await exchange();
    expect(await sent.outcome()).toMatchObject({ status: 'pending' });
    gialam.world.broker.disturb();
    const job = await redriven(district, { kind: 'limbo', subject: gialam.subject });
    expect(job.progress).toMatchObject({ asked: 1, failed: 0 });
    expect(await lineageOf(district, job)).toMatchObject([{ items: [{ message: sent.hash, became: 'asked' }] }]);
    await exchange();
    expect((await sent.outcome()).status).not.toBe('pending');
  });

  it('of held events asks whoever may hold what they wait for', async () => {
    const { district } = gialam;
    lose('dossier.received');
    await acts(['file-dossier', by(COMMUNE)], ['start-processing', by(COMMUNE)]);
    await exchange();
    expect(await district.services.store.findHead(gialam.subject)).toBeUndefined();
    gialam.world.broker.disturb();
    const job = await redriven(district, { kind: 'held', code: 'GAP', subject: gialam.subject });
    expect(job.progress).toMatchObject({ asked: 1 });
    await exchange();
    expect((await headAt(district))?.streamseq).toBe(2);
  });

  it('of parked dossiers folds them anew; one whose fold still fails is counted as failed as before', async () => {
    const { commune } = gialam;
    await acts(['file-dossier', by(COMMUNE)], ['start-processing', by(COMMUNE)]);
    await (await readModelsOf(commune)).close();
    let broken = true;
    const lists = await openReadModels({
      url: commune.ledgerDatabase.appUrl,
      store: commune.services.store,
      contracts: commune.services.contracts,
      evolve: (state, event) => {
        if (broken && event.type === 'processing-started') throw new RangeError('a fault of the program');
        return evolve(state, event);
      },
    });
    try {
      while ((await lists.fold.foldNext()) > 0);
      expect(await lists.dossiers.find(gialam.subject)).toMatchObject({ parked: 'FOLD_FAILED', unapplied: 1 });
      const parked = {
        dossiers: lists.dossiers,
        refold: (subjects: Parameters<typeof lists.fold.refold>[0]) => lists.fold.refold(subjects),
      };
      const selection: RedriveSelection = { kind: 'parked', code: 'FOLD_FAILED', subject: gialam.subject };
      expect((await redriven(commune, selection, { parked })).progress).toMatchObject({ failed: 1, failedAsBefore: 1 });
      broken = false;
      const job = await redriven(commune, selection, { parked });
      expect(job.progress).toMatchObject({ applied: 1, failed: 0 });
      expect(await lineageOf(commune, job)).toMatchObject([
        { kind: 'parked', items: [{ stream: gialam.subject, became: 'applied' }] },
      ]);
      expect(await lists.dossiers.find(gialam.subject)).not.toHaveProperty('parked');
    } finally {
      await lists.close();
    }
  });
});
