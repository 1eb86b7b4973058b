/** Keys of an agency replaced, and revoked, while its node works and its mail is on the way (wire format 3). */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { publicKeys, rotateKeys } from '#libs/key-custody';
import type { Instant, JsonObject, Message, Subject } from '#libs/kernel';
import { judgeQuarantinedAgain } from '../release-held/release-held.ts';
import { exchangeAll } from '../../testing/exchange-all.ts';
import { forge, mail, recordWith } from '../../testing/forged-messages.ts';
import { acts, historyAt, laterThan, namesAt, newDossier, nodeAt, type ActWanted } from '../../testing/test-acts.ts';
import { GIALAM, openTestWorld, type TestNode, type TestWorld } from '../../testing/test-node.ts';

jest.setTimeout(60_000);

const COMMUNE = 'H26.129.05';
const by = (agency: string, data: object = {}): ActWanted => ({ agency, data: { ...data } });
const OLD = '2023-1';
const NEW = '2023-2';
const AN_HOUR = 3_600_000;

let world: TestWorld;
let commune: TestNode;
let district: TestNode;
let city: TestNode;
beforeAll(async () => {
  world = await openTestWorld({ nodes: GIALAM });
  commune = nodeAt(world, COMMUNE);
  district = nodeAt(world, 'H26.129');
  city = nodeAt(world, 'H26');
}, 60_000);
afterAll(() => world.close());

const storedAt = async (node: TestNode, subject: Subject) =>
  (await node.services.store.readStream(subject, 'all')).map(({ bytes }) => ({
    bytes,
    message: JSON.parse(Buffer.from(bytes).toString('utf8')) as Message,
  }));
const keysOf = async (node: TestNode, subject: Subject): Promise<readonly string[]> =>
  (await storedAt(node, subject)).map(({ message }) => message.keyid.split('#')[1] ?? '');
const quarantined = async (node: TestNode): Promise<readonly string[]> =>
  (await node.services.store.listQuarantine({ limit: 1000 })).map(({ code, hash }) => `${code} ${hash}`);

/** What the registrar states after `lienthong keys rotate`: every key, of the agency and of its node, with its end. */
async function stateKeys(change: (key: JsonObject) => JsonObject = (key) => key): Promise<void> {
  const { registrar } = world;
  const keys = (owner: string): JsonObject[] =>
    publicKeys(commune.keysDir)
      .signing.filter((key) => key.owner === owner)
      .map(({ label, publicKey, validFrom, validTo }) =>
        change({ label, alg: 'Ed25519', publicKey, validFrom: validFrom ?? '', ...(validTo ? { validTo } : {}) }),
      );
  await world.publish(
    registrar.state('node', { ...registrar.last(commune.node), signingKeys: keys(commune.node) }),
    registrar.state('agency', { ...registrar.last(COMMUNE), keys: keys(COMMUNE) }),
  );
  for (const { services } of world.nodes) await judgeQuarantinedAgain(services);
}

describe('an agency that replaces its key', () => {
  const early = newDossier();
  const onTheWay = newDossier();
  const unheard = newDossier();
  const late = newDossier();
  let next: Instant;

  it('signs with the old one until its moment, with the new one from then on; nothing on the way is refused', async () => {
    await acts(world, early, ['file-dossier', by(COMMUNE)]);
    await exchangeAll(world.nodes);
    next = laterThan(world.clock.now(), AN_HOUR);
    rotateKeys(commune.keysDir, { node: commune.node, label: NEW, validFrom: next });
    await stateKeys();
    const { sealed: sent } = forge(commune, { subject: onTheWay, name: 'received' });
    world.clock.advance(AN_HOUR);
    await acts(world, late, ['file-dossier', by(COMMUNE)]);
    await acts(world, early, ['start-processing', by(COMMUNE)]);
    mail(district, recordWith(sent));
    await exchangeAll(world.nodes);
    expect(await keysOf(district, early)).toEqual([OLD, NEW]);
    expect(await keysOf(district, late)).toEqual([NEW]);
    expect(await keysOf(district, onTheWay)).toEqual([OLD]);
    expect([...(await quarantined(district)), ...(await quarantined(city))]).toEqual([]);
  });

  it('is no more believed under the old one, a while after', async () => {
    world.clock.advance(AN_HOUR);
    const stolen = forge(commune, { subject: newDossier(), name: 'received', members: { keyid: `${COMMUNE}#${OLD}` } });
    mail(district, recordWith(stolen.sealed));
    await exchangeAll(world.nodes);
    expect(await quarantined(district)).toEqual([`KEY_NOT_VALID_THEN ${stolen.sealed.hash}`]);
  });

  it('and is faster than the directory: what it signs waits, and is believed when the statement comes', async () => {
    rotateKeys(commune.keysDir, { node: commune.node, label: '2023-3', validFrom: world.clock.now() });
    await acts(world, unheard, ['file-dossier', by(COMMUNE)]);
    await exchangeAll(world.nodes);
    expect(await namesAt(district, unheard)).toEqual([]);
    expect((await quarantined(district)).filter((row) => row.startsWith('KEY_UNKNOWN'))).not.toEqual([]);
    await stateKeys();
    await exchangeAll(world.nodes);
    expect(await keysOf(district, unheard)).toEqual(['2023-3']);
  });

  it('may have it revoked: what was recorded stays, whatever comes later under it is refused everywhere', async () => {
    const before = await historyAt(district, early);
    const atDistrict = await quarantined(district);
    const copies = await storedAt(district, early);
    const revoked = { at: world.clock.now(), believed: [] };
    const { sealed: later } = forge(commune, { subject: newDossier(), name: 'received' });
    rotateKeys(commune.keysDir, { node: commune.node, label: '2023-4', validFrom: world.clock.now() });
    await stateKeys((key) => (key['label'] === '2023-3' || key['label'] === OLD ? { ...key, revoked } : key));
    for (const node of [district, city]) mail(node, recordWith(later), ...copies.map((copy) => recordWith(copy)));
    await exchangeAll(world.nodes);
    expect(await historyAt(district, early)).toEqual(before);
    expect(await historyAt(city, early)).toEqual(before);
    expect(await quarantined(district)).toEqual([...atDistrict, `KEY_REVOKED ${later.hash}`]);
    expect(await quarantined(city)).toContain(`KEY_REVOKED ${later.hash}`);
    await acts(world, unheard, ['start-processing', by(COMMUNE)]);
    await exchangeAll(world.nodes);
    expect(await keysOf(district, unheard)).toEqual(['2023-3', '2023-4']);
  });
});
