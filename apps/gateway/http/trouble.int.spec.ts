/** All that is in trouble in one view, redrives and stop switches, at the door: what is asked rightly, and wrongly. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { openTroubleStore } from '#libs/event-store-postgres';
import type { Hash, NodeId, Subject } from '#libs/kernel';
import { openStored, RedriveRunner, StopSwitches } from '#libs/use-cases';
import { eventually } from '../../../libs/testing/eventually.ts';
import { arrive, forged, Stranger } from '../../../libs/testing/strangers.ts';
import { actFor, acts, newDossier } from '../../../libs/testing/test-acts.ts';
import { openTestDoor, type Knock, type TestDoor } from '../../../libs/testing/test-door.ts';
import { openTestNode, type TestNode } from '../../../libs/testing/test-node.ts';

interface Kind {
  readonly kind: string;
  readonly count: number;
  readonly reasons: readonly { readonly reason: string }[];
}

describe('trouble at the door', () => {
  jest.setTimeout(60_000);
  let node: TestNode;
  let door: TestDoor;
  let operator: Knock;
  let auditor: Knock;
  beforeAll(async () => {
    node = await openTestNode();
    door = await openTestDoor(node);
    operator = await door.as({ roles: ['operator'] });
    auditor = await door.as({ roles: ['auditor'] });
  });
  afterAll(async () => {
    await door.close();
    await node.close();
  });
  const sums = async (query = ''): Promise<Readonly<Record<string, Kind>>> => {
    const { body } = await operator.get(`/v1/trouble${query}`).expect(200);
    return Object.fromEntries((body.kinds as readonly Kind[]).map((kind) => [kind.kind, kind]));
  };
  const lastOperation = async () => {
    const stored = (await node.services.store.readLog(-1, 10_000)).map((one) => openStored(one).message);
    return stored.findLast(({ subject }) => subject.startsWith('operation/'));
  };

  describe('one view', () => {
    it('of a quiet node is empty, kind by kind', async () => {
      const { body } = await auditor.get('/v1/trouble').expect(200);
      expect(body).toMatchObject({ node: 'gialam-communes', stopped: [] });
      expect(body.kinds.map(({ kind, count, bytes }: Record<string, unknown>) => [kind, count, bytes])).toEqual([
        ['held', 0, 0],
        ['quarantined', 0, 0],
        ['parked', 0, 0],
        ['undeliverable', 0, 0],
        ['limbo', 0, 0],
      ]);
    });

    it('shows each kind with reason, age, bytes, and what to do next', async () => {
      const stranger = new Stranger('t-1');
      await stranger.becomesKnown(node);
      const held = stranger.files({ streamseq: '0000000002', prevhash: 'A'.repeat(43) });
      // Believed, and not to be understood: its data are not those of a `received`.
      const parked = stranger.files();
      const [a, b] = [stranger.files(), stranger.files()];
      await arrive(node, held, parked, forged(a, b));
      const owed = newDossier();
      await acts(node.world, owed, ['file-dossier']);
      await door.fold();

      expect(await sums()).toMatchObject({
        held: { count: 1, bytes: held.bytes.length, reasons: [{ reason: 'GAP', advice: { vi: expect.any(String) } }] },
        quarantined: { count: 1, reasons: [{ reason: 'SIGNATURE', oldest: expect.any(String) }] },
        parked: { count: 1, bytes: parked.bytes.length, reasons: [{ reason: 'NOT_UNDERSTOOD' }] },
        undeliverable: { count: 0 },
        limbo: { count: 0 },
      });
      const now = await sums('?olderThan=0');
      expect(now['undeliverable']?.reasons).toMatchObject([{ reason: 'UNSENT' }]);
      const { items } = (await operator.get('/v1/trouble/undeliverable?olderThan=0').expect(200)).body;
      expect(items.filter((one: { subject: string }) => one.subject === owed)).toMatchObject([
        { peer: 'gialam-district', line: 1, reason: 'UNSENT', ageSeconds: expect.any(Number) },
        { peer: 'hanoi-city', line: 1 },
      ]);
      const [one] = (await auditor.get(`/v1/trouble/parked?subject=${parked.message.subject}`).expect(200)).body.items;
      expect(one).toMatchObject({
        kind: 'parked',
        subject: parked.message.subject,
        hash: parked.hash,
        bytes: parked.bytes.length,
        dossier: { unapplied: 1 },
        advice: { en: expect.stringContaining('upgrade') },
      });
      expect((await operator.get('/v1/trouble/held').expect(200)).body.items).toMatchObject([
        { reason: 'GAP', waitsFor: 'A'.repeat(43), hash: held.hash },
      ]);
    });

    it('tells what a peer has refused from what it has not confirmed, and both from what it has', async () => {
      const { store } = node.services;
      const peer = 'hanoi-city' as NodeId;
      for (const _ of [1, 2, 3]) await acts(node.world, newDossier(), ['file-dossier']);
      const highest = (await store.deliveries()).find((line) => line.peer === peer)?.highest as number;
      const lease = await eventually(async () => {
        const found = await store.leaseOutbox('test', 60_000);
        expect(found?.receiver).toBe(peer);
        return found as NonNullable<typeof found>;
      });
      await store.markSent(lease, 1, highest);
      const confirmed = highest - 3;
      await store.applyReceipt(peer, {
        line: 1,
        contiguousUpTo: confirmed,
        missing: [[confirmed + 1, confirmed + 1]],
        refused: [[confirmed, 'NOT_ENTITLED']],
        logSize: 5,
      });
      const { items } = (await operator.get('/v1/trouble/undeliverable?olderThan=0').expect(200)).body;
      const ofPeer = items.filter((one: { peer: string }) => one.peer === peer);
      expect(ofPeer).toMatchObject([
        { number: confirmed, reason: 'NOT_ENTITLED', advice: { en: expect.stringContaining('quarantined') } },
        { number: confirmed + 1, reason: 'UNCONFIRMED' },
        { number: highest - 1, reason: 'UNCONFIRMED' },
        { number: highest, reason: 'UNCONFIRMED' },
      ]);
      // What is refused is trouble at once, what is late not yet.
      expect((await sums())['undeliverable']).toMatchObject({ count: 1, reasons: [{ reason: 'NOT_ENTITLED' }] });
    });

    it('shows commands asked and not answered', async () => {
      const subject = newDossier('H26.129');
      const knock = await door.as({ roles: ['clerk'] });
      const { data } = actFor('file-dossier', subject);
      const [, agency, id] = subject.split('/');
      await knock.post('/v1/dossiers', { id, receivingAgency: agency, data }).expect(202);
      expect((await sums('?olderThan=0'))['limbo']).toMatchObject({ reasons: [{ reason: 'AWAITS_OUTCOME' }] });
      const { items } = (await operator.get(`/v1/trouble/limbo?olderThan=0&subject=${subject}`).expect(200)).body;
      expect(items).toMatchObject([{ peer: 'gialam-district', subject, reason: 'AWAITS_OUTCOME' }]);
    });

    it('goes on page by page, and misses nothing', async () => {
      const stranger = new Stranger('t-2');
      await arrive(node, ...Array.from({ length: 5 }, () => stranger.files()));
      for (const kind of ['quarantined', 'undeliverable', 'held', 'parked', 'limbo']) {
        const whole = (await operator.get(`/v1/trouble/${kind}?olderThan=0&limit=500`).expect(200)).body;
        const pages: unknown[] = [];
        let next: string | undefined;
        do {
          const cursor = next === undefined ? '' : `&cursor=${encodeURIComponent(next)}`;
          const { body } = await operator.get(`/v1/trouble/${kind}?olderThan=0&limit=2${cursor}`).expect(200);
          pages.push(...body.items);
          next = body.next as string | undefined;
        } while (next !== undefined);
        const hashes = (items: readonly unknown[]) => items.map((one) => (one as { hash?: Hash }).hash);
        expect(hashes(pages)).toEqual(hashes(whole.items));
      }
      const some = (await operator.get('/v1/trouble/quarantined?reason=KEY_UNKNOWN').expect(200)).body;
      expect(some.items).toHaveLength(5);
    });

    it.each([
      ['/v1/trouble/sorrow', 'MALFORMED'],
      ['/v1/trouble/held?cursor=x', 'CURSOR_INVALID'],
      ['/v1/trouble/undeliverable?cursor=0000000000000000001', 'CURSOR_INVALID'],
      ['/v1/trouble/parked?cursor=x', 'CURSOR_INVALID'],
      ['/v1/trouble/held?limit=501', 'BODY_INVALID'],
      ['/v1/trouble/held?reason=gap', 'BODY_INVALID'],
      ['/v1/trouble/held?subject=%27%20or%201%3D1', 'BODY_INVALID'],
      ['/v1/trouble?olderThan=-1', 'BODY_INVALID'],
      ['/v1/trouble?olderThan=soon', 'BODY_INVALID'],
      ['/v1/trouble?kind=held', 'BODY_INVALID'],
    ])('%s is refused as %s', async (path, code) => {
      expect((await operator.get(path).expect(400)).body).toMatchObject({ code });
    });
  });

  describe('a redrive', () => {
    const job = () => ({ job: randomUUID(), selection: { code: 'KEY_UNKNOWN' }, reason: 'judged-again' });

    it('is looked at, started, worked on, shown with its messages; each act an event of the node', async () => {
      const look = await operator.post('/v1/redrives/look', { selection: { code: 'KEY_UNKNOWN' } }).expect(200);
      expect(look.body).toMatchObject({ messages: 5, bytes: expect.any(Number) });
      const wanted = { ...job(), batch: 2, perMinute: 60_000, note: 'Anh Bình đã gọi điện.' };
      const { body } = await operator.post('/v1/redrives', wanted).expect(200);
      expect(body).toMatchObject({ job: wanted.job, state: 'running', messages: 5, left: 5, reason: 'judged-again' });
      const event = await lastOperation();
      expect(event).toMatchObject({
        type: 'vn.lienthong.operation.redrive-started.v1',
        data: { job: wanted.job, selection: { code: 'KEY_UNKNOWN' }, messages: 5, batch: 2 },
      });
      expect(JSON.stringify(event)).not.toContain('Bình');
      expect((await operator.post('/v1/redrives', wanted).expect(200)).body.event).toBe(body.event);

      const store = openTroubleStore({ url: node.ledgerDatabase.appUrl });
      const runner = new RedriveRunner(node.services, store, { stops: new StopSwitches(store), owner: 'test' });
      await eventually(async () => {
        await runner.turn();
        expect((await auditor.get(`/v1/redrives/${wanted.job}`)).body.state).toBe('finished');
      });
      await store.close();
      const done = (await auditor.get(`/v1/redrives/${wanted.job}`).expect(200)).body;
      expect(done).toMatchObject({ left: 0, progress: { failed: 5, failedAsBefore: 5, recorded: 0 } });
      const first = (await auditor.get(`/v1/redrives/${wanted.job}/messages?limit=3`).expect(200)).body;
      expect(first.items).toHaveLength(3);
      const rest = (await auditor.get(`/v1/redrives/${wanted.job}/messages?after=${first.next}`).expect(200)).body;
      expect(rest.items).toHaveLength(2);
      const tried = await operator.get(`/v1/quarantine/${rest.items[0].number}/tries`).expect(200);
      expect(tried.body.items).toMatchObject([{ job: wanted.job, became: 'failed', code: 'KEY_UNKNOWN' }]);
      expect((await operator.get('/v1/redrives?limit=1').expect(200)).body).toMatchObject({
        items: [{ job: wanted.job }],
        next: wanted.job,
      });
      const late = await operator.post(`/v1/redrives/${wanted.job}/cancel`, { reason: 'mistake' }).expect(409);
      expect(late.body).toMatchObject({ code: 'REDRIVE_OVER', message: { en: expect.stringContaining('finished') } });
    });

    it('is paused, goes on, and is cancelled', async () => {
      const wanted = { ...job(), perMinute: 1 };
      await operator.post('/v1/redrives', wanted).expect(200);
      for (const [act, state] of [
        ['pause', 'paused'],
        ['resume', 'running'],
        ['cancel', 'cancelled'],
        ['cancel', 'cancelled'],
      ] as const) {
        const { body } = await operator.post(`/v1/redrives/${wanted.job}/${act}`, { reason: 'load' }).expect(200);
        expect(body.state).toBe(state);
      }
      const { body } = await operator.get(`/v1/redrives/${wanted.job}`).expect(200);
      expect(body.acts.map(({ act }: { act: string }) => act)).toEqual([
        'redrive-paused',
        'redrive-resumed',
        'redrive-cancelled',
      ]);
    });

    it('says where a selection is wrong', async () => {
      const { body } = await operator.post('/v1/redrives', { ...job(), selection: { stage: 'place', all: 1 } });
      expect(body.faults).toEqual(
        expect.arrayContaining([
          { pointer: '/selection/stage', message: 'is not one of the values allowed' },
          { pointer: '/selection/(not shown)', message: 'is not known here' },
        ]),
      );
    });

    it.each<[string, object, number, string]>([
      ['/v1/redrives', {}, 400, 'BODY_INVALID'],
      ['/v1/redrives', { job: 'x', reason: 'other' }, 400, 'BODY_INVALID'],
      ['/v1/redrives', { ...job(), reason: 'because' }, 400, 'BODY_INVALID'],
      ['/v1/redrives', { ...job(), batch: 0 }, 400, 'BODY_INVALID'],
      ['/v1/redrives', { ...job(), batch: 201 }, 400, 'BODY_INVALID'],
      ['/v1/redrives', { ...job(), perMinute: 1.5 }, 422, 'NUMBER'],
      ['/v1/redrives', { ...job(), selection: { code: "' or 1=1" } }, 400, 'BODY_INVALID'],
      ['/v1/redrives', { ...job(), selection: { stage: 'place' } }, 400, 'BODY_INVALID'],
      ['/v1/redrives', { ...job(), selection: 'all' }, 400, 'BODY_INVALID'],
      ['/v1/redrives', { ...job(), selection: { everything: true } }, 400, 'BODY_INVALID'],
      ['/v1/redrives', { ...job(), selection: { before: '2023-02-30T00:00:00.000Z' } }, 400, 'MALFORMED'],
      ['/v1/redrives', { ...job(), bytes: 'e30=' }, 400, 'BODY_INVALID'],
      ['/v1/redrives', { ...job(), selection: { code: 'NOT_THERE' } }, 409, 'NOTHING_SELECTED'],
      ['/v1/redrives/look', { selection: { source: 'anybody' } }, 400, 'BODY_INVALID'],
      [`/v1/redrives/${randomUUID()}/pause`, { reason: 'load' }, 404, 'REDRIVE_UNKNOWN'],
      ['/v1/redrives/x/pause', { reason: 'load' }, 400, 'MALFORMED'],
      [`/v1/redrives/${randomUUID()}/pause`, {}, 400, 'BODY_INVALID'],
      ['/v1/loops', { loop: 'deliveries', stopped: true, reason: 'load' }, 422, 'LOOP_UNKNOWN'],
      ['/v1/loops', { loop: 'redrive', peer: 'hanoi-city', stopped: true, reason: 'load' }, 422, 'LOOP_UNKNOWN'],
      ['/v1/loops', { loop: 'api', stopped: true, reason: 'load' }, 422, 'LOOP_UNKNOWN'],
      ['/v1/loops', { loop: 'deliveries', peer: 'nobody', stopped: true, reason: 'load' }, 422, 'PEER_UNKNOWN'],
      [
        '/v1/loops',
        { loop: 'deliveries', peer: 'gialam-communes', stopped: true, reason: 'load' },
        422,
        'PEER_UNKNOWN',
      ],
      ['/v1/loops', { loop: 'redrive', stopped: 'true', reason: 'load' }, 400, 'BODY_INVALID'],
    ])('%s %j is refused (%s %s)', async (path, body, status, code) => {
      const before = await node.services.store.logSize();
      const answer = await operator.post(path, body);
      expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
      expect(answer.body.message.vi).not.toBe(answer.body.message.en);
      expect(`${answer.body.message.vi}${answer.body.message.en}`).not.toMatch(/[{…]/);
      expect(await node.services.store.logSize()).toEqual(before);
    });
  });

  describe('a stop switch', () => {
    it('is thrown and taken back on record, and shown with the state of the node', async () => {
      const stop = { loop: 'deliveries', peer: 'gialam-district', stopped: true, reason: 'peer-asks' };
      expect((await operator.post('/v1/loops', stop).expect(200)).body.stopped).toMatchObject([
        { loop: 'deliveries', peer: 'gialam-district', reason: 'peer-asks', since: expect.any(String) },
      ]);
      expect(await lastOperation()).toMatchObject({
        type: 'vn.lienthong.operation.loop-stopped.v1',
        data: { loop: 'deliveries', peer: 'gialam-district', reason: 'peer-asks' },
      });
      expect((await auditor.get('/v1/status').expect(200)).body.stopped).toMatchObject([{ loop: 'deliveries' }]);
      expect((await auditor.get('/v1/loops').expect(200)).body.stopped).toHaveLength(1);
      await operator.post('/v1/loops', { ...stop, stopped: false, reason: 'cause-removed' }).expect(200);
      expect((await auditor.get('/v1/status').expect(200)).body).not.toHaveProperty('stopped');
    });
  });

  describe('a discard', () => {
    it('is a recorded decision: who, why, and the hashes; the row stays, the message comes again', async () => {
      const stranger = new Stranger('t-3');
      const message = stranger.files();
      await arrive(node, message);
      const subject = message.message.subject as Subject;
      const [item] = (await operator.get(`/v1/trouble/quarantined?subject=${subject}`).expect(200)).body.items;
      const path = `/v1/quarantine/${item.number}/discard`;
      for (const wrong of [{}, { reason: 'tired' }, { reason: 'forged', bytes: 'e30=' }, { reason: 'other', note: '' }])
        expect((await operator.post(path, wrong).expect(400)).body.code).toBe('BODY_INVALID');
      expect((await auditor.post(path, { reason: 'forged' }).expect(403)).body.code).toBe('ROLE_NOT_ALLOWED');
      const { body } = await operator.post(path, { reason: 'forged', note: 'Anh Bình xác nhận.' }).expect(200);
      expect(body).toMatchObject({ number: item.number, event: expect.stringMatching(/^[\w-]{43}$/) });
      const event = await lastOperation();
      expect(event).toMatchObject({
        type: 'vn.lienthong.operation.quarantine-discarded.v1',
        data: { quarantine: item.number, message: message.hash, stage: 'key', code: 'KEY_UNKNOWN', reason: 'forged' },
        authtype: 'user',
      });
      expect(JSON.stringify(event)).not.toContain('Bình');
      expect((await operator.post(path, { reason: 'forged' }).expect(409)).body.code).toBe('ALREADY_RELEASED');
      expect((await operator.get(`/v1/quarantine/${item.number}`).expect(200)).body).toMatchObject({
        code: 'KEY_UNKNOWN',
        releasedAt: expect.any(String),
      });
      await operator.post('/v1/quarantine/999999/discard', { reason: 'other' }).expect(404);
      await arrive(node, message);
      const again = (await operator.get(`/v1/trouble/quarantined?subject=${subject}`).expect(200)).body.items;
      expect(again).toHaveLength(1);
      expect(again[0].number).toBeGreaterThan(item.number);
    });

    it('is the only thing done to one: nobody edits what another has signed', async () => {
      const { items } = (await operator.get('/v1/trouble/quarantined').expect(200)).body;
      const edited = { reason: 'other', bytes: 'e30=' };
      const answer = await operator.post(`/v1/quarantine/${items[0].number}/release`, edited).expect(400);
      expect(answer.body).toMatchObject({ code: 'BODY_INVALID', faults: [{ pointer: '/bytes' }] });
      await operator.post(`/v1/quarantine/${items[0].number}`, edited).expect(404);
    });
  });

  it('is not for clerks, nor for operators of other nodes; acts are not for auditors', async () => {
    const clerk = await door.as({ roles: ['clerk', 'officer', 'head'] });
    const district = await door.as({ roles: ['operator', 'auditor'], agencies: ['H26.129'] });
    for (const path of ['trouble', 'trouble/held', 'redrives', 'loops']) {
      await clerk.get(`/v1/${path}`).expect(403);
      await district.get(`/v1/${path}`).expect(421);
    }
    for (const path of ['redrives', 'redrives/look', 'loops', `redrives/${randomUUID()}/pause`])
      await auditor.post(`/v1/${path}`, {}).expect(403);
    await district.post('/v1/loops', { loop: 'redrive', stopped: true, reason: 'load' }).expect(421);
  });
});
