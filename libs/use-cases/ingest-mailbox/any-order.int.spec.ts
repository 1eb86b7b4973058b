/** G4, G6: order per stream at every node, whatever the broker does to records; a flood fills its own share and no more. */
import { describe, expect, it } from '@jest/globals';
import { HOLD_BOUNDS } from '#libs/exchange';
import type { Subject } from '#libs/kernel';
import { someHash } from '../../testing/builders.ts';
import { chance, shuffled } from '../../testing/chance.ts';
import { forge, mail, recordWith } from '../../testing/forged-messages.ts';
import { ACCEPTING, by, COMMUNE, DISTRICT, giaLam } from '../../testing/gia-lam.ts';
import { act, acts, historyAt, namesAt, newDossier } from '../../testing/test-acts.ts';
import { mailboxOf } from '../node-services.ts';

const gialam = giaLam({ nodes: ACCEPTING, ownWall: true });
const { exchange, forward, leg, wait } = gialam;

async function settle(subject: Subject): Promise<void> {
  await acts(gialam.world, subject, ['file-dossier', by(COMMUNE)], ['forward', forward()]);
  await exchange();
  await wait(11_000);
  gialam.world.clock.advance(60_000);
  await act(gialam.world, 'withdraw', subject, by(COMMUNE));
  await exchange();
  await wait(11_000);
  await acts(gialam.world, subject, ['forward', by(DISTRICT, leg(COMMUNE, 'return'))]);
  await exchange();
  await wait(11_000);
}
const SETTLED = ['received', 'forwarded', 'custody-accepted', 'withdrawn', 'forwarded', 'custody-accepted'];
async function expectSettled(subject: Subject): Promise<void> {
  const history = await historyAt(gialam.commune, subject);
  for (const node of gialam.world.nodes) {
    expect(await namesAt(node, subject)).toEqual(SETTLED);
    expect(await historyAt(node, subject)).toEqual(history);
  }
}
const sizes = () => Promise.all(gialam.world.nodes.map(async ({ services }) => (await services.store.logSize()).size));

describe('a broker that delivers', () => {
  it.each([1, 2, 3])('in any order and more than once ends with one history everywhere (seed %d)', async (seed) => {
    const random = chance(seed);
    gialam.world.broker.disturb((records) => shuffled([...records, ...records.filter(() => random() < 0.5)], random));
    const dossiers = [newDossier(), newDossier(), newDossier()];
    for (const subject of dossiers) await settle(subject);
    for (const subject of dossiers) await expectSettled(subject);
  });

  it('a whole partition again from its first record changes nothing', async () => {
    const subject = newDossier();
    await settle(subject);
    const before = {
      sizes: await sizes(),
      histories: await Promise.all(gialam.world.nodes.map((node) => historyAt(node, subject))),
    };
    const quarantined = await Promise.all(gialam.world.nodes.map(({ services }) => services.store.countQuarantine()));
    for (const { node } of gialam.world.nodes) gialam.world.broker.rewind(mailboxOf(node));
    await exchange();
    expect(await sizes()).toEqual(before.sizes);
    expect(await Promise.all(gialam.world.nodes.map((node) => historyAt(node, subject)))).toEqual(before.histories);
    expect(await Promise.all(gialam.world.nodes.map(({ services }) => services.store.countQuarantine()))).toEqual(
      quarantined,
    );
    expect(
      await Promise.all(gialam.world.nodes.map(async ({ services }) => (await services.store.countHeld()).total)),
    ).toEqual([0, 0, 0]);
  });
});

describe('ten thousand far-ahead events of one agency', () => {
  it('are held up to a bound and delay nobody; a gap of another agency is still held and closed', async () => {
    const { commune, district } = gialam;
    const flooder = 'H26.129.22';
    const subject = newDossier();
    const gapped = newDossier();
    const first = forge(commune, { subject: gapped, name: 'received' }).sealed;
    const second = forge(commune, { subject: gapped, name: 'processing-started', after: first }).sealed;
    const third = forge(commune, { subject: gapped, name: 'step-completed', after: second }).sealed;
    await acts(gialam.world, subject, ['file-dossier', by(COMMUNE)]);
    const template = { subject, name: 'processing-started', agency: flooder };
    const flood = Array.from({ length: 10_000 }, (_, at) => {
      const members = { streamseq: String(at + 1000).padStart(10, '0'), prevhash: someHash() };
      return recordWith(forge(commune, { ...template, members }).sealed);
    });
    mail(district, ...flood.slice(0, 5_000), recordWith(third), ...flood.slice(5_000), recordWith(second));
    await exchange();
    expect(await namesAt(district, subject)).toEqual(['received']);
    const held = await district.services.store.countHeld();
    expect(held.bySource.get(`urn:lienthong:agency:${flooder}`)).toBe(HOLD_BOUNDS.perSource);
    expect(held.bySource.get(`urn:lienthong:agency:${COMMUNE}`)).toBe(2);
    await acts(gialam.world, subject, ['forward', forward()]);
    mail(district, recordWith(first));
    await exchange();
    expect(await namesAt(district, gapped)).toEqual(['received', 'processing-started', 'step-completed']);
    expect(await namesAt(commune, subject)).toEqual(['received', 'forwarded', 'custody-accepted']);
  }, 120_000);
});
