/** What a later statement of a registrar sets free, what the directory forbids, and how a node remembers it (wire format 7). */
import { generateKeyPairSync, sign } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { agencySource, schemaOf, typeOf, type JsonObject, type SealedMessage, type Subject } from '#libs/kernel';
import { findContract } from '#libs/contracts';
import { commitPersonal, sealMessage } from '#libs/exchange';
import { exchangeAll } from '../../testing/exchange-all.ts';
import { forge, mail, recordWith } from '../../testing/forged-messages.ts';
import { act, acts, namesAt, newDossier, nodeAt, type ActWanted } from '../../testing/test-acts.ts';
import { GIALAM, openTestWorld, type TestNode, type TestWorld } from '../../testing/test-node.ts';
import { DIRECTORY_TOPIC } from '../node-services.ts';
import type { OutgoingRecord } from '../ports/index.ts';
import { openStored } from '../stored-messages.ts';
import { judgeQuarantinedAgain } from './release-held.ts';

jest.setTimeout(60_000);

const COMMUNE = 'H26.129.05';
const DISTRICT = 'H26.129';
const CITY = 'H26';
const by = (agency: string, data: object = {}): ActWanted => ({ agency, data: { ...data } });

let world: TestWorld;
let commune: TestNode;
let district: TestNode;
let city: TestNode;
let subject: Subject;
beforeAll(async () => {
  world = await openTestWorld({ nodes: GIALAM });
  [commune, district, city] = [COMMUNE, DISTRICT, CITY].map((agency) => nodeAt(world, agency)) as [
    TestNode,
    TestNode,
    TestNode,
  ];
}, 60_000);
afterAll(() => world.close());
beforeEach(() => {
  subject = newDossier();
});

const asTaken = ({ key, value }: OutgoingRecord) => ({ key: Buffer.from(key), value });
/** One node reads a statement, the others do not yet. */
async function read(node: TestNode, record: OutgoingRecord): Promise<number> {
  const taken = await node.desk.take(node.services, [asTaken(record)]);
  if (taken > 0) await judgeQuarantinedAgain(node.services);
  return taken;
}
function state(agency: string, change: (stated: JsonObject) => JsonObject): OutgoingRecord {
  const stated = world.registrar.last(agency);
  return world.registrar.state('agency', { ...stated, ...change(stated) });
}
const suspended = (agency: string) =>
  state(agency, ({ suspensions }) => ({
    suspensions: [
      ...(suspensions as JsonObject[]),
      { from: '2023-06-01', streams: [subject], rehomer: CITY, legalBasis: 'QĐ 1' },
    ],
  }));
const quarantined = async (node: TestNode, sealed: SealedMessage) =>
  (await node.services.store.listQuarantine({ limit: 1000 })).find(({ hash }) => hash === sealed.hash);

