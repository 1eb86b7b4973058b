/** G5: what a node wrote comes back to it from whoever holds it, and goes on to whoever does not. */
import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { AgencyCode, NodeId, Uuid } from '#libs/kernel';
import { mailboxOf } from '#libs/use-cases';
import { desksOf } from '../../testing/exchange-all.ts';
import { by, CITY, COMMUNE, DISTRICT, giaLam, NEIGHBOUR } from '../../testing/gia-lam.ts';
import type { TestNode, TestNodeWanted } from '../../testing/test-node.ts';

const NODES: readonly TestNodeWanted[] = [
  { node: 'one-commune', agencies: [COMMUNE] },
  { node: 'another-commune', agencies: [NEIGHBOUR] },
  { node: 'gialam-district', agencies: [DISTRICT] },
  { node: 'hanoi-city', agencies: [CITY, 'H26.901', 'H26.902', 'H26.903'] },
];
const gialam = giaLam({ nodes: NODES, absent: [] });
const { acts, exchange, leg } = gialam;

async function recovered(node: TestNode, agency: string): Promise<void> {
  const order = { agency: agency as AgencyCode, by: 'operator-1', reason: 'backup-restored', without: [] };
  await desksOf(node).recovery.begin([], { ...order, correlationId: randomUUID() as Uuid });
  await exchange();
  expect(node.services.life.state).toBe('alive');
}
const namesAt = async (node: TestNode) =>
  (await gialam.mainAt(node)).map(({ message }) => message.type.split('.').at(-2));

describe('a node that declined before its database was put back', () => {
  it('gets its answer back before it signs again, and nothing of what came after', async () => {
    await acts(['file-dossier', by(COMMUNE)], ['forward', by(COMMUNE, leg(NEIGHBOUR))]);
    await exchange();
    const neighbour = gialam.world.nodeOf('another-commune');
    await neighbour.services.life.look(neighbour.services.store);
    const backup = await neighbour.ledgerDatabase.copy();
    await acts(['decline-custody', by(NEIGHBOUR)]);
    await exchange();
    await acts(['start-processing', by(COMMUNE)]);
    await exchange();
    const node = await neighbour.startedOn(backup);
    await recovered(node, NEIGHBOUR);
    expect(await namesAt(node)).toEqual(['received', 'forwarded', 'custody-declined']);
    expect(await gialam.headAt(node)).toMatchObject({ hand: { kind: 'held', custodian: COMMUNE } });
    expect(await gialam.mainAt(gialam.commune)).toHaveLength(4);
  });
});

describe('what comes back to a node', () => {
  it('goes on to those who had not got it when the state that owed it was lost', async () => {
    await acts(['file-dossier', by(COMMUNE)]);
    await exchange();
    const { commune, city } = gialam;
    await commune.services.life.look(commune.services.store);
    const backup = await commune.ledgerDatabase.copy();
    gialam.world.broker.disturb((records, topic) => (topic === mailboxOf('hanoi-city' as NodeId) ? [] : records));
    await acts(['start-processing', by(COMMUNE)]);
    await exchange();
    expect(await namesAt(city)).toEqual(['received']);
    const node = await commune.startedOn(backup);
    gialam.world.broker.disturb();
    await recovered(node, COMMUNE);
    expect(await namesAt(node)).toEqual(['received', 'processing-started']);
    expect(await namesAt(city)).toEqual(['received', 'processing-started']);
  });
});
