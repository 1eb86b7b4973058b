/** Superseded events are put before the custodian, who takes them over or refuses them, each once (design 4). */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ROLES } from '#libs/dossier';
import type { AgencyCode, Hash, JsonObject, SealedMessage, Subject } from '#libs/kernel';
import { exchangeAll } from '../../testing/exchange-all.ts';
import { forge, mail, recordWith } from '../../testing/forged-messages.ts';
import {
  act,
  acts,
  historyAt,
  laterThan,
  namesAt,
  newDossier,
  nodeAt,
  type ActWanted,
} from '../../testing/test-acts.ts';
import { GIALAM, openTestWorld, type TestNode, type TestWorld } from '../../testing/test-node.ts';
import { readDossier } from '../read-dossier/read-dossier.ts';
import { openStored } from '../stored-messages.ts';

jest.setTimeout(60_000);

const COMMUNE = 'H26.129.05';
const DISTRICT = 'H26.129';
const CITY = 'H26';
const by = (agency: string, data: object = {}, more: ActWanted['more'] = {}): ActWanted => ({
  agency,
  data: { ...data },
  more,
});

let world: TestWorld;
let commune: TestNode;
let district: TestNode;
let subject: Subject;
beforeAll(async () => {
  world = await openTestWorld({ nodes: GIALAM });
  [commune, district] = [COMMUNE, DISTRICT].map((agency) => nodeAt(world, agency)) as [TestNode, TestNode];
}, 60_000);
afterAll(() => world.close());
beforeEach(() => {
  subject = newDossier();
});

const exchange = () => exchangeAll(world.nodes);
const mainAt = async (node: TestNode): Promise<readonly SealedMessage[]> =>
  (await node.services.store.readStream(subject, 'main')).map(openStored);
async function shownAt(node: TestNode, agency = DISTRICT) {
  const reader = { agencies: [agency as AgencyCode], roles: ROLES };
  return (await readDossier(node.services, subject, { reader, asOf: {} })).superseded;
}
const refusal = (...supersededEvents: readonly Hash[]) => ({
  verdict: 'refused',
  supersededEvents,
  reason: 'overtaken',
  ...{ corrects: undefined, fields: undefined, applicant: undefined },
});

/** The commune starts to process, and resolves, while the city rehomes to the district: what the commune did has lost. */
async function superseded(): Promise<{ started: Hash; resolved: Hash; again: Hash }> {
  await acts(world, subject, ['file-dossier', by(COMMUNE)]);
  await exchange();
  const stated = world.registrar.last(COMMUNE);
  const suspension = { from: '2023-06-01', streams: [subject], rehomer: CITY, legalBasis: 'QĐ 1/2023' };
  const suspensions = [...((stated['suspensions'] ?? []) as JsonObject[]), suspension];
  await world.publish(world.registrar.state('agency', { ...stated, suspensions }));
  await acts(
    world,
    subject,
    ['rehome', by(CITY, { to: DISTRICT, reason: 'suspension' })],
    ['start-processing', by(COMMUNE)],
    ['resolve', by(COMMUNE)],
  );
  const [received, started, resolved] = await mainAt(commune);
  const again = forge(commune, { subject, name: 'processing-started', ...(received ? { after: received } : {}) });
  mail(district, recordWith(again.sealed));
  await exchange();
  await exchange();
  return { started: started!.hash, resolved: resolved!.hash, again: again.sealed.hash };
}