describe('a later statement', () => {
  it('releases what came under a key not known before', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const publicText = publicKey.export({ format: 'jwk' }).x ?? '';
    const { services } = commune;
    const pointers = services.contracts.personalPointers('dossier', 'received', 1);
    const example = findContract('dossier', 'received', 1)!.example;
    const { data } = commitPersonal(example, pointers, () => services.ids.randomBytes(32), services.sha256);
    const now = world.clock.now();
    const sealed = sealMessage(
      {
        specversion: '1.0',
        profile: 'lt1',
        id: services.ids.uuid7(),
        source: agencySource(COMMUNE as never),
        type: typeOf('dossier', 'received'),
        subject,
        streamseq: '0000000001',
        time: now,
        recordedtime: now,
        datacontenttype: 'application/json',
        dataschema: schemaOf('dossier', 'received'),
        correlationid: services.ids.uuid7(),
        authtype: 'system',
        authid: 'new-key',
        keyid: `${COMMUNE}#2024`,
        data,
      },
      (bytes) => sign(null, bytes, privateKey),
      services.sha256,
    );
    mail(district, recordWith(sealed));
    await exchangeAll(world.nodes);
    expect(await quarantined(district, sealed)).toMatchObject({ code: 'KEY_UNKNOWN' });
    const key = { label: '2024', alg: 'Ed25519', publicKey: publicText, validFrom: '2023-01-01T00:00:00.000Z' };
    await read(
      district,
      state(COMMUNE, ({ keys }) => ({ keys: [...(keys as JsonObject[]), key] })),
    );
    expect(await namesAt(district, subject)).toEqual(['received']);
    expect(await quarantined(district, sealed)).toHaveProperty('releasedAt');
  });

  it('releases what its author was not entitled to before', async () => {
    await acts(world, subject, ['file-dossier', by(COMMUNE)]);
    await exchangeAll(world.nodes);
    const after = openStored((await commune.services.store.readStream(subject, 'main'))[0]!);
    const directoryVersion = district.services.directory().version;
    const rehomed = forge(city, { subject, name: 'rehomed', after, agency: CITY, data: { directoryVersion } }).sealed;
    mail(district, recordWith(rehomed));
    await exchangeAll(world.nodes);
    expect(await quarantined(district, rehomed)).toMatchObject({ code: 'NOT_ENTITLED' });
    const statement = suspended(COMMUNE);
    expect(await read(district, statement)).toBe(1);
    expect(await namesAt(district, subject)).toEqual(['received', 'rehomed']);
  });

  it('releases a rehomed that named it before it was read, and the openings that wait for it', async () => {
    await acts(world, subject, ['file-dossier', by(COMMUNE)]);
    await exchangeAll(world.nodes);
    const statement = suspended(COMMUNE);
    await read(city, statement);
    await acts(world, subject, ['rehome', by(CITY, { to: DISTRICT, reason: 'suspension' })]);
    await exchangeAll(world.nodes);
    expect(await namesAt(district, subject)).toEqual(['received']);
    // Itself, and its openings.
    expect((await district.services.store.countHeld()).total).toBe(2);
    await read(district, statement);
    await exchangeAll(world.nodes);
    expect(await namesAt(district, subject)).toEqual(['received', 'rehomed']);
    expect((await district.services.store.countHeld()).total).toBe(0);
    await read(commune, statement);
    await exchangeAll(world.nodes);
    expect(await namesAt(commune, subject)).toEqual(['received', 'rehomed']);
  });
});

describe('the directory', () => {
  it('is recorded once, whatever is read again, and a statement that contradicts the past is not taken', async () => {
    const before = await district.services.store.logSize();
    const records = world.broker.records(DIRECTORY_TOPIC).map(asTaken);
    expect(await district.desk.take(district.services, records)).toBe(0);
    expect(await district.services.store.logSize()).toEqual(before);
    const contradiction = state('H26.129.21', ({ intervals }) => ({
      intervals: (intervals as JsonObject[]).map((interval) => ({ ...interval, from: '1999-01-01' })),
    }));
    const reported = district.reports.length;
    expect(await read(district, contradiction)).toBe(0);
    expect(district.reports.slice(reported)).toEqual([expect.objectContaining({ code: 'DIRECTORY_ALARM' })]);
    expect(await district.services.store.logSize()).toEqual(before);
  });

  it('is there after a restart with the broker away', async () => {
    world.broker.setAway(true);
    const again = await district.anotherProcess();
    world.broker.setAway(false);
    expect(again.directory().version).toBe(district.services.directory().version);
    expect([...again.directory().agencies.keys()]).toEqual([...district.services.directory().agencies.keys()]);
  });

  it('ends an agency: it may file nothing more', async () => {
    world.clock.set('2025-07-02T02:00:00.000Z' as never);
    const acted = await act(world, 'file-dossier', subject, by(COMMUNE));
    expect(acted).toMatchObject({ kind: 'refused', code: 'AGENCY_NOT_VALID' });
  });
});
