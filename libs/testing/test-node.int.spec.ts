/** The workhorse of the integration specs itself: nodes of one world exchange until they rest, and agree. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Subject } from '#libs/kernel';
import { actOnDossier, mailboxOf } from '#libs/use-cases';
import { exchangeAll } from './exchange-all.ts';
import { act, actFor, historyAt, newDossier, outcomeOf } from './test-acts.ts';
import { GIALAM, openTestWorld, type TestNode, type TestWorld } from './test-node.ts';

describe('nodes of a test', () => {
  jest.setTimeout(60_000);
  let world: TestWorld;
  let commune: TestNode;
  let district: TestNode;
  let city: TestNode;
  beforeAll(async () => {
    world = await openTestWorld({ nodes: GIALAM.map((wanted) => ({ ...wanted, autoAccept: 'all' as const })) });
    [commune, district, city] = GIALAM.map(({ node }) => world.nodeOf(node)) as [TestNode, TestNode, TestNode];
  });
  afterAll(() => world.close());

  async function expectTheSame(subject: Subject, places: number): Promise<void> {
    const own = await historyAt(commune, subject);
    expect(own).toHaveLength(places);
    expect(await historyAt(district, subject)).toEqual(own);
    expect(await historyAt(city, subject)).toEqual(own);
  }

  it('pass a dossier on, openings too, and hold the same bytes', async () => {
    const subject = newDossier();
    expect(await act(world, 'file-dossier', subject)).toMatchObject({
      kind: 'answered',
      answer: { situation: 'Received' },
    });
    await exchangeAll(world.nodes);
    await expectTheSame(subject, 1);
    expect(await act(world, 'forward', subject)).toMatchObject({ answer: { situation: 'InTransit' } });
    await exchangeAll(world.nodes);
    await expectTheSame(subject, 3);
    expect(await district.services.store.findHead(subject)).toMatchObject({
      hand: { kind: 'held', custodian: 'H26.129' },
    });
    expect(world.broker.take(mailboxOf(commune.node))).toBeUndefined();
    expect(world.nodes.flatMap(({ reports }) => reports)).toEqual([]);
  });

  it('answer commands of one another', async () => {
    const agency = 'H26.129.06';
    const subject = newDossier(agency);
    await act(world, 'file-dossier', subject, { agency });
    await act(world, 'forward', subject, { agency });
    await exchangeAll(world.nodes);
    const sent = await act(world, 'withdraw', subject, { agency });
    expect(await outcomeOf(world, agency, sent)).toMatchObject({ status: 'pending' });
    await exchangeAll(world.nodes);
    expect(await outcomeOf(world, agency, sent)).toMatchObject({
      status: 'accepted',
      situation: 'Withdrawn',
      events: [{ type: 'withdrawn', place: 4 }],
    });
    await expectTheSame(subject, 4);
  });

  it('are two processes of one node, if wanted', async () => {
    const other = await commune.anotherProcess();
    const agency = 'H26.129.07';
    const subject = newDossier(agency);
    await act(world, 'file-dossier', subject, { agency });
    const started = actFor('start-processing', subject, { agency });
    expect(await actOnDossier(other, started)).toMatchObject({ answer: { situation: 'InProcess' } });
    expect(await actOnDossier(commune.services, started)).toMatchObject({ kind: 'refused' });
  });
});
