/** What operators, auditors and anybody may ask of a node; quarantine and the way out of it. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { agencySource, type AgencyCode, type Subject } from '#libs/kernel';
import { CheckpointSigner, openStored } from '#libs/use-cases';
import { arrive, Stranger } from '../../../libs/testing/strangers.ts';
import { acts, newDossier } from '../../../libs/testing/test-acts.ts';
import { openTestDoor, type Knock, type TestDoor } from '../../../libs/testing/test-door.ts';
import { openTestNode, type TestNode } from '../../../libs/testing/test-node.ts';

const AGENCY = 'H26.129.05';

describe('a node at the door', () => {
  jest.setTimeout(60_000);
  let node: TestNode;
  let door: TestDoor;
  let operator: Knock;
  let auditor: Knock;
  let subject: Subject;
  beforeAll(async () => {
    node = await openTestNode();
    door = await openTestDoor(node);
    operator = await door.as({ roles: ['operator'] });
    auditor = await door.as({ roles: ['auditor'] });
    subject = newDossier();
    await acts(node.world, subject, ['file-dossier']);
  });
  afterAll(async () => {
    await door.close();
    await node.close();
  });

  describe('to anybody', () => {
    it('lives, says who it is, is ready or says what it waits for, and counts', async () => {
      const process = { node: node.node, instance: 'test-1' };
      expect((await door.anonymous.get('/health').expect(200)).body).toEqual({ status: 'alive' });
      expect((await door.anonymous.get('/ready').expect(200)).body).toEqual({ ...process, ready: true, waitsFor: [] });
      door.readiness.now = { ready: false, waitsFor: ['directory'] };
      expect((await door.anonymous.get('/ready').expect(503)).body).toEqual({
        ...process,
        ready: false,
        waitsFor: ['directory'],
      });
      door.readiness.now = { ready: true, waitsFor: [] };
      await (await door.as()).get(`/v1/${subject.replace('dossier/', 'dossiers/')}`).expect(200);
      const metrics = await door.anonymous.get('/metrics').expect(200);
      expect(metrics.headers['content-type']).toMatch('text/plain');
      expect(metrics.text).toContain('route="/v1/dossiers/:agency/:id"');
      expect(metrics.text).not.toContain(subject.slice(-36));
    });

    it('gives the latest checkpoint, once one is signed', async () => {
      await door.anonymous.get('/v1/checkpoint').expect(404);
      await new CheckpointSigner(node.services).signOnce();
      const { text, headers } = await door.anonymous.get('/v1/checkpoint').expect(200);
      expect(headers['content-type']).toBe('text/plain; charset=utf-8');
      expect(text).toMatch(/^lienthong\.example\/gialam-communes\/1\n\d+\n/);
    });

    it('describes itself as the repository does', async () => {
      const { body } = await door.anonymous.get('/v1/openapi.json').expect(200);
      expect(body.openapi).toMatch(/^3\.1\./);
      expect(body.paths['/v1/dossiers/{agency}/{id}/withdraw'].post.operationId).toBe('withdraw');
    });

    it('sends headers that leave a browser nothing to do', async () => {
      for (const path of ['/health', '/v1/nothing', '/v1/dossiers']) {
        const { headers } = await door.anonymous.get(path);
        expect(headers).toMatchObject({
          'x-content-type-options': 'nosniff',
          'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
          'cache-control': 'no-store',
          'referrer-policy': 'no-referrer',
          'lt-correlation-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
        });
        expect(headers).not.toHaveProperty('x-powered-by');
      }
    });
  });

  describe('to operators and auditors', () => {
    it('shows where it stands', async () => {
      const { body } = await operator.get('/v1/status').expect(200);
      expect(body).toMatchObject({
        node: 'gialam-communes',
        workTime: node.clock.now(),
        running: ['api'],
        log: { size: expect.any(Number), lastHash: expect.any(String) },
        held: 0,
        quarantined: expect.any(Number),
        openingsAwaited: { openings: 0, dossiers: 0 },
        parked: 0,
      });
      expect(body.deliveries.map(({ peer }: { peer: string }) => peer).sort()).toEqual([
        'gialam-district',
        'hanoi-city',
      ]);
      await auditor.get('/v1/status').expect(200);
      expect((await auditor.get('/v1/deliveries').expect(200)).body.outbound).toMatchObject([
        { highest: 1, sent: 0 },
        { highest: 1, sent: 0 },
      ]);
    });

    it('lists its log', async () => {
      const { size } = await node.services.store.logSize();
      const { body } = await auditor.get(`/v1/log?after=${size - 2}`).expect(200);
      const [last] = await node.services.store.readStream(subject, 'all');
      expect(body.entries).toEqual([
        {
          logIndex: size - 1,
          hash: last?.hash,
          class: 'event',
          subject,
          effect: 'extends',
          appendedAt: last?.appendedAt,
        },
      ]);
      const page = await auditor.get('/v1/log?limit=3').expect(200);
      expect(page.body).toMatchObject({ next: 2, entries: [{ class: 'directory' }, {}, {}] });
    });

    it('not to clerks, nor to operators of other nodes', async () => {
      const clerk = await door.as({ roles: ['clerk', 'officer', 'head'] });
      const district = await door.as({ roles: ['operator', 'auditor'], agencies: ['H26.129'] });
      for (const path of ['status', 'deliveries', 'held', 'log', 'quarantine', 'quarantine/1']) {
        await clerk.get(`/v1/${path}`).expect(403);
        await district.get(`/v1/${path}`).expect(421);
      }
      await auditor.get('/v1/quarantine').expect(403);
    });

    it('tells what is on hold, and since when', async () => {
      const stranger = new Stranger('test-hold');
      await stranger.becomesKnown(node);
      await arrive(node, stranger.files({ streamseq: '0000000002', prevhash: 'A'.repeat(43) }));
      const { body } = await operator.get('/v1/held').expect(200);
      expect(body).toMatchObject({
        total: 1,
        bySource: [{ source: agencySource('H26.129' as AgencyCode), count: 1 }],
        oldest: [{ reason: 'GAP', waitsFor: 'A'.repeat(43) }],
      });
    });
  });

  describe('quarantine', () => {
    it('keeps bytes, stage and code, and lets go of what is believed now, on record', async () => {
      const stranger = new Stranger('q-1');
      const sealed = stranger.files();
      await arrive(node, sealed);
      const { body: list } = await operator.get('/v1/quarantine?code=KEY_UNKNOWN').expect(200);
      const item = list.items.at(-1);
      expect(item).toMatchObject({
        stage: 'key',
        code: 'KEY_UNKNOWN',
        hash: sealed.hash,
        subject: sealed.message.subject,
        size: sealed.bytes.length,
      });
      const { body: shown } = await operator.get(`/v1/quarantine/${item.number}`).expect(200);
      expect(Buffer.from(shown.bytes, 'base64').equals(Buffer.from(sealed.bytes))).toBe(true);

      const path = `/v1/quarantine/${item.number}/release`;
      const early = await operator.post(path, { reason: 'judged-again' }).expect(409);
      expect(early.body).toMatchObject({
        code: 'NOT_RELEASABLE',
        message: { en: expect.stringContaining('KEY_UNKNOWN') },
      });
      await stranger.becomesKnown(node);
      const { body } = await operator
        .post(path, { reason: 'directory-corrected', note: 'Anh Bình đã gọi điện.' })
        .expect(200);
      expect(body).toEqual({ number: item.number, became: 'recorded' });
      expect(await node.services.store.findHead(sealed.message.subject as Subject)).toMatchObject({
        hash: sealed.hash,
      });
      const last = (await node.services.store.readLog(-1, 10_000)).at(-1);
      const operation = last && openStored(last).message;
      expect(operation).toMatchObject({
        type: 'vn.lienthong.operation.quarantine-released.v1',
        subject: `operation/gialam-communes/${AGENCY}/2023-06`,
        data: {
          quarantine: item.number,
          message: sealed.hash,
          stage: 'key',
          code: 'KEY_UNKNOWN',
          reason: 'directory-corrected',
        },
      });
      expect(JSON.stringify(operation)).not.toContain('Bình');
      expect((await operator.post(path, { reason: 'judged-again' }).expect(409)).body).toMatchObject({
        code: 'ALREADY_RELEASED',
      });
      expect((await operator.get(`/v1/quarantine/${item.number}`)).body).toHaveProperty('releasedAt');
    });

    it('believes a message under a revoked key only where a believed log was shown', async () => {
      const stranger = new Stranger('q-2');
      await stranger.becomesKnown(node, { revoked: { at: '2023-06-14T01:00:00.000Z', believed: [] } });
      await arrive(node, stranger.files());
      const { body: list } = await operator.get('/v1/quarantine?code=KEY_REVOKED').expect(200);
      const path = `/v1/quarantine/${list.items[0].number}/release`;
      expect((await operator.post(path, { reason: 'judged-again' }).expect(409)).body).toMatchObject({
        code: 'NOT_RELEASABLE',
      });
      expect((await operator.post(path, { reason: 'believed-log-shown' }).expect(200)).body).toMatchObject({
        became: 'recorded',
      });
    });

    it('never lets go of what is broken, and knows only what it has', async () => {
      const sealed = new Stranger('q-3').files();
      const broken = { ...sealed, bytes: Buffer.from(sealed.bytes.slice(0, -1)) };
      await arrive(node, broken);
      const { body: list } = await operator.get('/v1/quarantine?code=NOT_JSON').expect(200);
      const before = await node.services.store.logSize();
      const refused = await operator
        .post(`/v1/quarantine/${list.items[0].number}/release`, { reason: 'other' })
        .expect(409);
      expect(refused.body).toMatchObject({
        code: 'NOT_RELEASABLE',
        message: { vi: expect.stringContaining('NOT_JSON') },
      });
      expect(await node.services.store.logSize()).toEqual(before);
      await operator.get('/v1/quarantine/999999').expect(404);
      await operator.post('/v1/quarantine/999999/release', { reason: 'other' }).expect(404);
      await operator.get('/v1/quarantine/-1').expect(400);
    });
  });
});
