/** What was superseded, at the door: seen in the dossier, found in the list, counted in the status, taken over by a command. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { JsonObject, Subject } from '#libs/kernel';
import { openStored } from '#libs/use-cases';
import { exchangeAll } from '../../../libs/testing/exchange-all.ts';
import { actFor, acts, newDossier } from '../../../libs/testing/test-acts.ts';
import { openTestDoor, type Knock, type TestDoor } from '../../../libs/testing/test-door.ts';
import { GIALAM, openTestWorld, type TestWorld } from '../../../libs/testing/test-node.ts';

const [COMMUNE, DISTRICT, CITY] = ['H26.129.05', 'H26.129', 'H26'];
const data = actFor('start-processing', 'dossier/x' as Subject).data;

describe('superseded events at the door', () => {
  jest.setTimeout(60_000);
  let world: TestWorld;
  let door: TestDoor;
  let officer: Knock;
  let subject: Subject;
  let path: string;
  let started: string;
  beforeAll(async () => {
    world = await openTestWorld({ nodes: GIALAM });
    door = await openTestDoor(world.nodeOf('gialam-district'));
    officer = await door.as({ roles: ['officer'], agencies: [DISTRICT] });
    subject = newDossier();
    path = `/v1/${subject.replace('dossier/', 'dossiers/')}`;
    await acts(world, subject, ['file-dossier', { agency: COMMUNE }]);
    await exchangeAll(world.nodes);
    const suspensions: JsonObject[] = [{ from: '2023-06-01', streams: [subject], rehomer: CITY, legalBasis: 'QĐ 1' }];
    await world.publish(world.registrar.state('agency', { ...world.registrar.last(COMMUNE), suspensions }));
    await acts(
      world,
      subject,
      ['rehome', { agency: CITY, data: { to: DISTRICT, reason: 'suspension' } }],
      ['start-processing', { agency: COMMUNE }],
    );
    await exchangeAll(world.nodes);
    await door.fold();
    [started = ''] = (await door.node.services.store.findHead(subject))?.superseded ?? [];
  });
  afterAll(async () => {
    await door.close();
    await world.close();
  });

  const waits = async (): Promise<{ status: string; listed: readonly string[]; counted: number }> => {
    await door.fold();
    const { body } = await officer.get(path).expect(200);
    const list = await officer.get(`/v1/dossiers?unanswered=true&agency=${DISTRICT}`).expect(200);
    const node = await (await door.as({ roles: ['operator'], agencies: [DISTRICT] })).get('/v1/status').expect(200);
    return {
      status: body.superseded[0].status,
      listed: list.body.items.map((item: { subject: string }) => item.subject),
      counted: node.body.unanswered,
    };
  };

  it('are shown, listed and counted while they wait', async () => {
    expect((await officer.get(path).expect(200)).body.superseded).toEqual([
      { place: 2, agency: COMMUNE, events: [{ hash: started, type: 'processing-started' }], status: 'unanswered' },
    ]);
    expect(await waits()).toEqual({ status: 'unanswered', listed: [subject], counted: 1 });
    const { body } = await officer.get('/v1/dossiers?unanswered=perhaps').expect(400);
    expect(body).toMatchObject({ code: 'BODY_INVALID', faults: [{ pointer: '/unanswered' }] });
  });

  it('are named by their hash, in commands on a dossier that is there', async () => {
    const malformed = await officer.post(`${path}/start-processing`, { takesOver: 'that one', data }).expect(400);
    expect(malformed.body).toMatchObject({ code: 'BODY_INVALID', faults: [{ pointer: '/takesOver' }] });
    const unknown = { takesOver: `${'B'.repeat(42)}A`, data };
    expect((await officer.post(`${path}/start-processing`, unknown).expect(409)).body).toMatchObject({
      code: 'EVENT_UNKNOWN',
      type: 'urn:lienthong:problem:event-unknown',
    });
    const filing = { id: randomUUID(), receivingAgency: DISTRICT, data: {}, takesOver: started };
    await (await door.as({ agencies: [DISTRICT] })).post('/v1/dossiers', filing).expect(400);
  });

  it('are taken over once, the same request answered alike', async () => {
    const key = randomUUID();
    const take = (takesOver?: string) =>
      officer
        .post(`${path}/start-processing`, { ...(takesOver === undefined ? {} : { takesOver }), data })
        .set('idempotency-key', key);
    const first = await take(started).expect(200);
    expect((await take(started).expect(200)).body).toEqual(first.body);
    expect((await take().expect(422)).body).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    const again = await officer.post(`${path}/start-processing`, { takesOver: started, data }).expect(409);
    expect(again.body).toMatchObject({ code: 'ALREADY_CORRECTED' });
    const main = await door.node.services.store.readStream(subject, 'main');
    expect(main.map((stored) => openStored(stored).message.causationhash)).toEqual([undefined, undefined, started]);
    expect(await waits()).toEqual({ status: 'answered', listed: [], counted: 0 });
  });
});
