/** What comes late, gets lost or may not be had: the stream for a late recipient, gaps, openings, and the arithmetic of lines. */
import { describe, expect, it } from '@jest/globals';
import { committedPointers } from '#libs/exchange';
import type { NodeId } from '#libs/kernel';
import { chance } from '../testing/chance.ts';
import { mail, recordWith } from '../testing/forged-messages.ts';
import { ADAPTERS_AWAY, by, CITY, COMMUNE, DAY_MS, DISTRICT, giaLam, NEIGHBOUR } from '../testing/gia-lam.ts';
import { acts as actsOn, historyAt, laterThan, namesAt, newDossier, nodeAt } from '../testing/test-acts.ts';
import { GIALAM_COMMUNES, type TestNode } from '../testing/test-node.ts';
import { sendExchange } from './exchange-messages.ts';

const gialam = giaLam({
  ownWall: true,
  nodes: [
    { node: 'gialam-communes', agencies: GIALAM_COMMUNES.filter((code) => code !== NEIGHBOUR) },
    { node: 'neighbour', agencies: [NEIGHBOUR] },
    { node: 'gialam-district', agencies: [DISTRICT], autoAccept: 'all' },
    { node: 'hanoi-city', agencies: [CITY] },
  ],
  absent: ADAPTERS_AWAY.absent,
});
const { acts, exchange, forward, lose, mainAt, wait } = gialam;
const neighbour = () => nodeAt(gialam.world, NEIGHBOUR);
const tomorrow = () => laterThan(gialam.world.clock.now(), DAY_MS);
async function openPointers(node: TestNode): Promise<readonly (readonly string[])[]> {
  const events = await mainAt(node);
  const held = await node.services.vault.findPointers(events.map(({ hash }) => hash));
  return events.map(({ hash }) => held.get(hash) ?? []);
}
const isWhole = async (node: TestNode): Promise<boolean> => {
  const [events, pointers] = [await mainAt(node), await openPointers(node)];
  return events.every((event, at) => committedPointers(event).length === pointers[at]?.length);
};

describe('an agency that is asked late', () => {
  it('is sent the whole stream first, and of the openings what it was asked about', async () => {
    await acts(['file-dossier', by(COMMUNE)], ['forward', forward()]);
    await exchange();
    expect(await namesAt(neighbour(), gialam.subject)).toEqual([]);
    const fields = ['/applicant/fullName'];
    await acts(['request-opinion', by(DISTRICT, { agency: NEIGHBOUR, dueAt: tomorrow(), fields })]);
    await exchange();
    const names = ['received', 'forwarded', 'custody-accepted', 'opinion-requested'];
    expect(await namesAt(neighbour(), gialam.subject)).toEqual(names);
    expect(await historyAt(neighbour(), gialam.subject)).toEqual(await historyAt(gialam.district, gialam.subject));
    expect(await openPointers(neighbour())).toEqual([fields, [], [], ['/actor/name', '/question']]);
    await acts(['start-processing', by(DISTRICT)]);
    await exchange();
    expect((await namesAt(neighbour(), gialam.subject)).at(-1)).toBe('processing-started');
  });
});

describe('a gap', () => {
  it('is asked for after ten seconds, and closed by whoever holds the stream', async () => {
    await acts(['file-dossier', by(COMMUNE)]);
    lose('dossier.received', 'exchange.manifest');
    await exchange();
    gialam.world.broker.disturb();
    lose('exchange.manifest');
    await acts(['start-processing', by(COMMUNE)]);
    await exchange();
    for (const node of [gialam.district, gialam.city]) expect((await node.services.store.countHeld()).total).toBe(1);
    await wait(9_000);
    expect(await namesAt(gialam.district, gialam.subject)).toEqual([]);
    await wait(2_000);
    for (const node of [gialam.district, gialam.city]) {
      expect(await namesAt(node, gialam.subject)).toEqual(['received', 'processing-started']);
      expect((await node.services.store.countHeld()).total).toBe(0);
    }
  });

  it('is not closed for a node that has no part in the dossier', async () => {
    await acts(['file-dossier', by(COMMUNE)]);
    await exchange();
    await sendExchange(neighbour().services, gialam.commune.node, 'resend-wanted', {
      stream: gialam.subject,
      from: '0000000001',
    });
    await exchange();
    expect(await namesAt(neighbour(), gialam.subject)).toEqual([]);
    expect(gialam.commune.reports.at(-1)).toMatchObject({ code: 'RESEND_REFUSED', details: { peer: 'neighbour' } });
  });
});

