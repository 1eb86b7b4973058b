/** G5, G6: agencies with good keys that write where they may not, or sign a place twice. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { SealedMessage, Subject } from '#libs/kernel';
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
import { openStored } from '../stored-messages.ts';

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

const exchange = () => exchangeAll(world.nodes);
const forward = () =>
  by(COMMUNE, { to: DISTRICT, reason: 'route', step: 'appraise', legDueAt: laterThan(world.clock.now(), 86_400_000) });
async function eventAt(node: TestNode, place: number): Promise<SealedMessage> {
  const stored = (await node.services.store.readStream(subject, 'all')).map(openStored);
  const found = stored.find(({ message }) => Number(message.streamseq) === place);
  if (!found) throw new Error(`no event at place ${place}`);
  return found;
}
async function same(): Promise<readonly string[]> {
  const first = await historyAt(commune, subject);
  for (const node of [district, city]) expect(await historyAt(node, subject)).toEqual(first);
  return namesAt(commune, subject);
}
const headAt = (node: TestNode) => node.services.store.findHead(subject);
/** A second event of the commune after `received`, beside its `forwarded`. */
async function signAgain(): Promise<SealedMessage> {
  const after = await eventAt(commune, 1);
  return forge(commune, { subject, name: 'processing-started', after }).sealed;
}

describe('an agency that is not entitled', () => {
  it('writes neither at a free, nor at a taken, nor at the first place', async () => {
    await acts(world, subject, ['file-dossier', by(COMMUNE)], ['start-processing', by(COMMUNE)]);
    await exchange();
    const [first, second] = [await eventAt(commune, 1), await eventAt(commune, 2)];
    const stranger = 'H26.129.06';
    const bad = [
      forge(commune, { subject, name: 'resolved', after: second, agency: stranger }),
      forge(commune, { subject, name: 'resolved', after: first, agency: stranger }),
      forge(commune, { subject: newDossier(), name: 'received', agency: stranger }),
      forge(district, { subject, name: 'custody-accepted', after: second, agency: DISTRICT }),
      forge(city, {
        subject,
        name: 'rehomed',
        after: second,
        agency: CITY,
        data: { directoryVersion: city.services.directory().version },
      }),
    ].map(({ sealed }) => sealed);
    mail(district, ...bad.map((sealed) => recordWith(sealed)));
    mail(commune, ...bad.map((sealed) => recordWith(sealed)));
    await acts(world, subject, ['complete-step', by(COMMUNE)]);
    await exchange();
    for (const node of [district, commune]) {
      const rows = await node.services.store.listQuarantine({ code: 'NOT_ENTITLED', limit: 100 });
      expect(rows.map(({ hash }) => hash)).toEqual(bad.map(({ hash }) => hash));
    }
    expect(await same()).toEqual(['received', 'processing-started', 'step-completed']);
  });

  it('holds back with a rehomed of a later directory version nobody but itself', async () => {
    await acts(world, subject, ['file-dossier', by(COMMUNE)]);
    await exchange();
    const after = await eventAt(commune, 1);
    const later = { directoryVersion: '2099-01-01T00:00:00.000Z' };
    const rehomed = forge(city, { subject, name: 'rehomed', after, agency: CITY, data: later }).sealed;
    mail(district, recordWith(rehomed));
    await acts(world, subject, ['start-processing', by(COMMUNE)]);
    await exchange();
    expect(await district.services.store.isHeld([rehomed.hash])).toEqual(new Set([rehomed.hash]));
    expect(await same()).toEqual(['received', 'processing-started']);
  });
});

describe('a former custodian that signs its old place again', () => {
  it('loses to the agency that has accepted since, whichever of the two a node hears of first', async () => {
    await acts(world, subject, ['file-dossier', by(COMMUNE)], ['forward', forward()]);
    await exchange();
    const again = await signAgain();
    mail(city, recordWith(again));
    const { ingestBatch, mailboxOf } = await import('#libs/use-cases');
    await ingestBatch(city.services, world.broker.take(mailboxOf(city.node))!);
    expect((await headAt(city))?.fork).toBe(true);
    await acts(world, subject, ['accept-custody', by(DISTRICT)]);
    mail(district, recordWith(again));
    await exchange();
    for (const node of [commune, district, city])
      expect(await headAt(node)).toMatchObject({
        fork: false,
        superseded: [again.hash],
        hand: { kind: 'held', custodian: DISTRICT },
      });
    await acts(world, subject, ['start-processing', by(DISTRICT)]);
    await exchange();
    expect(await same()).toEqual(['received', 'forwarded', 'custody-accepted', 'processing-started']);
    for (const node of [commune, district, city])
      expect((await node.services.shelf.load(subject)).parked).toBeUndefined();
  });

  it('makes a fork while nobody has accepted: parked on every node, delaying no other dossier', async () => {
    await acts(world, subject, ['file-dossier', by(COMMUNE)], ['forward', forward()]);
    await exchange();
    const again = await signAgain();
    mail(district, recordWith(again));
    const other = newDossier();
    await acts(world, other, ['file-dossier', by(COMMUNE)]);
    await exchange();
    for (const node of [commune, district, city]) {
      expect(await headAt(node)).toMatchObject({ fork: true, branched: true });
      expect((await node.services.shelf.load(subject)).parked).toEqual({ code: 'FORK' });
      expect(await namesAt(node, other)).toEqual(['received']);
    }
    await expect(act(world, 'accept-custody', subject, by(DISTRICT))).rejects.toMatchObject({ code: 'DOSSIER_PARKED' });
  });

  it('makes a fork of the first place: the stream has no head, and is kept whole', async () => {
    const [one, two] = [forge(commune, { subject, name: 'received' }), forge(commune, { subject, name: 'received' })];
    mail(district, recordWith(one.sealed));
    await exchange();
    mail(district, recordWith(two.sealed));
    await exchange();
    for (const node of [commune, district, city]) {
      expect(await headAt(node)).toMatchObject({ fork: true, hash: '', streamseq: 0, revision: 2 });
      expect(await node.services.store.readStream(subject, 'all')).toHaveLength(2);
      expect(await namesAt(node, subject)).toEqual([]);
    }
    const longer = forge(commune, { subject, name: 'processing-started', after: two.sealed }).sealed;
    mail(district, recordWith(longer));
    await exchange();
    expect(await headAt(district)).toMatchObject({ fork: true, revision: 3 });
  });
});
