/** Commands at the door: filed, decided, repeated, stale, refused, on their way to another node and back. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { openStored } from '#libs/use-cases';
import { exchangeAll } from '../../../libs/testing/exchange-all.ts';
import { actFor } from '../../../libs/testing/test-acts.ts';
import { openTestDoor, type Knock, type TestDoor } from '../../../libs/testing/test-door.ts';
import { GIALAM, openTestWorld, type TestWorld } from '../../../libs/testing/test-node.ts';
import type { DossierCommandName } from '#libs/dossier';
import type { Subject } from '#libs/kernel';

const AGENCY = 'H26.129.05';
const dataOf = (command: DossierCommandName, more: Readonly<Record<string, unknown>> = {}) =>
  actFor(command, 'dossier/x' as Subject, { data: more }).data;
const filing = (more: Readonly<Record<string, unknown>> = {}) => ({
  id: randomUUID(),
  receivingAgency: AGENCY,
  data: dataOf('file-dossier'),
  ...more,
});

describe('commands at the door', () => {
  jest.setTimeout(60_000);
  let world: TestWorld;
  let door: TestDoor;
  let clerk: Knock;
  beforeAll(async () => {
    world = await openTestWorld({ nodes: GIALAM.map((wanted) => ({ ...wanted, autoAccept: 'all' as const })) });
    door = await openTestDoor(world.nodeOf('gialam-communes'));
    clerk = await door.as({ roles: ['clerk', 'officer', 'head'] });
  });
  afterAll(async () => {
    await door.close();
    await world.close();
  });

  async function filed(): Promise<{ id: string; path: string; etag: string }> {
    const body = filing();
    const answer = await clerk.post('/v1/dossiers', body).expect(201);
    return { id: body.id, path: `/v1/dossiers/${AGENCY}/${body.id}`, etag: String(answer.headers['etag']) };
  }
  const atDistrict = async (): Promise<Awaited<ReturnType<typeof filed>>> => {
    const dossier = await filed();
    await clerk.post(`${dossier.path}/forward`, { data: dataOf('forward') }).expect(200);
    await exchangeAll(world.nodes);
    return dossier;
  };

  it('files a dossier: where it is, its code, its due date, its entity tag', async () => {
    const body = filing();
    const answer = await clerk.post('/v1/dossiers', body).expect(201);
    expect(answer.body).toMatchObject({
      status: 'accepted',
      subject: `dossier/${AGENCY}/${body.id}`,
      situation: 'Received',
      dossierCode: expect.stringMatching(/^H26\.129\.05-230614-\d{4}$/),
      dueAt: expect.any(String),
      events: [{ type: 'received', place: 1 }],
    });
    expect(answer.headers).toMatchObject({
      location: `/v1/dossiers/${AGENCY}/${body.id}`,
      etag: `"${answer.body.events[0].hash}"`,
      'cache-control': 'no-store',
      'lt-correlation-id': expect.any(String),
    });
  });

  it('receives what is complete; what is missing is named, then submitted and asked for', async () => {
    const bare = { exemptComponents: undefined };
    const body = filing({ data: dataOf('file-dossier', bare) });
    const refused = await clerk.post('/v1/dossiers', body).expect(422);
    expect(refused.body).toMatchObject({
      code: 'COMPONENTS_MISSING',
      missing: ['1.001193.C03'],
      message: { vi: expect.stringContaining('Giấy tờ tùy thân của người đi đăng ký') },
    });
    const submitted = { ...body, data: dataOf('file-dossier', { ...bare, receiveAtOnce: false }) };
    await clerk.post('/v1/dossiers', submitted).expect(201);
    const path = `/v1/dossiers/${AGENCY}/${body.id}`;
    const paper = { form: 'paper', digitised: false, reused: false, fromPersonalStore: false };
    await clerk.post(`${path}/request-supplement`, { data: dataOf('request-supplement') }).expect(200);
    await clerk
      .post(`${path}/provide-supplement`, {
        data: dataOf('provide-supplement', { components: { '1.001193.C03': paper } }),
      })
      .expect(200);
    const received = await clerk.post(`${path}/receive-dossier`, { data: dataOf('receive-dossier', bare) }).expect(200);
    expect(received.body).toMatchObject({ situation: 'Received' });
  });

  it('says in the answer and in the dossier what is to be seen of what it accepted', async () => {
    const data = dataOf('file-dossier', { dossierCode: 'H26.129.05-230102-9077', registerNumber: 77 });
    const body = filing({ data });
    const answer = await clerk.post('/v1/dossiers', body).expect(201);
    const warning = { code: 'DOSSIER_CODE_DATE_DIFFERS', event: answer.body.events[0].hash };
    expect(answer.body.warnings).toEqual([
      {
        ...warning,
        message: {
          vi: expect.stringContaining('2023-06-14'),
          en: 'The date in dossier code H26.129.05-230102-9077 is not the date of receipt, 2023-06-14.',
        },
      },
    ]);
    const shown = await clerk.get(`/v1/dossiers/${AGENCY}/${body.id}`).expect(200);
    expect(shown.body).toMatchObject({ warnings: [warning], facts: { flags: ['DOSSIER_CODE_DATE_DIFFERS'] } });
    const silent = await clerk.post('/v1/dossiers', filing()).expect(201);
    expect(silent.body).not.toHaveProperty('warnings');
  });

  it('gives the first answer to the same request again, and acts once', async () => {
    const body = filing();
    const key = randomUUID();
    const first = await clerk.post('/v1/dossiers', body).set('idempotency-key', key).expect(201);
    const second = await clerk.post('/v1/dossiers', body).set('idempotency-key', key).expect(200);
    expect(second.body).toEqual(first.body);
    const other = filing();
    const reused = await clerk.post('/v1/dossiers', other).set('idempotency-key', key).expect(422);
    expect(reused.body).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    await clerk.get(`/v1/dossiers/${AGENCY}/${other.id}`).expect(404);
    const again = await clerk.post('/v1/dossiers', body).expect(409);
    expect(again.body).toMatchObject({
      code: 'DOSSIER_EXISTS',
      situation: 'Received',
      allowed: expect.arrayContaining(['start-processing']),
    });
  });

  it('acts once when the same request comes many times at once', async () => {
    const body = filing();
    const key = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => clerk.post('/v1/dossiers', body).set('idempotency-key', key)),
    );
    expect(new Set(answers.map(({ body: view }) => view.events?.[0]?.hash)).size).toBe(1);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  });

  it('carries the correlation id and the officer into the event', async () => {
    const correlation = randomUUID();
    const { path } = await filed();
    const answer = await clerk
      .post(`${path}/start-processing`, { data: dataOf('start-processing') })
      .set('lt-correlation-id', correlation)
      .expect(200);
    expect(answer.headers['lt-correlation-id']).toBe(correlation);
    const bytes = await clerk.get(`${path}/events/${answer.body.events[0].hash}`).expect(200);
    expect(bytes.headers['content-type']).toBe('application/cloudevents+json; charset=utf-8');
    expect(JSON.parse(bytes.text ?? bytes.body.toString())).toMatchObject({
      correlationid: correlation,
      authtype: 'user',
      authid: 'clerk-7',
    });
    const adapter = await door.as({ roles: ['adapter'], sub: 'one-stop-software' });
    const second = filing();
    const byAdapter = await adapter.post('/v1/dossiers', second).expect(201);
    const [stored] = await world
      .nodeOf('gialam-communes')
      .services.store.readStream(`dossier/${AGENCY}/${second.id}` as Subject, 'all');
    expect(stored && openStored(stored).message).toMatchObject({
      authtype: 'service_account',
      authid: 'one-stop-software',
    });
    expect(byAdapter.body.status).toBe('accepted');
  });

  it('refuses a decision made on an older state', async () => {
    const { path, etag } = await filed();
    const started = await clerk
      .post(`${path}/start-processing`, { data: dataOf('start-processing') })
      .set('if-match', etag)
      .expect(200);
    const stale = await clerk
      .post(`${path}/resolve`, { data: dataOf('resolve') })
      .set('if-match', etag)
      .expect(412);
    expect(stale.body).toMatchObject({
      code: 'STALE',
      situation: 'InProcess',
      allowed: expect.arrayContaining(['resolve']),
    });
    await clerk
      .post(`${path}/resolve`, { data: dataOf('resolve') })
      .set('if-match', String(started.headers['etag']))
      .expect(200);
    const bad = await clerk
      .post(`${path}/forward`, { data: dataOf('forward') })
      .set('if-match', 'W/"x"')
      .expect(400);
    expect(bad.body).toMatchObject({ code: 'ETAG_MALFORMED' });
  });

  it('says the situation and what is allowed instead', async () => {
    const { path } = await filed();
    await clerk.post(`${path}/withdraw`, { data: dataOf('withdraw') }).expect(200);
    const refused = await clerk.post(`${path}/resolve`, { data: dataOf('resolve') }).expect(409);
    expect(refused.headers['content-type']).toMatch('application/problem+json');
    expect(refused.body).toMatchObject({
      type: 'urn:lienthong:problem:command-not-allowed',
      status: 409,
      code: 'COMMAND_NOT_ALLOWED',
      situation: 'Withdrawn',
      allowed: expect.any(Array),
      message: { vi: expect.stringContaining('Withdrawn'), en: expect.stringContaining('Withdrawn') },
    });
    expect(refused.body.allowed).not.toContain('resolve');
  });

  it('refuses who may not: role, agency, capacity', async () => {
    const { path } = await filed();
    const clerkOnly = await door.as();
    const role = await clerkOnly.post(`${path}/resolve`, { data: dataOf('resolve') }).expect(403);
    expect(role.body).toMatchObject({
      code: 'ROLE_NOT_ALLOWED',
      message: { en: expect.stringContaining('officer, head') },
    });
    const auditor = await door.as({ roles: ['auditor'] });
    await auditor.post(`${path}/withdraw`, { data: dataOf('withdraw') }).expect(403);
    const neighbour = await door.as({ roles: ['officer'], agencies: ['H26.129.06'] });
    const stranger = await neighbour.post(`${path}/start-processing`, { data: dataOf('start-processing') }).expect(403);
    expect(stranger.body).toMatchObject({ code: 'NOT_A_PARTY' });
    const unknown = await clerk
      .post(`${path.slice(0, -36)}${randomUUID()}/start-processing`, { data: dataOf('start-processing') })
      .expect(404);
    expect(unknown.body).toMatchObject({ code: 'DOSSIER_UNKNOWN' });
  });

  it('sends a command to the custodian, answers 202, and shows the outcome at its address', async () => {
    const { path } = await atDistrict();
    const sent = await clerk.post(`${path}/withdraw`, { data: dataOf('withdraw') }).expect(202);
    expect(sent.body).toMatchObject({ status: 'pending', command: expect.any(String), events: [] });
    expect(sent.headers['location']).toBe(`/v1/commands/${sent.body.command}`);
    const location = String(sent.headers['location']);
    expect((await clerk.get(location).expect(200)).body).toMatchObject({ status: 'pending' });
    await exchangeAll(world.nodes);
    expect((await clerk.get(location).expect(200)).body).toMatchObject({
      status: 'accepted',
      situation: 'Withdrawn',
      events: [{ type: 'withdrawn', place: 4 }],
    });
    const neighbour = await door.as({ agencies: ['H26.129.06'] });
    expect((await neighbour.get(location).expect(404)).body).toMatchObject({ code: 'COMMAND_NOT_SENT' });
  });

  it('waits for the outcome as long as the caller prefers', async () => {
    const { path } = await atDistrict();
    const waiting = clerk
      .post(`${path}/withdraw`, { data: dataOf('withdraw') })
      .set('prefer', 'wait=20')
      .then((answer) => answer);
    const answer = await untilSettled(waiting, () => exchangeAll(world.nodes));
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({ 'preference-applied': 'wait', etag: expect.any(String) });
    expect(answer.body).toMatchObject({ status: 'accepted', situation: 'Withdrawn' });
    const again = clerk
      .post(`${path}/provide-supplement`, { data: dataOf('provide-supplement') })
      .set('prefer', 'respond-async, wait=20')
      .then((reply) => reply);
    const refused = await untilSettled(again, () => exchangeAll(world.nodes));
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({
      code: 'SUPPLEMENT_NOT_OPEN',
      allowed: expect.any(Array),
      message: { vi: expect.any(String), en: expect.any(String) },
    });
    await clerk
      .post(`${path}/provide-supplement`, { data: dataOf('provide-supplement') })
      .set('prefer', 'wait=0')
      .expect(202);
  });

  it('files with an agency of another node by command', async () => {
    const body = filing({ receivingAgency: 'H26.129' });
    const sent = await clerk.post('/v1/dossiers', body).expect(202);
    await exchangeAll(world.nodes);
    const outcome = await clerk.get(String(sent.headers['location'])).expect(200);
    expect(outcome.body).toMatchObject({
      status: 'refused',
      code: 'NOT_A_PARTY',
      message: { vi: expect.any(String), en: expect.any(String) },
    });
  });

  it('sends agencies of another node there', async () => {
    const { path } = await filed();
    const district = await door.as({ agencies: ['H26.129'] });
    const answer = await district.post(`${path}/withdraw`, { data: dataOf('withdraw') }).expect(421);
    expect(answer.body).toMatchObject({
      code: 'AGENCY_NOT_HERE',
      agency: 'H26.129',
      node: 'gialam-district',
      baseUrl: 'https://gialam-district.lienthong.example',
    });
    await district.get(path).expect(421);
    const ended = await door.as({ agencies: ['H26.211'] });
    expect((await ended.get(path).expect(422)).body).toMatchObject({ code: 'AGENCY_NOT_VALID', agency: 'H26.211' });
    const several = await door.as({ agencies: [AGENCY, 'H26.129.06'] });
    expect((await several.post(`${path}/withdraw`, { data: dataOf('withdraw') }).expect(400)).body).toMatchObject({
      code: 'AGENCY_MISSING',
    });
    await several
      .post(`${path}/withdraw`, { data: dataOf('withdraw') })
      .set('lt-agency', AGENCY)
      .expect(200);
    expect((await several.get(path).set('lt-agency', 'H26.129.07').expect(403)).body).toMatchObject({
      code: 'AGENCY_NOT_YOURS',
    });
  });
});

/** Lets the nodes exchange again and again while an answer is waited for. */
async function untilSettled<T>(promise: Promise<T>, exchange: () => Promise<unknown>): Promise<T> {
  let settled = false;
  const watched = promise.finally(() => {
    settled = true;
  });
  while (!settled) await Promise.all([exchange(), new Promise((resolve) => setImmediate(resolve))]);
  return watched;
}
