/** A dossier that an agency of another node declined goes on without it; one that did not arrive there is another matter. */
import { describe, expect, it } from '@jest/globals';
import type { Subject } from '#libs/kernel';
import { by, COMMUNE, DISTRICT, giaLam } from '../../../libs/testing/gia-lam.ts';
import { acts, newDossier } from '../../../libs/testing/test-acts.ts';
import { compareLedgers } from './compare-ledgers.ts';
import { verifyPlace } from './verify-place.ts';

const gialam = giaLam();
const { exchange, leg } = gialam;

async function compared() {
  const { nodes, registrar } = gialam.world;
  const ledgers = nodes.map(async ({ node, ledgerDatabase }) => {
    const databaseUrl = ledgerDatabase.appUrl;
    return { node, databaseUrl, found: await verifyPlace({ name: node, databaseUrl, trusted: registrar.trusted }) };
  });
  return compareLedgers(await Promise.all(ledgers));
}

/** Received at the district, sent to a commune, and on its way back or not. */
async function atCommune(): Promise<Subject> {
  const dossier = newDossier(DISTRICT);
  await acts(gialam.world, dossier, ['file-dossier', by(DISTRICT)], ['forward', by(DISTRICT, leg(COMMUNE))]);
  await exchange();
  return dossier;
}

describe('ledgers laid side by side', () => {
  it('are the same though a node holds a part only, of a dossier that it is sent no more', async () => {
    const dossier = await atCommune();
    await acts(gialam.world, dossier, ['decline-custody', by(COMMUNE)]);
    await exchange();
    await acts(gialam.world, dossier, ['start-processing', by(DISTRICT)]);
    await exchange();
    const { identical, shared, differences, earlierParts } = await compared();
    expect({ differences, earlierParts }).toEqual({ differences: [], earlierParts: 1 });
    expect(identical).toBe(shared);
  });

  it('differ while a recipient lacks the last events', async () => {
    const dossier = await atCommune();
    await acts(gialam.world, dossier, ['accept-custody', by(COMMUNE)]);
    await exchange();
    gialam.world.broker.setAway(true);
    await acts(gialam.world, dossier, ['start-processing', by(COMMUNE)]);
    const { differences } = await compared();
    expect(differences.map(({ subject }) => subject)).toEqual([dossier]);
    gialam.world.broker.setAway(false);
  });
});
