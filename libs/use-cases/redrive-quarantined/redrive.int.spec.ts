/** Redrive as a job (design 6): what moves, what stays, what is on record; killed, paused, two processes at once. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { openTroubleStore } from '#libs/event-store-postgres';
import type { Hash, Uuid } from '#libs/kernel';
import {
  getRedrive,
  openStored,
  RedriveRunner,
  startRedrive,
  steerRedrive,
  StopSwitches,
  sumRedrive,
  switchLoop,
  type NodeServices,
  type OperatorDoes,
  type TroubleStore,
} from '#libs/use-cases';
import { eventually } from '../../testing/eventually.ts';
import { arrive, forged, Stranger } from '../../testing/strangers.ts';
import { openTestNode, type TestNode } from '../../testing/test-node.ts';

const does = (more: Partial<OperatorDoes> = {}): OperatorDoes => ({
  agency: 'H26.129.05' as OperatorDoes['agency'],
  by: 'operator-1',
  correlationId: randomUUID() as Uuid,
  reason: 'judged-again',
  ...more,
});
const FAST = { batch: 2, perMinute: 60_000 };
const code = (value: string): unknown => expect.objectContaining({ code: value });

describe('a redrive', () => {
  jest.setTimeout(60_000);
  let node: TestNode;
  let services: NodeServices;
  let store: TroubleStore;
  let stops: StopSwitches;
  let owner: pg.Client;
  let runner: RedriveRunner;
  let labels = 0;
  beforeAll(async () => {
    node = await openTestNode();
    services = node.services;
    store = openTroubleStore({ url: node.ledgerDatabase.appUrl });
    stops = new StopSwitches(store);
    runner = new RedriveRunner(services, store, { stops, owner: 'test-1' });
    owner = new pg.Client(node.ledgerDatabase.ownerUrl);
    await owner.connect();
  });
  afterAll(async () => {
    await owner.end();
    await store.close();
    await node.close();
  });

  /** Somebody unknown, whose messages are in quarantine; they alone are selected by `before` nothing and their subject set. */
  async function quarantined(count: number) {
    const stranger = new Stranger(`r-${++labels}`);
    const messages = Array.from({ length: count }, () => stranger.files());
    const [last] = (await services.store.listQuarantine({ limit: 500 })).slice(-1);
    await arrive(node, ...messages);
    const rows = await services.store.listQuarantine({ limit: 500, after: last?.id ?? 0 });
    expect(rows).toHaveLength(count);
    return { stranger, messages, rows };
  }
  const start = (more: Partial<Parameters<typeof startRedrive>[2]> = {}) =>
    startRedrive(
      services,
      { store },
      { job: randomUUID() as Uuid, selection: { code: 'KEY_UNKNOWN' }, ...FAST, ...more },
      does(),
    );
  const ended = (job: Uuid, by = runner) =>
    eventually(async () => {
      await by.turn();
      const seen = await getRedrive(store, job);
      expect(seen.state).toBe('finished');
      return seen;
    });
  const tidy = () => owner.query('update lt.quarantine set released_at = now() where released_at is null');
  const countEvents = async (name: string): Promise<number> =>
    (await services.store.readLog(-1, 10_000)).filter((one) => openStored(one).message.type.includes(`.${name}.`))
      .length;

  it('is looked at first, and then does what was seen, batch by batch, with its lineage in the ledger', async () => {
    const { stranger, messages, rows } = await quarantined(5);
    const bytes = messages.reduce((sum, one) => sum + one.bytes.length, 0);
    const before = await services.store.logSize();
    expect(await sumRedrive({ store }, { code: 'KEY_UNKNOWN' })).toEqual({ messages: 5, bytes, upTo: rows.at(-1)?.id });
    expect(await sumRedrive({ store }, { code: 'KEY_UNKNOWN', stage: 'signature' })).toMatchObject({ messages: 0 });
    expect(await sumRedrive({ store }, { subject: messages[2]?.message.subject as string })).toMatchObject({
      messages: 1,
    });
    expect(await sumRedrive({ store }, { source: messages[0]?.message.source as string })).toMatchObject({
      messages: 5,
    });
    expect(await sumRedrive({ store }, { before: rows[0]?.quarantinedAt as never })).toMatchObject({ messages: 0 });
    expect(await services.store.logSize()).toEqual(before);

    await stranger.becomesKnown(node);
    const job = await start({ perMinute: 60_000 });
    expect(job).toMatchObject({ state: 'running', left: 5, by: 'operator-1', sum: { messages: 5, bytes } });
    expect(await runner.turn()).toBe(2);
    expect(await getRedrive(store, job.job)).toMatchObject({ state: 'running', left: 3, progress: { recorded: 2 } });
    const seen = await ended(job.job);
    expect(seen).toMatchObject({ left: 0, progress: { recorded: 5, failed: 0, gone: 0 } });

    for (const { hash, subject } of messages.map((one) => ({ hash: one.hash, subject: one.message.subject }))) {
      expect(await services.store.findHead(subject as never)).toMatchObject({ hash });
      const [stored] = await services.store.readStream(subject as never, 'all');
      expect(stored?.arrival).toMatchObject({ kind: 'mailbox', partition: 0 });
    }
    const lineage = (await services.store.findCaused(job.started)).map((one) => openStored(one).message);
    expect(lineage).toHaveLength(3);
    const moved = lineage.flatMap(({ data }) => data['messages'] as readonly unknown[]);
    expect(moved).toEqual(rows.map(({ id, hash }) => ({ quarantine: id, message: hash, became: 'recorded' })));
    expect(lineage[0]).toMatchObject({ authtype: 'system', authid: 'redrive', data: { job: job.job } });
    expect(await store.findTries(rows[0]?.id as number)).toMatchObject([{ job: job.job, became: 'recorded' }]);
  });

  it('leaves the first outcome as it was, counts each later one, and tells the same fault from another', async () => {
    const { stranger, rows } = await quarantined(2);
    const [a, b] = [new Stranger('f-1').files(), new Stranger('f-2').files()];
    await arrive(node, forged(a, b));
    const all = { selection: { source: 'urn:lienthong:agency:H26.129' } };
    const first = await ended((await start(all)).job);
    expect(first.progress).toMatchObject({ recorded: 0, failed: 3, failedAsBefore: 3 });
    await stranger.becomesKnown(node, { validFrom: '2023-06-15' });
    const second = await ended((await start(all)).job);
    expect(second.progress).toMatchObject({ failed: 3, failedAsBefore: 1 });
    const [row] = await services.store.listQuarantine({ after: (rows[0]?.id as number) - 1, limit: 1 });
    expect(row).toEqual(rows[0]);
    expect(await store.findTries(rows[0]?.id as number)).toMatchObject([
      { job: first.job, became: 'failed', stage: 'key', code: 'KEY_UNKNOWN' },
      { job: second.job, became: 'failed', stage: 'key', code: 'KEY_NOT_VALID_THEN' },
    ]);
    const page = await store.listTries(second.job, { after: rows[0]?.id as number, limit: 1 });
    expect(page).toMatchObject([{ number: rows[1]?.id }]);
    await tidy();
  });

  it('keeps its pace, and stops, goes on and ends as it is told; each act once, on record', async () => {
    const { stranger } = await quarantined(3);
    await stranger.becomesKnown(node);
    const { job } = await start({ perMinute: 1 });
    expect(await runner.turn()).toBe(2);
    expect(await runner.turn()).toBe(0);
    await owner.query('update lt.redrive_job set next_at = now() where job = $1', [job]);
    const steer = (act: 'redrive-paused' | 'redrive-resumed' | 'redrive-cancelled', id = job) =>
      steerRedrive(services, store, { job: id, act }, does({ reason: 'load', note: 'Anh Bình gọi điện.' }));
    expect(await steer('redrive-paused')).toMatchObject({
      state: 'paused',
      acts: [{ act: 'redrive-paused', reason: 'load' }],
    });
    const noted = await countEvents('redrive-paused');
    expect(await steer('redrive-paused')).toMatchObject({ state: 'paused' });
    expect(await countEvents('redrive-paused')).toBe(noted);
    expect(await runner.turn()).toBe(0);
    expect(await steer('redrive-resumed')).toMatchObject({ state: 'running' });
    expect(await steer('redrive-cancelled')).toMatchObject({ state: 'cancelled', left: 1 });
    expect(await runner.turn()).toBe(0);
    await expect(steer('redrive-resumed')).rejects.toEqual(code('REDRIVE_OVER'));
    await expect(steer('redrive-paused', randomUUID() as Uuid)).rejects.toEqual(code('REDRIVE_UNKNOWN'));
    expect(await getRedrive(store, job)).toMatchObject({ state: 'cancelled', progress: { recorded: 2 } });
    await tidy();
  });

  it('is stopped with all others by the switch, over a restart too', async () => {
    const { stranger } = await quarantined(1);
    await stranger.becomesKnown(node);
    const { job } = await start();
    const desk = { store, stops };
    const stopped = await switchLoop(
      services,
      desk,
      { name: { loop: 'redrive' }, stopped: true },
      does({ reason: 'load' }),
    );
    expect(stopped).toMatchObject([{ loop: 'redrive', by: 'operator-1', reason: 'load' }]);
    expect(await runner.turn()).toBe(0);
    const restarted = new StopSwitches(store);
    await restarted.refresh();
    expect(await new RedriveRunner(services, store, { stops: restarted, owner: 'test-2' }).turn()).toBe(0);
    await switchLoop(services, desk, { name: { loop: 'redrive' }, stopped: true }, does({ reason: 'load' }));
    expect(await countEvents('loop-stopped')).toBe(1);
    await switchLoop(services, desk, { name: { loop: 'redrive' }, stopped: false }, does({ reason: 'cause-removed' }));
    expect((await ended(job)).progress).toMatchObject({ recorded: 1 });
  });

  it('of the same name is the same job; of nothing, or another under that name, is refused', async () => {
    const { stranger } = await quarantined(1);
    const job = randomUUID() as Uuid;
    const [one, two] = await Promise.all([start({ job }), start({ job })]);
    expect([one.job, two.job]).toEqual([job, job]);
    await expect(start({ job, batch: 7 })).rejects.toEqual(code('REDRIVE_EXISTS'));
    await expect(start({ selection: { code: 'NO_SUCH' } })).rejects.toEqual(code('NOTHING_SELECTED'));
    await expect(start({ selection: { subject: 'no stream' } })).rejects.toEqual(code('NOTHING_SELECTED'));
    await stranger.becomesKnown(node);
    expect((await ended(job)).progress).toMatchObject({ recorded: 1 });
    expect((await store.listJobs({ limit: 1 }))[0]?.job).toBe(job);
    expect((await store.listJobs({ limit: 1, after: job }))[0]?.job).not.toBe(job);
  });

  it('heeds no note whose event never came', async () => {
    const { rows } = await quarantined(1);
    const job = randomUUID() as Uuid;
    const asked = { job, agency: does().agency, by: 'x', reason: 'other', correlationId: job, selection: {}, ...FAST };
    const sum = { messages: 1, bytes: 1, upTo: rows[0]?.id as number };
    await store.noteJob({ ...asked, sum }, 'A'.repeat(43) as Hash);
    expect(await store.findJob(job)).toBeUndefined();
    expect(await runner.turn()).toBe(0);
    const started = await start({ job });
    await store.noteAct(
      { about: `redrive/${job}`, act: 'redrive-cancelled', by: 'x', reason: 'other' },
      ('B'.repeat(42) + 'E') as Hash,
    );
    expect(await getRedrive(store, job)).toMatchObject({
      state: 'running',
      sum: { messages: 1 },
      started: started.started,
    });
    await ended(job);
    await tidy();
  });

  it.each(['before', 'after'] as const)(
    'killed %s its append goes on in another process, and each message moves once',
    async (when) => {
      const { stranger, messages, rows } = await quarantined(3);
      await stranger.becomesKnown(node);
      const { job } = await start();
      let dead = false;
      const dies = async (): Promise<never> => {
        dead = true;
        throw new Error('killed');
      };
      const record: NodeServices['store']['record'] = async (batch) => {
        if (when === 'after') await services.store.record(batch);
        return dies();
      };
      const alive = new Proxy(store, {
        get: (target, name) => (dead ? dies : (Reflect.get(target, name) as unknown)),
      });
      const killed = { ...services, store: { ...services.store, record } };
      await expect(new RedriveRunner(killed, alive, { stops, owner: 'killed' }).turn()).rejects.toThrow('killed');
      expect((await getRedrive(store, job)).progress.recorded).toBe(when === 'after' ? 2 : 0);
      expect(await runner.turn()).toBe(0);
      await owner.query('update lt.redrive_job set lease_until = now() where job = $1', [job]);
      expect((await ended(job)).progress).toMatchObject({ recorded: 3, duplicate: 0, failed: 0, gone: 0 });
      for (const { message } of messages)
        expect(await services.store.readStream(message.subject as never, 'all')).toHaveLength(1);
      const left = await services.store.listQuarantine({ after: (rows[0]?.id as number) - 1, limit: 3 });
      expect(left.every(({ releasedAt }) => releasedAt !== undefined)).toBe(true);
    },
  );

  it('leased by a dead process before the clock of the database was set back goes on in another one', async () => {
    const { stranger } = await quarantined(1);
    await stranger.becomesKnown(node);
    const { job } = await start();
    expect(await store.leaseJob(job, 'dead', 15_000)).toBeDefined();
    expect(await runner.turn()).toBe(0);
    await owner.query(`update lt.redrive_job set lease_until = lease_until + interval '3 hours' where job = $1`, [job]);
    expect((await ended(job)).progress).toMatchObject({ recorded: 1 });
  });

  it('by two processes at once moves each message once', async () => {
    const { stranger, messages } = await quarantined(9);
    await stranger.becomesKnown(node);
    const { job } = await start();
    const other = new RedriveRunner(await node.anotherProcess(), store, { stops, owner: 'test-2' });
    const both = await eventually(async () => {
      await Promise.all([runner.turn(), other.turn()]);
      const seen = await getRedrive(store, job);
      expect(seen.state).toBe('finished');
      return seen;
    });
    expect(both.progress).toMatchObject({ recorded: 9, duplicate: 0, failed: 0, gone: 0 });
    for (const { message } of messages)
      expect(await services.store.readStream(message.subject as never, 'all')).toHaveLength(1);
  });

  it('woken after its lease has passed on moves nothing and says nothing', async () => {
    const { stranger } = await quarantined(1);
    await stranger.becomesKnown(node);
    const { job } = await start();
    const lease = await store.leaseJob(job, 'sleeper', 30_000);
    expect(lease).toBeDefined();
    await owner.query('update lt.redrive_job set lease_until = now() where job = $1', [job]);
    expect((await ended(job)).progress).toMatchObject({ recorded: 1 });
    const settled = { doneTo: 0, pauseMs: 0, finished: false };
    expect(await store.settleLease(lease as NonNullable<typeof lease>, settled)).toBe(false);
    expect(await store.holdsLease(lease as NonNullable<typeof lease>)).toBe(false);
    expect(await getRedrive(store, job)).toMatchObject({ state: 'finished' });
  });
});
