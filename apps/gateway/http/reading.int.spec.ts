/** Dossiers at the door: masked, as of a moment, to whom they concern; lists; and personal data seen for a reason. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Subject } from '#libs/kernel';
import { actOnDossier, openStored } from '#libs/use-cases';
import { exchangeAll } from '../../../libs/testing/exchange-all.ts';
import { act, actFor, acts, newDossier } from '../../../libs/testing/test-acts.ts';
import { openTestDoor, type Knock, type TestDoor } from '../../../libs/testing/test-door.ts';
import { GIALAM, openTestWorld, type TestNode, type TestWorld } from '../../../libs/testing/test-node.ts';

const AGENCY = 'H26.129.05';
const NAME = 'Nguyễn Thị Hòa';
const pathOf = (subject: Subject) => `/v1/${subject.replace('dossier/', 'dossiers/')}`;

describe('reading at the door', () => {
  jest.setTimeout(60_000);
  let world: TestWorld;
  let commune: TestNode;
  let door: TestDoor;
  let district: TestDoor;
  let clerk: Knock;
  beforeAll(async () => {
    world = await openTestWorld({ nodes: GIALAM.map((wanted) => ({ ...wanted, autoAccept: 'all' as const })) });
    commune = world.nodeOf('gialam-communes');
    door = await openTestDoor(commune);
    district = await openTestDoor(world.nodeOf('gialam-district'));
    clerk = await door.as();
  });
  afterAll(async () => {
    await district.close();
    await door.close();
    await world.close();
  });

  async function atWork(agency = AGENCY): Promise<Subject> {
    const subject = newDossier(agency);
    await acts(world, subject, ['file-dossier', { agency }], ['start-processing', { agency }]);
    return subject;
  }

  describe('a dossier', () => {
    it('shows situation, dates and what may be asked, and no personal value', async () => {
      const subject = await atWork();
      const answer = await clerk.get(pathOf(subject)).expect(200);
      expect(answer.body).toMatchObject({
        subject,
        situation: 'InProcess',
        receivingAgency: AGENCY,
        custodian: AGENCY,
        dossierCode: expect.stringMatching(/^H26\.129\.05-/),
        dueAt: expect.any(String),
        workingDaysLeft: expect.any(Number),
        head: { place: 2 },
        superseded: [],
      });
      expect(answer.body.allowed).toEqual(expect.arrayContaining(['forward', 'withdraw']));
      expect(answer.body.allowed).not.toContain('resolve');
      expect((await (await door.as({ roles: ['officer'] })).get(pathOf(subject))).body.allowed).toContain('resolve');
      expect(answer.text).not.toContain(NAME);
      expect(answer.headers).toMatchObject({
        etag: `"${answer.body.head.hash}"`,
        'cache-control': 'private, no-cache',
      });
    });

    it('answers 304 to who has it, and anew once it has changed', async () => {
      const subject = await atWork();
      const { etag } = (await clerk.get(pathOf(subject)).expect(200)).headers;
      const held = await clerk
        .get(pathOf(subject))
        .set('if-none-match', `"other", W/${String(etag)}`)
        .expect(304);
      expect(held.headers['etag']).toBe(etag);
      expect(held.text).toBe('');
      await clerk
        .get(`${pathOf(subject)}/events`)
        .set('if-none-match', String(etag))
        .expect(304);
      await acts(world, subject, ['resolve']);
      await clerk.get(pathOf(subject)).set('if-none-match', String(etag)).expect(200);
    });

    it('stands as it was at a place or a time', async () => {
      const subject = await atWork();
      const { recordedAt } = (await clerk.get(pathOf(subject))).body.head;
      await acts(world, subject, ['resolve']);
      expect((await clerk.get(pathOf(subject))).body).toMatchObject({ situation: 'Resolved', head: { place: 3 } });
      expect((await clerk.get(`${pathOf(subject)}?version=1`)).body).toMatchObject({
        situation: 'Received',
        head: { place: 1 },
        allowed: [],
      });
      const then = await clerk.get(`${pathOf(subject)}?at=${recordedAt}`).expect(200);
      expect(then.body).toMatchObject({ situation: 'InProcess', head: { place: 2, recordedAt } });
      expect(then.headers['etag']).toBe(`"${then.body.head.hash}"`);
      expect((await clerk.get(`${pathOf(subject)}?at=2023-01-01T00:00:00.000Z`).expect(404)).body).toMatchObject({
        code: 'DOSSIER_UNKNOWN',
      });
      expect((await clerk.get(`${pathOf(subject)}/events?version=2`)).body.events).toHaveLength(2);
    });

    it('has a history that names masked members and shows none', async () => {
      const subject = await atWork();
      const { body, text } = await clerk.get(`${pathOf(subject)}/events`).expect(200);
      expect(body.superseded).toEqual([]);
      expect(body.events.map(({ type, place }: { type: string; place: number }) => [type, place])).toEqual([
        ['received', 1],
        ['processing-started', 2],
      ]);
      expect(body.events[0]).toMatchObject({
        agency: AGENCY,
        agencyName: 'Ủy ban nhân dân xã Đình Xuyên',
        masked: expect.arrayContaining(['/applicant/fullName', '/applicant/personalId', '/children/c1/fullName']),
        erased: [],
        effect: 'extends',
        data: { receivingAgency: AGENCY, place: { territory: '00565' } },
      });
      expect(body.events[0].data).not.toHaveProperty('_sd');
      expect(text).not.toContain(NAME);
    });

    it('gives the stored bytes of its events and of no others', async () => {
      const [one, other] = [await atWork(), await atWork()];
      const [stored] = await commune.services.store.readStream(one, 'all');
      const { body } = await clerk
        .get(`${pathOf(one)}/events/${stored?.hash}`)
        .buffer(true)
        .parse(collect)
        .expect(200);
      expect(Buffer.compare(body as Buffer, Buffer.from(stored?.bytes ?? []))).toBe(0);
      await clerk.get(`${pathOf(other)}/events/${stored?.hash}`).expect(404);
    });

    it('is shown to whom it concerns', async () => {
      const subject = await atWork();
      const path = pathOf(subject);
      const asks = async (wanted: { roles?: string[]; agencies?: string[] }, at = door) =>
        (await (await at.as(wanted)).get(path)).status;
      await exchangeAll(world.nodes);
      expect(await asks({ agencies: ['H26.129.06'] })).toBe(403);
      expect((await (await door.as({ agencies: ['H26.129.06'] })).get(`${path}/events`)).body).toMatchObject({
        code: 'NOT_YOUR_DOSSIER',
      });
      expect(await asks({ agencies: ['H26.129.06'], roles: ['operator'] })).toBe(200);
      expect(await asks({ agencies: ['H26.129.06'], roles: ['auditor'] })).toBe(200);
      expect(await asks({ agencies: ['H26.129'] }, district)).toBe(200);
      expect(await asks({ agencies: ['H26.129'], roles: ['operator'] })).toBe(421);
    });
  });

  describe('lists', () => {
    it('page through the dossiers of the agencies in the token, and no others', async () => {
      const agency = 'H26.129.09';
      const subjects = [await atWork(agency), await atWork(agency), await atWork(agency)];
      await atWork('H26.129.10');
      await door.fold();
      const own = await door.as({ agencies: [agency] });
      const first = await own.get('/v1/dossiers?limit=2').expect(200);
      const second = await own.get(`/v1/dossiers?limit=2&cursor=${first.body.next}`).expect(200);
      const found = [...first.body.items, ...second.body.items].map(({ subject }: { subject: string }) => subject);
      expect(found).toEqual(subjects.toReversed());
      expect(second.body).not.toHaveProperty('next');
      expect((await own.get('/v1/dossiers?agency=H26.129.10')).body.items).toEqual([]);
      expect(JSON.stringify(first.body)).not.toContain(NAME);
    });

    it('by state, deadline and any code', async () => {
      const agency = 'H26.129.11';
      const [one, other] = [await atWork(agency), await atWork(agency)];
      await acts(world, other, ['resolve', { agency }]);
      await door.fold();
      const own = await door.as({ agencies: [agency] });
      const ask = async (query: string): Promise<string[]> =>
        (await own.get(`/v1/dossiers?${query}`).expect(200)).body.items.map(
          ({ subject }: { subject: string }) => subject,
        );
      expect(await ask('state=Resolved')).toEqual([other]);
      expect(await ask('dueBefore=2023-12-01T00:00:00.000Z')).toEqual([one]);
      expect(await ask('dueBefore=2023-06-14T00:00:00.000Z')).toEqual([]);
      const { dossierCode } = (await own.get(pathOf(one))).body;
      expect(await ask(`code=${dossierCode}`)).toEqual([one]);
      expect((await (await door.as()).get(`/v1/dossiers?code=${dossierCode}`)).body.items).toEqual([]);
    });

    it('for a superior, of all below it; and totals', async () => {
      const agency = 'H26.129.12';
      const subject = await atWork(agency);
      await act(world, 'resolve', subject, { agency });
      await exchangeAll(world.nodes);
      await district.fold();
      await door.fold();
      const above = await district.as({ agencies: ['H26.129'] });
      expect((await above.get(`/v1/dossiers?agency=${agency}`)).body.items).toMatchObject([{ subject }]);
      const totals = await above.get(`/v1/totals?agency=${agency}`).expect(200);
      expect(totals.body.totals).toMatchObject([{ agency, received: 1, settled: 1, onTime: 1, waiting: 0 }]);
      expect((await (await door.as()).get(`/v1/totals?agency=${agency}`)).body.totals).toEqual([]);
      expect(
        (await (await door.as({ roles: ['auditor'] })).get(`/v1/totals?agency=${agency}`)).body.totals,
      ).toHaveLength(1);
    });
  });

  describe('personal data', () => {
    const reveal = (knock: Knock, subject: Subject, more: object = {}) =>
      knock.post(`${pathOf(subject)}/reveal`, { reason: 'handling', ...more });
    const operations = async (node: TestNode): Promise<readonly Record<string, unknown>[]> => {
      const log = await node.services.store.readLog(-1, 10_000);
      return log
        .map((stored) => openStored(stored).message)
        .filter(({ type }) => type === 'vn.lienthong.operation.personal-data-revealed.v1') as unknown as Record<
        string,
        unknown
      >[];
    };

    it('are shown to who handles the dossier, and that is on record without them', async () => {
      const subject = await atWork();
      const before = (await operations(commune)).length;
      const answer = await reveal(clerk, subject, { note: 'Bà Hòa hỏi ngày trả.' }).expect(200);
      expect(answer.headers['cache-control']).toBe('no-store');
      expect(answer.body.events[0]).toMatchObject({
        type: 'received',
        place: 1,
        erased: [],
        notHeld: [],
        fields: { '/applicant/fullName': NAME, '/actor/officerCode': 'CB-0042' },
      });
      const made = (await operations(commune)).slice(before);
      expect(made).toHaveLength(2);
      expect(made[0]).toMatchObject({
        source: 'urn:lienthong:node:gialam-communes',
        subject: `operation/gialam-communes/${AGENCY}/2023-06`,
        authtype: 'user',
        authid: 'clerk-7',
        data: {
          stream: subject,
          event: answer.body.events[0].hash,
          reason: 'handling',
          fields: expect.arrayContaining(['/applicant/fullName']),
          _sd: { '/note': expect.any(String) },
        },
      });
      expect(JSON.stringify(made)).not.toMatch(/Hòa|CB-0042/);
    });

    it('of one event, where one is named', async () => {
      const subject = await atWork();
      const second = (await clerk.get(`${pathOf(subject)}/events`)).body.events[1].hash as string;
      expect((await reveal(clerk, subject, { event: second }).expect(200)).body.events).toMatchObject([
        { hash: second, fields: { '/actor/name': 'Lê Thị Cúc' } },
      ]);
      await reveal(clerk, subject, { event: 'A'.repeat(43) }).expect(404);
    });

    it('are refused without a reason, and to whom they do not concern', async () => {
      const subject = await atWork();
      const before = (await operations(commune)).length;
      expect((await clerk.post(`${pathOf(subject)}/reveal`, {}).expect(400)).body).toMatchObject({
        code: 'BODY_INVALID',
      });
      await reveal(clerk, subject, { reason: 'curious' }).expect(400);
      await reveal(await door.as({ roles: ['auditor'] }), subject).expect(403);
      expect((await reveal(await door.as({ agencies: ['H26.129.06'] }), subject).expect(403)).body).toMatchObject({
        code: 'NOT_YOUR_DOSSIER',
      });
      expect(
        (await reveal(await door.as({ agencies: ['H26.129.06'], roles: ['operator', 'clerk'] }), subject).expect(403))
          .body,
      ).toMatchObject({ code: 'REVEAL_NOT_ALLOWED' });
      expect(
        (await reveal(await door.as({ agencies: ['H26.129.06'], roles: ['privacy-officer'] }), subject).expect(403))
          .body,
      ).toMatchObject({ code: 'REVEAL_NOT_ALLOWED' });
      expect(await operations(commune)).toHaveLength(before);
      await reveal(await door.as({ roles: ['privacy-officer'] }), subject).expect(200);
    });

    it('a superior counts without them, and sees them once it holds the dossier', async () => {
      const subject = await atWork();
      await exchangeAll(world.nodes);
      const officer = await district.as({ agencies: ['H26.129'], roles: ['officer'] });
      expect((await reveal(officer, subject).expect(403)).body).toMatchObject({ code: 'REVEAL_NOT_ALLOWED' });
      await act(world, 'forward', subject);
      await exchangeAll(world.nodes);
      expect((await reveal(officer, subject).expect(200)).body.events[0].fields).toMatchObject({
        '/applicant/fullName': NAME,
      });
    });

    it('who is asked sees what was named for it, and no more', async () => {
      const subject = await atWork();
      await act(world, 'request-opinion', subject);
      await exchangeAll(world.nodes);
      const officer = await district.as({ agencies: ['H26.129'], roles: ['officer'] });
      const { body } = await reveal(officer, subject).expect(200);
      const seen = Object.fromEntries(
        body.events.map(({ type, fields }: { type: string; fields: object }) => [type, Object.keys(fields).sort()]),
      );
      expect(seen).toEqual({
        received: ['/applicant/fullName', '/applicant/personalId'],
        'opinion-requested': ['/actor/name', '/question'],
      });
    });

    it('erased ones say so', async () => {
      const agency = 'H26.129.13';
      const subject = newDossier(agency);
      await acts(world, subject, ['file-dossier', { agency }], ['withdraw', { agency }]);
      const services = { ...commune.services, erasableFrom: () => world.clock.now() };
      const erasing = actFor('erase-personal-data', subject, { agency, data: { subjects: ['applicant'] } });
      expect(await actOnDossier(services, erasing)).toMatchObject({ kind: 'answered' });
      const own = await door.as({ agencies: [agency] });
      const { body } = await reveal(own, subject).expect(200);
      expect(body.events[0].fields).toMatchObject({
        '/applicant/fullName': 'đã xóa theo quy định',
        '/actor/name': 'Trần Văn Bình',
      });
      expect(body.events[0].erased).toContain('/applicant/fullName');
      const { body: history } = await own.get(`${pathOf(subject)}/events`);
      expect(history.events[0].erased).toContain('/applicant/fullName');
    });
  });
});

function collect(response: unknown, done: (error: Error | null, body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  const stream = response as NodeJS.ReadableStream;
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.on('end', () => done(null, Buffer.concat(chunks)));
}