describe('superseded events', () => {
  it('wait before the custodian, those of one author at one place as one, at every node', async () => {
    const { started, resolved, again } = await superseded();
    for (const node of world.nodes)
      expect(await shownAt(node, node.agencies[0])).toEqual([
        {
          place: 2,
          agency: COMMUNE,
          events: expect.arrayContaining([
            { hash: started, type: 'processing-started' },
            { hash: again, type: 'processing-started' },
          ]),
          status: 'unanswered',
        },
        { place: 3, agency: COMMUNE, events: [{ hash: resolved, type: 'resolved' }], status: 'unanswered' },
      ]);
  });

  it('are taken over by the ordinary command, whose event has them as its cause; every node sees the answer', async () => {
    const { started, resolved, again } = await superseded();
    const idOf = async (hash: Hash) =>
      openStored((await district.services.store.findByHash([hash])).get(hash)!).message.id;
    await acts(world, subject, ['start-processing', by(DISTRICT, {}, { takesOver: started })]);
    const taken = (await mainAt(district)).at(-1)!;
    expect(taken.message).toMatchObject({ causationhash: started, causationid: await idOf(started) });
    for (const event of [started, again])
      expect(await act(world, 'correct', subject, by(DISTRICT, refusal(event)))).toMatchObject({
        kind: 'refused',
        code: 'ALREADY_CORRECTED',
      });
    await acts(world, subject, ['resolve', by(DISTRICT, {}, { takesOver: resolved })]);
    await exchange();
    const history = await historyAt(district, subject);
    for (const node of world.nodes) {
      expect(await historyAt(node, subject)).toEqual(history);
      expect((await shownAt(node, node.agencies[0])).map(({ status, answer }) => [status, answer?.how])).toEqual([
        ['answered', 'taken-over'],
        ['answered', 'taken-over'],
      ]);
    }
    expect(await namesAt(district, subject)).toEqual(['received', 'rehomed', 'processing-started', 'resolved']);
  });

  it('are refused by name, one for all of its author and place', async () => {
    const { started, resolved, again } = await superseded();
    await acts(world, subject, ['correct', by(DISTRICT, refusal(again))]);
    const takeOver = await act(world, 'start-processing', subject, by(DISTRICT, {}, { takesOver: started }));
    expect(takeOver).toMatchObject({ kind: 'refused', code: 'ALREADY_CORRECTED' });
    expect((await shownAt(district)).map(({ status }) => status)).toEqual(['answered', 'unanswered']);
    await acts(world, subject, ['correct', by(DISTRICT, refusal(resolved))]);
    expect((await shownAt(district)).map(({ status }) => status)).toEqual(['answered', 'answered']);
  });

  it('are taken over once, whoever asks at the same time, and by a repeated request not again', async () => {
    const { started } = await superseded();
    const idempotency = { client: 'desk', key: randomUUID(), request: Buffer.from('a') };
    const taking = () => act(world, 'start-processing', subject, by(DISTRICT, {}, { takesOver: started, idempotency }));
    const other = () => act(world, 'start-processing', subject, by(DISTRICT, {}, { takesOver: started }));
    const all = await Promise.all([taking(), taking(), other()]);
    expect(await namesAt(district, subject)).toEqual(['received', 'rehomed', 'processing-started']);
    const refused = all.filter(({ kind }) => kind === 'refused');
    for (const one of refused) expect(one).toMatchObject({ code: 'ALREADY_CORRECTED' });
    expect(refused.length).toBeGreaterThan(0);
  });
});

describe('what cannot be taken over', () => {
  const stranger = 'A'.repeat(43) as Hash;

  it.each([
    ['unknown', () => stranger, 'EVENT_UNKNOWN'],
    ['on the main history', (main: readonly SealedMessage[]) => main[1]!.hash, 'EVENT_NOT_SUPERSEDED'],
  ])('is an event that is %s', async (_, pick, code) => {
    await superseded();
    const takesOver = pick(await mainAt(district));
    const before = await historyAt(district, subject);
    expect(await act(world, 'start-processing', subject, by(DISTRICT, {}, { takesOver }))).toMatchObject({
      kind: 'refused',
      code,
      message: { vi: expect.stringContaining(takesOver), en: expect.stringContaining(takesOver) },
    });
    expect(await historyAt(district, subject)).toEqual(before);
  });

  it('is one of another type, and one in another hand', async () => {
    const { resolved, started } = await superseded();
    expect(await act(world, 'start-processing', subject, by(DISTRICT, {}, { takesOver: resolved }))).toMatchObject({
      code: 'EVENT_OF_ANOTHER_TYPE',
    });
    expect(await act(world, 'withdraw', subject, by(COMMUNE, {}, { takesOver: started }))).toMatchObject({
      code: 'NOT_CUSTODIAN',
    });
    await acts(world, subject, [
      'forward',
      by(DISTRICT, { to: CITY, step: 'appraise', legDueAt: laterThan(world.clock.now(), 86_400_000) }),
    ]);
    expect(await act(world, 'start-processing', subject, by(DISTRICT, {}, { takesOver: started }))).toMatchObject({
      code: 'NOT_CUSTODIAN',
    });
  });
});
