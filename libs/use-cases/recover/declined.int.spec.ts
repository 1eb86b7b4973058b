/** G5: an agency that declined a dossier has no part in it any more; put back to before, its node still hears what it answered. */
import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { AgencyCode, Uuid } from '#libs/kernel';
import { desksOf, exchangeAll } from '../../testing/exchange-all.ts';
import { by, CITY, COMMUNE, DISTRICT, giaLam, NEIGHBOUR } from '../../testing/gia-lam.ts';
import type { TestNodeWanted } from '../../testing/test-node.ts';

const NODES: readonly TestNodeWanted[] = [
  { node: 'one-commune', agencies: [COMMUNE] },
  { node: 'another-commune', agencies: [NEIGHBOUR] },
  { node: 'gialam-district', agencies: [DISTRICT] },
  { node: 'hanoi-city', agencies: [CITY, 'H26.901', 'H26.902', 'H26.903'] },
];
const gialam = giaLam({ nodes: NODES, absent: [] });
const { acts, exchange, leg } = gialam;

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
    const order = { agency: NEIGHBOUR as AgencyCode, by: 'operator-1', reason: 'backup-restored', without: [] };
    await desksOf(node).recovery.begin([], { ...order, correlationId: randomUUID() as Uuid });
    await exchangeAll(gialam.world.nodes);
    expect(node.services.life.state).toBe('alive');
    const names = async () => (await gialam.mainAt(node)).map(({ message }) => message.type.split('.').at(-2));
    expect(await names()).toEqual(['received', 'forwarded', 'custody-declined']);
    expect(await gialam.headAt(node)).toMatchObject({ hand: { kind: 'held', custodian: COMMUNE } });
    expect(await gialam.mainAt(gialam.commune)).toHaveLength(4);
  });
});
