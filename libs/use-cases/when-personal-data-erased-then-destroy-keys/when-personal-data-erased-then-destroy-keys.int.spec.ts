/** Vault before ledger, erasure the other way round, over three nodes (design 8, G10). */
import { describe, expect, it } from '@jest/globals';
import type { Hash } from '#libs/kernel';
import { ADAPTERS_AWAY, by, COMMUNE, DAY_MS, DISTRICT, giaLam } from '../../testing/gia-lam.ts';
import { actFor, acts as actsOn, namesAt, newDossier, nodeAt } from '../../testing/test-acts.ts';
import type { TestNode } from '../../testing/test-node.ts';
import { actOnDossier } from '../act-on-dossier/act-on-dossier.ts';
import { sendExchange } from '../exchange-messages.ts';
import { mailboxOf } from '../node-services.ts';
import { sweepVault } from '../sweep-vault/sweep-vault.ts';
import { ErasureDesk } from './when-personal-data-erased-then-destroy-keys.ts';

const gialam = giaLam({ ...ADAPTERS_AWAY, ownWall: true });
const { acts, exchange, forwardedToDistrict, leg, mainAt } = gialam;

async function heldPointers({ services }: TestNode, event: Hash): Promise<readonly string[]> {
  return (await services.vault.findPointers([event])).get(event) ?? [];
}
/** Filed, settled at the district, given back, and erased by the commune; retention has ended at once. */
async function erased(subjects: readonly string[]): Promise<{ received: Hash; erasure: Hash }> {
  await forwardedToDistrict();
  await acts(
    ['start-processing', by(DISTRICT)],
    ['resolve', by(DISTRICT)],
    ['forward', by(DISTRICT, leg(COMMUNE, 'return'))],
  );
  await exchange();
  await acts(['return-result', by(COMMUNE)]);
  gialam.world.clock.advance(60_000);
  const act = actFor('erase-personal-data', gialam.subject, by(COMMUNE, { subjects }));
  const acted = await actOnDossier({ ...gialam.commune.services, erasableFrom: (endedAt) => endedAt }, act);
  expect(acted).toMatchObject({ kind: 'answered', answer: { events: [{ type: 'personal-data-erased' }] } });
  await exchange();
  const events = await mainAt(gialam.commune);
  return { received: events[0]!.hash, erasure: events.at(-1)!.hash };
}

describe('a crash between vault and ledger', () => {
  it('leaves no event, and what the vault has of it is swept after a day', async () => {
    const crashing = {
      ...gialam.commune.services,
      store: { ...gialam.commune.services.store, append: () => Promise.reject(new Error('killed')) },
    };
    await sweepVault(gialam.commune.services);
    await expect(actOnDossier(crashing, actFor('file-dossier', gialam.subject, by(COMMUNE)))).rejects.toThrow('killed');
    expect(await namesAt(gialam.commune, gialam.subject)).toEqual([]);
    expect(await sweepVault(gialam.commune.services)).toBe(0);
    const other = newDossier();
    await actsOn(gialam.world, other, ['file-dossier', by(COMMUNE)]);
    gialam.wall.advance(2 * DAY_MS);
    expect(await sweepVault(gialam.commune.services)).toBeGreaterThan(5);
    expect((await heldPointers(gialam.commune, (await mainAt(gialam.commune, other))[0]!.hash)).length).toBeGreaterThan(
      5,
    );
    gialam.wall.advance(-2 * DAY_MS);
  });
});

describe('an erasure', () => {
  it('destroys at every node that holds openings what it names and nothing else; each says so to the others', async () => {
    const { received, erasure } = await erased(['applicant', 'c1']);
    expect(await heldPointers(gialam.district, received)).toContain('/applicant/fullName');
    const desks = gialam.world.nodes.map(({ services }) => new ErasureDesk(services));
    for (const desk of desks) expect(await desk.catchUp()).toBe(1);
    for (const node of [gialam.commune, gialam.district]) {
      const left = await heldPointers(node, received);
      expect(left.filter((pointer) => /^\/(applicant|children)\//.test(pointer))).toEqual([]);
      expect(left).toContain('/actor/name');
    }
    await exchange();
    for (const { services } of gialam.world.nodes) {
      const confirmed = (await services.vault.findErased(erasure)).map(({ node }) => node as string);
      expect(confirmed.sort()).toEqual(['gialam-communes', 'gialam-district', 'hanoi-city']);
    }
    for (const desk of desks) expect(await desk.catchUp()).toBe(0);
  });

  it('is not undone by openings that come again, and what is gone is refused', async () => {
    const { received } = await erased(['applicant']);
    for (const { services } of gialam.world.nodes) await new ErasureDesk(services).catchUp();
    gialam.world.broker.rewind(mailboxOf(gialam.district.node));
    await exchange();
    expect(await heldPointers(gialam.district, received)).not.toContain('/applicant/fullName');
    expect(await heldPointers(gialam.district, received)).toContain('/actor/name');
  });

  it('is carried out again at the next start on a vault that was restored from a backup, and told once', async () => {
    const { received, erasure } = await erased(['applicant']);
    await new ErasureDesk(gialam.commune.services).catchUp();
    const sent = () =>
      gialam.world.broker
        .records(mailboxOf(gialam.district.node))
        .filter(({ value }) => Buffer.from(value).includes(`"event":"${erasure}"`)).length;
    expect(sent()).toBe(1);
    const restored: string[] = [];
    const vault = Object.create(gialam.commune.services.vault) as typeof gialam.commune.services.vault;
    vault.erase = async (stream, subjects) => {
      restored.push(`${stream} ${subjects.join()}`);
    };
    vault.findErased = (event) => gialam.commune.services.vault.findErased(event);
    await new ErasureDesk({ ...gialam.commune.services, vault }).catchUp();
    expect(restored).toContain(`${gialam.subject} applicant`);
    expect(sent()).toBe(1);
    expect(received).toBeDefined();
  });

  it('of which a peer speaks before the event has come is noted when it has', async () => {
    const { services } = gialam.district;
    const held = async () => (await services.store.countHeld()).bySource.get('urn:lienthong:node:hanoi-city') ?? 0;
    const before = await held();
    const unknown = 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
    await sendExchange(nodeAt(gialam.world, 'H26').services, gialam.district.node, 'erased', {
      event: unknown,
      subjects: ['applicant'],
    });
    await exchange();
    expect(await held()).toBe(before + 1);
    expect(await services.vault.findErased(unknown as Hash)).toEqual([]);
  });
});
