/** Vault before ledger, erasure the other way round, over three nodes (design 8, G10). */
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { systemClock } from '#libs/key-custody';
import type { Hash, Subject } from '#libs/kernel';
import { exchangeAll } from '../../testing/exchange-all.ts';
import { actFor, acts, laterThan, namesAt, newDossier, nodeAt, type ActWanted } from '../../testing/test-acts.ts';
import { TestClock } from '../../testing/test-clock.ts';
import { GIALAM, openTestWorld, type TestNode, type TestWorld } from '../../testing/test-node.ts';
import { actOnDossier } from '../act-on-dossier/act-on-dossier.ts';
import { sendExchange } from '../exchange-messages.ts';
import { mailboxOf } from '../node-services.ts';
import { openStored } from '../stored-messages.ts';
import { sweepVault } from '../sweep-vault/sweep-vault.ts';
import { ErasureDesk } from './when-personal-data-erased-then-destroy-keys.ts';

jest.setTimeout(60_000);

const COMMUNE = 'H26.129.05';
const DISTRICT = 'H26.129';
const DAY_MS = 86_400_000;
const by = (agency: string, data: object = {}): ActWanted => ({ agency, data: { ...data } });

const wall = new TestClock(systemClock.now());
let world: TestWorld;
let commune: TestNode;
let district: TestNode;
let subject: Subject;
beforeAll(async () => {
  world = await openTestWorld({
    wall,
    nodes: GIALAM.map((one) => ({
      ...one,
      ...(one.node === 'hanoi-city' ? { agencies: ['H26'] } : {}),
      autoAccept: 'all' as const,
    })),
    absent: [{ node: 'city-adapters', agencies: ['H26.901', 'H26.902', 'H26.903'] }],
  });
  [commune, district] = [COMMUNE, DISTRICT].map((agency) => nodeAt(world, agency)) as [TestNode, TestNode];
}, 60_000);
afterAll(() => world.close());
beforeEach(() => {
  subject = newDossier();
});

const mainAt = async ({ services }: TestNode) => (await services.store.readStream(subject, 'main')).map(openStored);
async function heldPointers({ services }: TestNode, event: Hash): Promise<readonly string[]> {
  return (await services.vault.findPointers([event])).get(event) ?? [];
}
/** Filed, settled at the district, given back, and erased by the commune; retention has ended at once. */
async function erased(subjects: readonly string[]): Promise<{ received: Hash; erasure: Hash }> {
  const leg = { step: 'appraise', legDueAt: laterThan(world.clock.now(), DAY_MS) };
  await acts(
    world,
    subject,
    ['file-dossier', by(COMMUNE)],
    ['forward', by(COMMUNE, { to: DISTRICT, reason: 'route', ...leg })],
  );
  await exchangeAll(world.nodes);
  await acts(
    world,
    subject,
    ['start-processing', by(DISTRICT)],
    ['resolve', by(DISTRICT)],
    ['forward', by(DISTRICT, { to: COMMUNE, reason: 'return', ...leg })],
  );
  await exchangeAll(world.nodes);
  await acts(world, subject, ['return-result', by(COMMUNE)]);
  world.clock.advance(60_000);
  const act = actFor('erase-personal-data', subject, by(COMMUNE, { subjects }));
  const acted = await actOnDossier({ ...commune.services, erasableFrom: (endedAt) => endedAt }, act);
  expect(acted).toMatchObject({ kind: 'answered', answer: { events: [{ type: 'personal-data-erased' }] } });
  await exchangeAll(world.nodes);
  const events = await mainAt(commune);
  return { received: events[0]!.hash, erasure: events.at(-1)!.hash };
}

describe('a crash between vault and ledger', () => {
  it('leaves no event, and what the vault has of it is swept after a day', async () => {
    const crashing = {
      ...commune.services,
      store: { ...commune.services.store, append: () => Promise.reject(new Error('killed')) },
    };
    await sweepVault(commune.services);
    await expect(actOnDossier(crashing, actFor('file-dossier', subject, by(COMMUNE)))).rejects.toThrow('killed');
    expect(await namesAt(commune, subject)).toEqual([]);
    expect(await sweepVault(commune.services)).toBe(0);
    const other = newDossier();
    await acts(world, other, ['file-dossier', by(COMMUNE)]);
    wall.advance(2 * DAY_MS);
    expect(await sweepVault(commune.services)).toBeGreaterThan(5);
    subject = other;
    expect((await heldPointers(commune, (await mainAt(commune))[0]!.hash)).length).toBeGreaterThan(5);
    wall.advance(-2 * DAY_MS);
  });
});

describe('an erasure', () => {
  it('destroys at every node that holds openings what it names and nothing else; each says so to the others', async () => {
    const { received, erasure } = await erased(['applicant', 'c1']);
    expect(await heldPointers(district, received)).toContain('/applicant/fullName');
    const desks = world.nodes.map(({ services }) => new ErasureDesk(services));
    for (const desk of desks) expect(await desk.catchUp()).toBe(1);
    for (const node of [commune, district]) {
      const left = await heldPointers(node, received);
      expect(left.filter((pointer) => /^\/(applicant|children)\//.test(pointer))).toEqual([]);
      expect(left).toContain('/actor/name');
    }
    await exchangeAll(world.nodes);
    for (const { services } of world.nodes) {
      const confirmed = (await services.vault.findErased(erasure)).map(({ node }) => node as string);
      expect(confirmed.sort()).toEqual(['gialam-communes', 'gialam-district', 'hanoi-city']);
    }
    for (const desk of desks) expect(await desk.catchUp()).toBe(0);
  });

  it('is not undone by openings that come again, and what is gone is refused', async () => {
    const { received } = await erased(['applicant']);
    for (const { services } of world.nodes) await new ErasureDesk(services).catchUp();
    world.broker.rewind(mailboxOf(district.node));
    await exchangeAll(world.nodes);
    expect(await heldPointers(district, received)).not.toContain('/applicant/fullName');
    expect(await heldPointers(district, received)).toContain('/actor/name');
  });

  it('is carried out again at the next start on a vault that was restored from a backup, and told once', async () => {
    const { received, erasure } = await erased(['applicant']);
    await new ErasureDesk(commune.services).catchUp();
    const sent = () =>
      world.broker
        .records(mailboxOf(district.node))
        .filter(({ value }) => Buffer.from(value).includes(`"event":"${erasure}"`)).length;
    expect(sent()).toBe(1);
    const restored: string[] = [];
    const vault = Object.create(commune.services.vault) as typeof commune.services.vault;
    vault.erase = async (stream, subjects) => {
      restored.push(`${stream} ${subjects.join()}`);
    };
    vault.findErased = (event) => commune.services.vault.findErased(event);
    await new ErasureDesk({ ...commune.services, vault }).catchUp();
    expect(restored).toContain(`${subject} applicant`);
    expect(sent()).toBe(1);
    expect(received).toBeDefined();
  });

  it('of which a peer speaks before the event has come is noted when it has', async () => {
    const { services } = district;
    const held = async () => (await services.store.countHeld()).bySource.get('urn:lienthong:node:hanoi-city') ?? 0;
    const before = await held();
    const unknown = 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
    await sendExchange(nodeAt(world, 'H26').services, district.node, 'erased', {
      event: unknown,
      subjects: ['applicant'],
    });
    await exchangeAll(world.nodes);
    expect(await held()).toBe(before + 1);
    expect(await services.vault.findErased(unknown as Hash)).toEqual([]);
  });
});
