/** A peer that is away, hangs, misses much, or asks without end costs the others nothing (design 6). */
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { instantToMs, type Instant, type NodeId } from '#libs/kernel';
import { DeliveryMender, mailboxOf, Relay, type OutgoingRecord } from '#libs/use-cases';
import { acts, newDossier } from '../../testing/test-acts.ts';
import { TestClock } from '../../testing/test-clock.ts';
import { openTestNode, type TestNode } from '../../testing/test-node.ts';

const [DISTRICT, CITY] = ['gialam-district', 'hanoi-city'] as [NodeId, NodeId];
const DOSSIERS = 30;

describe('peers of one node', () => {
  jest.setTimeout(60_000);
  const wall = new TestClock('2026-11-24T02:00:00.000Z' as Instant);
  let node: TestNode;
  beforeAll(async () => {
    node = await openTestNode({}, { wall });
    for (let nth = 0; nth < DOSSIERS; nth += 1) await acts(node.world, newDossier(), ['file-dossier']);
  });
  afterAll(() => node.close());
  beforeEach(() => {
    jest.restoreAllMocks();
  });

  const store = () => node.services.store;
  const nowMs = (): number => instantToMs(wall.now());
  const deliveryTo = async (peer: NodeId) => (await store().deliveries()).find((delivery) => delivery.peer === peer);

  it('one whose topic neither takes nor refuses: the other gets all of it in the same turn, and so does it when it can', async () => {
    let letGo: () => void = () => undefined;
    const stuck = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const { sender } = node.services;
    const send = async (topic: string, records: readonly OutgoingRecord[]): Promise<void> => {
      if (topic === mailboxOf(DISTRICT)) await stuck;
      await sender.send(topic, records);
    };
    const services = { ...node.services, sender: { ...sender, send } };
    const relay = new Relay(services, 'test', undefined, () => new Promise(setImmediate));
    for (let turn = 0; turn < 50 && (await deliveryTo(CITY))?.sent !== DOSSIERS; turn += 1) await relay.turn();
    expect(await deliveryTo(CITY)).toMatchObject({ sent: DOSSIERS });
    expect(await deliveryTo(DISTRICT)).toMatchObject({ sent: 0 });
    letGo();
    const patient = new Relay(node.services, 'test');
    for (let turn = 0; turn < 500 && (await deliveryTo(DISTRICT))?.sent !== DOSSIERS; turn += 1) await patient.turn();
    expect(await deliveryTo(DISTRICT)).toMatchObject({ sent: DOSSIERS });
  });

  it('one that is merely away is sent all of it again once, then one number ever more rarely; when it speaks, the rest', async () => {
    const mender = new DeliveryMender(node.services);
    const asked: { second: number; numbers: number }[] = [];
    const spied = jest.spyOn(store(), 'requestResend');
    for (let second = 1; second <= 3600; second += 4) {
      wall.advance(4000);
      spied.mockClear();
      await mender.mend(nowMs());
      for (const [peer, numbers] of spied.mock.calls)
        if (peer === DISTRICT) asked.push({ second, numbers: numbers.length });
    }
    expect(asked[0]?.numbers).toBe(DOSSIERS);
    expect(asked.slice(1).every(({ numbers }) => numbers === 1)).toBe(true);
    expect(asked.length).toBeGreaterThan(4);
    expect(asked.length).toBeLessThan(16);
    const receipt = {
      line: 1,
      contiguousUpTo: 5,
      missing: [[6, DOSSIERS]] as [number, number][],
      refused: [],
      logSize: 5,
    };
    await store().applyReceipt(DISTRICT, receipt);
    spied.mockClear();
    wall.advance(600_000);
    await mender.mend(nowMs());
    expect(spied.mock.calls.find(([peer]) => peer === DISTRICT)?.[1]).toHaveLength(DOSSIERS - 5);
  });

  it('one that asks for much without end leaves every second batch to the other', async () => {
    const mender = new DeliveryMender(node.services);
    const order: NodeId[] = [];
    let left = 10;
    jest.spyOn(store(), 'takeResends').mockImplementation((peer) => {
      order.push(peer);
      if (peer === DISTRICT) return store().readLine(DISTRICT, 1, 1, 1);
      return left-- > 0 ? store().readLine(CITY, 1, 1, 1) : Promise.resolve([]);
    });
    await mender.mend(nowMs());
    const ofCity = order.slice(0, 22).filter((peer) => peer === CITY);
    expect(ofCity.length).toBeGreaterThanOrEqual(10);
    expect(order.filter((peer) => peer === DISTRICT).length).toBeGreaterThan(10);
    expect(order.length).toBeLessThanOrEqual(41);
  });
});
