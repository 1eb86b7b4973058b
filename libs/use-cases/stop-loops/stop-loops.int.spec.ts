/** What an operator has stopped stands still and loses nothing; the others go on (design 6). */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { openTroubleStore } from '#libs/event-store-postgres';
import { instantToMs, type AgencyCode, type Instant, type NodeId, type Uuid } from '#libs/kernel';
import { DeliveryMender, mailboxOf, Relay, StopSwitches, switchLoop, type TroubleStore } from '#libs/use-cases';
import { acts, newDossier } from '../../testing/test-acts.ts';
import { TestClock } from '../../testing/test-clock.ts';
import { openTestNode, type TestNode } from '../../testing/test-node.ts';

const [DISTRICT, CITY] = ['gialam-district', 'hanoi-city'] as [NodeId, NodeId];

describe('deliveries to one peer', () => {
  jest.setTimeout(60_000);
  const wall = new TestClock('2026-11-24T02:00:00.000Z' as Instant);
  let node: TestNode;
  let store: TroubleStore;
  let stops: StopSwitches;
  let relay: Relay;
  let mender: DeliveryMender;
  beforeAll(async () => {
    node = await openTestNode({}, { wall });
    store = openTroubleStore({ url: node.ledgerDatabase.appUrl });
    stops = new StopSwitches(store);
    relay = new Relay(node.services, 'test', stops);
    mender = new DeliveryMender(node.services, stops);
  });
  afterAll(async () => {
    await store.close();
    await node.close();
  });

  const sentTo = (peer: NodeId): number => node.world.broker.records(mailboxOf(peer)).length;
  const turns = async (): Promise<void> => {
    while ((await relay.turn()) > 0);
  };
  const switched = (stopped: boolean) =>
    switchLoop(
      node.services,
      { store, stops },
      { name: { loop: 'deliveries', peer: DISTRICT }, stopped },
      {
        agency: 'H26.129.05' as AgencyCode,
        by: 'operator-1',
        correlationId: randomUUID() as Uuid,
        reason: stopped ? 'peer-asks' : 'cause-removed',
      },
    );

  it('stand still while they are stopped: nothing new, nothing again, no reminder; others go on; later all of it is sent', async () => {
    await switched(true);
    await acts(node.world, newDossier(), ['file-dossier']);
    await turns();
    expect([sentTo(DISTRICT), sentTo(CITY) > 0]).toEqual([0, true]);
    for (let minute = 0; minute < 5; minute++) {
      wall.advance(60_000);
      await mender.mend(instantToMs(wall.now()));
      await turns();
    }
    expect(sentTo(DISTRICT)).toBe(0);
    const [line] = (await node.services.store.deliveries()).filter(({ peer }) => peer === DISTRICT);
    expect(line).toMatchObject({ highest: 1, sent: 0 });

    expect(await switched(false)).toEqual([]);
    await turns();
    expect(sentTo(DISTRICT)).toBeGreaterThan(0);
    const [after] = (await node.services.store.deliveries()).filter(({ peer }) => peer === DISTRICT);
    expect(after).toMatchObject({ highest: 1, sent: 1 });
  });

  it('what no receipt comes for is sent again ever more rarely', async () => {
    const before = sentTo(CITY);
    const again: number[] = [];
    for (let second = 1; second <= 600; second++) {
      wall.advance(1000);
      const had = (await node.services.store.takeResends(CITY, 1)).length;
      expect(had).toBe(0);
      const asked = jest.spyOn(node.services.store, 'requestResend');
      await mender.mend(instantToMs(wall.now()));
      if (asked.mock.calls.some(([peer]) => peer === CITY)) again.push(second);
      asked.mockRestore();
    }
    expect(sentTo(CITY)).toBeGreaterThan(before);
    const gaps = again.slice(1).map((second, at) => second - (again[at] ?? 0));
    expect(gaps.length).toBeGreaterThan(1);
    expect(gaps.length).toBeLessThan(8);
    expect(gaps).toEqual(gaps.toSorted((a, b) => a - b));
  });
});
