/** Commands over nodes (wire format 2.1): entered where the dossier is not, decided where it is, answered where they began. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { DossierCommandName } from '#libs/dossier';
import type { Subject } from '#libs/kernel';
import { exchangeAll } from '../../testing/exchange-all.ts';
import { forge, mail, recordWith } from '../../testing/forged-messages.ts';
import {
  act,
  acts,
  historyAt,
  laterThan,
  namesAt,
  newDossier,
  nodeAt,
  outcomeOf,
  type ActWanted,
} from '../../testing/test-acts.ts';
import { GIALAM, openTestWorld, type TestWorld } from '../../testing/test-node.ts';
import { openStored } from '../stored-messages.ts';

jest.setTimeout(60_000);

const COMMUNE = 'H26.129.05';
const DISTRICT = 'H26.129';
const CITY = 'H26';
const LEG = '2023-06-20T10:00:00.000Z';
const by = (agency: string, data: object = {}): ActWanted => ({ agency, data: { ...data } });
const to = (agency: string, reason = 'route') => ({ to: agency, reason, step: 'appraise', legDueAt: LEG });

let world: TestWorld;
let subject: Subject;
beforeAll(async () => {
  world = await openTestWorld({ nodes: GIALAM });
}, 60_000);
afterAll(() => world.close());
beforeEach(() => {
  subject = newDossier();
});

const exchange = () => exchangeAll(world.nodes);
async function forwardedToDistrict(): Promise<void> {
  await acts(world, subject, ['file-dossier', by(COMMUNE)], ['forward', by(COMMUNE, to(DISTRICT))]);
  await exchange();
}
async function atDistrict(): Promise<void> {
  await forwardedToDistrict();
  await acts(world, subject, ['accept-custody', by(DISTRICT)], ['start-processing', by(DISTRICT)]);
  await exchange();
}
async function send(agency: string, command: DossierCommandName, data: object = {}) {
  world.clock.advance(60_000);
  const acted = await act(world, command, subject, by(agency, data));
  return { acted, outcome: () => outcomeOf(world, agency, acted) };
}
async function same(): Promise<readonly string[]> {
  const [first, ...others] = await Promise.all(world.nodes.map((node) => historyAt(node, subject)));
  for (const other of others) expect(other).toEqual(first);
  return namesAt(nodeAt(world, COMMUNE), subject);
}

describe('a command entered at the commune while the district holds the dossier', () => {
  it('brings a supplement, and its outcome back', async () => {
    await atDistrict();
    await acts(world, subject, ['request-supplement', by(DISTRICT)]);
    await exchange();
    const { outcome } = await send(COMMUNE, 'provide-supplement');
    expect(await outcome()).toMatchObject({ status: 'pending' });
    await exchange();
    expect(await outcome()).toMatchObject({ status: 'accepted', events: [{ type: 'supplement-provided' }, {}] });
    expect(await same()).toContain('supplement-provided');
  });

  it('brings a payment', async () => {
    await atDistrict();
    await acts(world, subject, ['request-fee', by(DISTRICT)]);
    await exchange();
    const { outcome } = await send(COMMUNE, 'record-payment');
    await exchange();
    expect(await outcome()).toMatchObject({ status: 'accepted', events: [{ type: 'fee-paid' }] });
    await same();
  });

  it('withdraws, and is refused when it is asked again, with code, both languages and what is allowed', async () => {
    await atDistrict();
    const first = await send(COMMUNE, 'withdraw');
    await exchange();
    expect(await first.outcome()).toMatchObject({ status: 'accepted', events: [{ type: 'withdrawn' }] });
    const second = await send(COMMUNE, 'withdraw');
    await exchange();
    expect(await second.outcome()).toMatchObject({
      status: 'refused',
      code: 'COMMAND_NOT_ALLOWED',
      message: { vi: expect.stringContaining('Withdrawn'), en: expect.stringContaining('Withdrawn') },
      allowed: expect.arrayContaining(['rate-satisfaction']),
    });
    expect((await same()).filter((name) => name === 'withdrawn')).toHaveLength(1);
  });

  it('gives the opinion of the agency asked, and of no other', async () => {
    await atDistrict();
    await acts(world, subject, [
      'request-opinion',
      by(DISTRICT, { agency: CITY, dueAt: LEG, fields: ['/applicant/fullName'] }),
    ]);
    await exchange();
    const wrong = await send(COMMUNE, 'give-opinion');
    const right = await send(CITY, 'give-opinion');
    await exchange();
    expect(await wrong.outcome()).toMatchObject({ status: 'refused', code: 'NOT_THE_AGENCY_ASKED' });
    expect(await right.outcome()).toMatchObject({ status: 'accepted', events: [{ type: 'opinion-given' }] });
    await same();
  });

  it('is refused NOT_A_PARTY when its agency is none', async () => {
    await atDistrict();
    const { outcome } = await send('H26.129.06', 'withdraw');
    await exchange();
    expect(await outcome()).toMatchObject({ status: 'refused', code: 'NOT_A_PARTY' });
  });

  it('is refused INVALID for data that fit no contract', async () => {
    await atDistrict();
    const commune = nodeAt(world, COMMUNE);
    const expirytime = laterThan(world.clock.now(), 86_400_000);
    const { sealed } = forge(commune, {
      subject,
      kind: 'command',
      name: 'withdraw',
      data: { requestedBy: 7 },
      members: { expirytime },
    });
    mail(nodeAt(world, DISTRICT), recordWith(sealed));
    await exchange();
    const [answer] = await nodeAt(world, DISTRICT).services.store.findCaused(sealed.hash);
    expect(openStored(answer!).message.data).toMatchObject({ code: 'INVALID' });
  });
});

describe('a command that meets a dossier in transit', () => {
  it('is kept by the node named until it accepts, then decided', async () => {
    await forwardedToDistrict();
    const { outcome } = await send(COMMUNE, 'withdraw');
    await exchange();
    expect(await outcome()).toMatchObject({ status: 'pending' });
    await acts(world, subject, ['accept-custody', by(DISTRICT)]);
    await exchange();
    expect(await outcome()).toMatchObject({ status: 'accepted' });
    expect(await same()).toEqual(['received', 'forwarded', 'custody-accepted', 'withdrawn']);
  });

  it('is sent back when it declines, and decided where the right has returned', async () => {
    await forwardedToDistrict();
    const ofCommune = await send(COMMUNE, 'withdraw');
    await exchange();
    await acts(world, subject, ['decline-custody', by(DISTRICT)]);
    await exchange();
    expect(await ofCommune.outcome()).toMatchObject({ status: 'accepted' });
    expect(await same()).toEqual(['received', 'forwarded', 'custody-declined', 'withdrawn']);
  });

  it('recalls it: the node named answers by declining', async () => {
    await forwardedToDistrict();
    const { outcome } = await send(COMMUNE, 'recall');
    await exchange();
    expect(await outcome()).toMatchObject({ status: 'accepted', events: [{ type: 'custody-declined' }] });
    expect((await nodeAt(world, COMMUNE).services.store.findHead(subject))?.hand).toEqual({
      kind: 'held',
      custodian: COMMUNE,
    });
    await same();
  });
});