describe('openings', () => {
  it('that a transfer lacks are asked for, and the dossier is accepted once they are there', async () => {
    await acts(['file-dossier', by(COMMUNE)], ['forward', forward()]);
    lose('exchange.openings.v1');
    await exchange();
    expect(await namesAt(gialam.district, gialam.subject)).toEqual(['received', 'forwarded']);
    gialam.world.broker.disturb();
    await wait(9_000);
    expect(await namesAt(gialam.district, gialam.subject)).toEqual(['received', 'forwarded']);
    await wait(2_000);
    expect(await namesAt(gialam.district, gialam.subject)).toEqual(['received', 'forwarded', 'custody-accepted']);
    expect(await isWhole(gialam.district)).toBe(true);
  });

  it('that come before their event are kept for it', async () => {
    await acts(['file-dossier', by(COMMUNE)], ['forward', forward()]);
    lose('dossier.');
    await exchange();
    expect((await gialam.district.services.store.countHeld()).total).toBeGreaterThan(0);
    gialam.world.broker.disturb();
    await wait(11_000);
    expect(await namesAt(gialam.district, gialam.subject)).toEqual(['received', 'forwarded', 'custody-accepted']);
    expect((await gialam.district.services.store.countHeld()).total).toBe(0);
  });

  it('are refused to a superior, with a code, and register and vault stay as they were', async () => {
    await acts(['file-dossier', by(COMMUNE)]);
    await exchange();
    const [received] = await mainAt(gialam.commune);
    const sentBefore = await gialam.commune.services.vault.findSent(received!.hash);
    await sendExchange(gialam.city.services, gialam.commune.node, 'openings-wanted', {
      events: [received!.hash],
      purpose: 'recovery',
    });
    await exchange();
    const refusals = gialam.world.broker
      .records(`lienthong.mailbox.v1.${gialam.city.node}`)
      .filter(({ value }) => Buffer.from(value).includes('openings-refused'));
    expect(Buffer.from(refusals.at(-1)!.value).toString()).toContain(
      `"code":"NOT_ENTITLED","events":["${received!.hash}"]`,
    );
    expect(await openPointers(gialam.city)).toEqual([[]]);
    expect(await gialam.commune.services.vault.findSent(received!.hash)).toEqual(sentBefore);
  });
});

describe('a forged copy of a message that got lost', () => {
  it('in quarantine does not make its number count as refused: the real one is sent again', async () => {
    await acts(['file-dossier', by(COMMUNE)]);
    lose('dossier.received');
    const [received] = await mainAt(gialam.commune);
    await exchange();
    gialam.world.broker.disturb();
    mail(gialam.district, recordWith(received!, { key: 'H26.129.05/another' }));
    await exchange();
    expect((await gialam.district.services.store.listQuarantine({ code: 'RECORD_KEY', limit: 1 }))[0]?.hash).toBe(
      received!.hash,
    );
    await wait(11_000);
    await wait(11_000);
    expect(await namesAt(gialam.district, gialam.subject)).toEqual(['received']);
    const line = (await gialam.commune.services.store.deliveries()).find(({ peer }) => peer === gialam.district.node);
    expect(line).toMatchObject({ contiguousUpTo: line?.highest, missing: [], refused: [] });
  });
});

describe('a broker that loses one record in ten', () => {
  it('delivers everything in the end, and the receipts say so', async () => {
    const random = chance(7);
    gialam.world.broker.disturb((records) => records.filter(() => random() >= 0.1));
    const dossiers = Array.from({ length: 30 }, () => newDossier());
    for (const dossier of dossiers) {
      await actsOn(gialam.world, dossier, ['file-dossier', by(COMMUNE)], ['forward', forward()]);
      await exchange();
    }
    for (let looks = 0; looks < 12; looks += 1) await wait(11_000);
    for (let looks = 0; looks < 4; looks += 1) await wait(61_000);
    for (const dossier of dossiers) {
      const history = await historyAt(gialam.commune, dossier);
      expect(await namesAt(gialam.commune, dossier)).toEqual(['received', 'forwarded', 'custody-accepted']);
      for (const node of [gialam.district, gialam.city]) expect(await historyAt(node, dossier)).toEqual(history);
    }
    const here = new Set<NodeId>(gialam.world.nodes.map(({ node }) => node));
    for (const { services } of gialam.world.nodes) {
      for (const line of (await services.store.deliveries()).filter(({ peer }) => here.has(peer))) {
        expect(line).toMatchObject({ sent: line.highest, contiguousUpTo: line.highest, missing: [], refused: [] });
        expect(line.highest).toBeGreaterThan(0);
      }
    }
  }, 60_000);
});
