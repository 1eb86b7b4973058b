/** Commands over nodes (wire format 2.1): entered where the dossier is not, decided where it is, answered where they began. */
import { describe, expect, it } from '@jest/globals';
import { forge, mail, recordWith } from '../../testing/forged-messages.ts';
import { by, CITY, COMMUNE, DAY_MS, DISTRICT, giaLam, NEIGHBOUR } from '../../testing/gia-lam.ts';
import { laterThan } from '../../testing/test-acts.ts';
import { openStored } from '../stored-messages.ts';

const gialam = giaLam();
const { acts, atDistrict, exchange, forwardedToDistrict, same, send } = gialam;

describe('a command entered at the commune while the district holds the dossier', () => {
  it('brings a supplement, and its outcome back', async () => {
    await atDistrict();
    await acts(['request-supplement', by(DISTRICT)]);
    await exchange();
    const { outcome } = await send(COMMUNE, 'provide-supplement');
    expect(await outcome()).toMatchObject({ status: 'pending' });
    await exchange();
    expect(await outcome()).toMatchObject({ status: 'accepted', events: [{ type: 'supplement-provided' }, {}] });
    expect(await same()).toContain('supplement-provided');
  });

  it('brings a payment', async () => {
    await atDistrict();
    await acts(['request-fee', by(DISTRICT)]);
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
    await acts([
      'request-opinion',
      by(DISTRICT, {
        agency: CITY,
        dueAt: laterThan(gialam.world.clock.now(), DAY_MS),
        fields: ['/applicant/fullName'],
      }),
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
    const { outcome } = await send(NEIGHBOUR, 'withdraw');
    await exchange();
    expect(await outcome()).toMatchObject({ status: 'refused', code: 'NOT_A_PARTY' });
  });

  it('is refused INVALID for data that fit no contract', async () => {
    await atDistrict();
    const { commune, district } = gialam;
    const expirytime = laterThan(gialam.world.clock.now(), DAY_MS);
    const { sealed } = forge(commune, {
      subject: gialam.subject,
      kind: 'command',
      name: 'withdraw',
      data: { requestedBy: 7 },
      members: { expirytime },
    });
    mail(district, recordWith(sealed));
    await exchange();
    const [answer] = await district.services.store.findCaused(sealed.hash);
    expect(openStored(answer!).message.data).toMatchObject({ code: 'INVALID' });
  });
});

describe('a command that meets a dossier in transit', () => {
  it('is kept by the node named until it accepts, then decided', async () => {
    await forwardedToDistrict();
    const { outcome } = await send(COMMUNE, 'withdraw');
    await exchange();
    expect(await outcome()).toMatchObject({ status: 'pending' });
    await acts(['accept-custody', by(DISTRICT)]);
    await exchange();
    expect(await outcome()).toMatchObject({ status: 'accepted' });
    expect(await same()).toEqual(['received', 'forwarded', 'custody-accepted', 'withdrawn']);
  });

  it('is sent back when it declines, and decided where the right has returned', async () => {
    await forwardedToDistrict();
    const ofCommune = await send(COMMUNE, 'withdraw');
    await exchange();
    await acts(['decline-custody', by(DISTRICT)]);
    await exchange();
    expect(await ofCommune.outcome()).toMatchObject({ status: 'accepted' });
    expect(await same()).toEqual(['received', 'forwarded', 'custody-declined', 'withdrawn']);
  });

  it('recalls it: the node named answers by declining', async () => {
    await forwardedToDistrict();
    const { outcome } = await send(COMMUNE, 'recall');
    await exchange();
    expect(await outcome()).toMatchObject({ status: 'accepted', events: [{ type: 'custody-declined' }] });
    expect((await gialam.commune.services.store.findHead(gialam.subject))?.hand).toEqual({
      kind: 'held',
      custodian: COMMUNE,
    });
    await same();
  });
});
