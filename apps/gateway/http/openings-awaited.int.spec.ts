/** A dossier that whoever has it, or is to have it, cannot read is seen: by the clerk, the operator and Prometheus. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { findContract } from '#libs/contracts';
import { ADAPTERS_AWAY, by, COMMUNE, DISTRICT, giaLam } from '../../../libs/testing/gia-lam.ts';
import { openTestDoor, type Knock, type TestDoor } from '../../../libs/testing/test-door.ts';

const nodes = ADAPTERS_AWAY.nodes.map((one) => ({ ...one, autoAccept: [] }));
const gialam = giaLam({ ...ADAPTERS_AWAY, nodes, ownWall: true });
const { acts, exchange, forwardedToDistrict, lose } = gialam;

let doors: Record<'commune' | 'district', TestDoor>;
let clerk: Knock;
beforeAll(async () => {
  doors = { commune: await openTestDoor(gialam.commune), district: await openTestDoor(gialam.district) };
  clerk = await doors.district.as({ agencies: [DISTRICT] });
});
afterAll(() => Promise.all(Object.values(doors).map((door) => door.close())));

const address = (): string => `/v1/${gialam.subject.replace('dossier/', 'dossiers/')}`;
const statusOf = async (door: TestDoor, agency: string): Promise<unknown> =>
  (await (await door.as({ roles: ['operator'], agencies: [agency] })).get('/v1/status').expect(200)).body
    .openingsAwaited;
/** What the gauge says; undefined: there is no such series. */
async function gaugeOf(door: TestDoor, name: string): Promise<number | undefined> {
  const { text } = await door.anonymous.get('/metrics').expect(200);
  const line = text.split('\n').find((one) => one.startsWith(`lienthong_openings_awaited${name}{`));
  return line === undefined ? undefined : Number(line.split(' ').at(-1));
}
/** So long that the node looks again, and asks the next holder. */
async function later(ms = 11_000): Promise<void> {
  gialam.wall.advance(ms);
  await exchange();
}

it('shows on the way what it is not accepted for, and no more when it has come', async () => {
  const none = { openings: 0, dossiers: 0 };
  expect(await statusOf(doors.district, DISTRICT)).toEqual(none);
  lose('exchange.openings.');
  await forwardedToDistrict();
  await later();
  const { body } = await clerk.get(address()).expect(200);
  expect(body).toMatchObject({ situation: 'InTransit', openingsAwaited: 2 });
  const accepting = { data: findContract('command', 'accept-custody', 1)?.example };
  const early = await clerk.post(`${address()}/accept-custody`, accepting);
  expect(early.body).toMatchObject({ code: 'OPENINGS_MISSING' });
  const stored = await gialam.district.services.store.readStream(gialam.subject, 'main');
  const oldestSince = stored.at(-1)?.appendedAt;
  expect(await statusOf(doors.district, DISTRICT)).toEqual({ openings: 2, dossiers: 1, oldestSince });
  expect(await gaugeOf(doors.district, '')).toBe(2);
  expect(await gaugeOf(doors.district, '_dossiers')).toBe(1);
  expect(await gaugeOf(doors.district, '_oldest_age_seconds')).toBeGreaterThanOrEqual(0);
  expect((await clerk.get(`${address()}?version=2`).expect(200)).body).not.toHaveProperty('openingsAwaited');
  gialam.world.broker.disturb();
  for (const ms of [60_000, 60_000, 60_000]) await later(ms);
  expect((await clerk.get(address()).expect(200)).body).not.toHaveProperty('openingsAwaited');
  expect(await statusOf(doors.district, DISTRICT)).toEqual(none);
  expect(await gaugeOf(doors.district, '')).toBe(0);
  expect(await gaugeOf(doors.district, '_oldest_age_seconds')).toBeUndefined();
});

it('shows what a custodian cannot read to whom it came back', async () => {
  await forwardedToDistrict();
  lose('exchange.openings.');
  await acts(['decline-custody', by(DISTRICT)]);
  await exchange();
  const commune = await doors.commune.as({ agencies: [COMMUNE] });
  expect((await commune.get(address()).expect(200)).body).toMatchObject({ custodian: COMMUNE, openingsAwaited: 1 });
  expect(await statusOf(doors.commune, COMMUNE)).toMatchObject({ openings: 1, dossiers: 1 });
  expect((await clerk.get(address()).expect(200)).body).not.toHaveProperty('openingsAwaited');
});
