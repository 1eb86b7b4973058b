/** What a later statement of a registrar sets free, what the directory forbids, and how a node remembers it (wire format 7). */
import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { agencySource, schemaOf, typeOf, type JsonObject, type SealedMessage } from '#libs/kernel';
import { findContract } from '#libs/contracts';
import { commitPersonal, sealMessage } from '#libs/exchange';
import { forge, mail, recordWith } from '../../testing/forged-messages.ts';
import { by, CITY, COMMUNE, DISTRICT, giaLam } from '../../testing/gia-lam.ts';
import { namesAt } from '../../testing/test-acts.ts';
import type { TestNode } from '../../testing/test-node.ts';
import { DIRECTORY_TOPIC } from '../node-services.ts';
import type { OutgoingRecord } from '../ports/index.ts';
import { judgeQuarantinedAgain } from './release-held.ts';

const gialam = giaLam();
const { act, acts, exchange, mainAt, suspension } = gialam;

const asTaken = ({ key, value }: OutgoingRecord) => ({ key: Buffer.from(key), value });
/** One node reads a statement, the others do not yet. */
async function read(node: TestNode, record: OutgoingRecord): Promise<number> {
  const taken = await node.desk.take(node.services, [asTaken(record)]);
  if (taken > 0) await judgeQuarantinedAgain(node.services);
  return taken;
}
function state(agency: string, change: (stated: JsonObject) => JsonObject): OutgoingRecord {
  const stated = gialam.world.registrar.last(agency);
  return gialam.world.registrar.state('agency', { ...stated, ...change(stated) });
}
const quarantined = async (node: TestNode, sealed: SealedMessage) =>
  (await node.services.store.listQuarantine({ limit: 1000 })).find(({ hash }) => hash === sealed.hash);

describe('a later statement', () => {
  it('releases what came under a key not known before', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const publicText = publicKey.export({ format: 'jwk' }).x ?? '';
    const { services } = gialam.commune;
    const pointers = services.contracts.personalPointers('dossier', 'received', 1);
    const example = findContract('dossier', 'received', 1)!.example;
    const { data } = commitPersonal(example, pointers, () => services.ids.randomBytes(32), services.sha256);
    const now = gialam.world.clock.now();
    const sealed = sealMessage(
      {
        specversion: '1.0',
        profile: 'lt1',
        id: services.ids.uuid7(),
        source: agencySource(COMMUNE as never),
        type: typeOf('dossier', 'received'),
        subject: gialam.subject,
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
    mail(gialam.district, recordWith(sealed));
    await exchange();
    expect(await quarantined(gialam.district, sealed)).toMatchObject({ code: 'KEY_UNKNOWN' });
    const key = { label: '2024', alg: 'Ed25519', publicKey: publicText, validFrom: '2023-01-01T00:00:00.000Z' };
    await read(
      gialam.district,
      state(COMMUNE, ({ keys }) => ({ keys: [...(keys as JsonObject[]), key] })),
    );
    expect(await namesAt(gialam.district, gialam.subject)).toEqual(['received']);
    expect(await quarantined(gialam.district, sealed)).toHaveProperty('releasedAt');
  });

  it('releases what its author was not entitled to before', async () => {
    await acts(['file-dossier', by(COMMUNE)]);
    await exchange();
    const after = (await mainAt(gialam.commune))[0]!;
    const directoryVersion = gialam.district.services.directory().version;
    const rehomed = forge(gialam.city, {
      subject: gialam.subject,
      name: 'rehomed',
      after,
      agency: CITY,
      data: { directoryVersion },
    }).sealed;
    mail(gialam.district, recordWith(rehomed));
    await exchange();
    expect(await quarantined(gialam.district, rehomed)).toMatchObject({ code: 'NOT_ENTITLED' });
    const statement = suspension(COMMUNE);
    expect(await read(gialam.district, statement)).toBe(1);
    expect(await namesAt(gialam.district, gialam.subject)).toEqual(['received', 'rehomed']);
  });

  it('releases a rehomed that named it before it was read, and the openings that wait for it', async () => {
    await acts(['file-dossier', by(COMMUNE)]);
    await exchange();
    const statement = suspension(COMMUNE);
    await read(gialam.city, statement);
    await acts(['rehome', by(CITY, { to: DISTRICT, reason: 'suspension' })]);
    await exchange();
    expect(await namesAt(gialam.district, gialam.subject)).toEqual(['received']);
    // Itself, and its openings.
    expect((await gialam.district.services.store.countHeld()).total).toBe(2);
    await read(gialam.district, statement);
    await exchange();
    expect(await namesAt(gialam.district, gialam.subject)).toEqual(['received', 'rehomed']);
    expect((await gialam.district.services.store.countHeld()).total).toBe(0);
    await read(gialam.commune, statement);
    await exchange();
    expect(await namesAt(gialam.commune, gialam.subject)).toEqual(['received', 'rehomed']);
  });
});

describe('the directory', () => {
  it('is recorded once, whatever is read again, and a statement that contradicts the past is not taken', async () => {
    const before = await gialam.district.services.store.logSize();
    const records = gialam.world.broker.records(DIRECTORY_TOPIC).map(asTaken);
    expect(await gialam.district.desk.take(gialam.district.services, records)).toBe(0);
    expect(await gialam.district.services.store.logSize()).toEqual(before);
    const contradiction = state('H26.129.21', ({ intervals }) => ({
      intervals: (intervals as JsonObject[]).map((interval) => ({ ...interval, from: '1999-01-01' })),
    }));
    const reported = gialam.district.reports.length;
    expect(await read(gialam.district, contradiction)).toBe(0);
    expect(gialam.district.reports.slice(reported)).toEqual([expect.objectContaining({ code: 'DIRECTORY_ALARM' })]);
    expect(await gialam.district.services.store.logSize()).toEqual(before);
  });

  it('is there after a restart with the broker away', async () => {
    gialam.world.broker.setAway(true);
    const again = await gialam.district.anotherProcess();
    gialam.world.broker.setAway(false);
    expect(again.directory().version).toBe(gialam.district.services.directory().version);
    expect([...again.directory().agencies.keys()]).toEqual([...gialam.district.services.directory().agencies.keys()]);
  });

  it('ends an agency: it may file nothing more', async () => {
    gialam.world.clock.set('2025-07-02T02:00:00.000Z' as never);
    const acted = await act('file-dossier', by(COMMUNE));
    expect(acted).toMatchObject({ kind: 'refused', code: 'AGENCY_NOT_VALID' });
  });
});
