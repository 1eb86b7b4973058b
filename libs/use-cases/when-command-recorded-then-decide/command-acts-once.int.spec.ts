/** G3 for commands: lost, repeated, late, on a long way, or without its openings, a command acts once or not at all. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '#libs/key-custody';
import { splitType, type Hash } from '#libs/kernel';
import { forge, mail, recordWith, type Forged } from '../../testing/forged-messages.ts';
import { by, CITY, COMMUNE, DAY_MS, DISTRICT, giaLam, PORTAL } from '../../testing/gia-lam.ts';
import { laterThan, namesAt, nodeAt } from '../../testing/test-acts.ts';
import { mailboxOf } from '../node-services.ts';
import { openStored } from '../stored-messages.ts';

const gialam = giaLam({ ownWall: true });
const { acts, atDistrict, exchange, forward, forwardedToDistrict, leg, lose, send, wait } = gialam;
beforeEach(() => gialam.wall.set(systemClock.now()));

const countNames = async (agency: string, name: string): Promise<number> =>
  (await namesAt(nodeAt(gialam.world, agency), gialam.subject)).filter((one) => one === name).length;
async function bytesOf(agency: string, hash: Hash) {
  const stored = (await nodeAt(gialam.world, agency).services.store.findByHash([hash])).get(hash);
  return recordWith({ ...openStored(stored!), bytes: stored!.bytes });
}
async function answersAt(agency: string, command: Hash): Promise<readonly { name: string; code: unknown }[]> {
  const caused = await nodeAt(gialam.world, agency).services.store.findCaused(command);
  return caused
    .filter((stored) => stored.class === 'outcome')
    .map((stored) => openStored(stored).message)
    .map(({ type, data }) => ({ name: splitType(type)?.name ?? '', code: data['code'] }));
}
function forgedCommand(agency: string, name: string, lifeMs = DAY_MS): Forged {
  const expirytime = laterThan(gialam.world.clock.now(), lifeMs);
  return forge(nodeAt(gialam.world, agency), {
    subject: gialam.subject,
    kind: 'command',
    name,
    agency,
    members: { expirytime },
  });
}

describe('a command whose outcome is lost', () => {
  it('is answered by the node it began at, once custody has come there, with the event it caused', async () => {
    await atDistrict();
    lose('outcome.');
    const { outcome, hash } = await send(COMMUNE, 'withdraw');
    await exchange();
    expect(await outcome()).toMatchObject({ status: 'pending' });
    await acts(['forward', by(DISTRICT, leg(COMMUNE, 'return'))]);
    await exchange();
    await acts(['accept-custody', by(COMMUNE)]);
    await exchange();
    expect(await outcome()).toMatchObject({ status: 'accepted', events: [{ type: 'withdrawn' }] });
    expect(await countNames(COMMUNE, 'withdrawn')).toBe(1);
    gialam.world.broker.disturb();
    mail(gialam.commune, await bytesOf(COMMUNE, hash));
    await wait(11_000);
    expect(await countNames(DISTRICT, 'withdrawn')).toBe(1);
  });

  it('is answered from memory when it is sent again, and does nothing more', async () => {
    await atDistrict();
    const { outcome, hash } = await send(COMMUNE, 'withdraw');
    await exchange();
    expect(await outcome()).toMatchObject({ status: 'accepted' });
    const mailbox = mailboxOf(gialam.commune.node);
    const outcomes = () =>
      gialam.world.broker
        .records(mailbox)
        .filter(({ value }) => Buffer.from(value).includes(`"causationhash":"${hash}","`)).length;
    const before = outcomes();
    mail(gialam.district, await bytesOf(COMMUNE, hash));
    await exchange();
    expect(outcomes()).toBe(before + 1);
    expect(await countNames(DISTRICT, 'withdrawn')).toBe(1);
    expect(await answersAt(DISTRICT, hash)).toEqual([{ name: 'accepted', code: undefined }]);
  });

  it('acts once when two processes of the node look at it at once', async () => {
    await atDistrict();
    const { hash } = await send(COMMUNE, 'withdraw');
    const district = gialam.district;
    const another = await district.anotherProcess();
    const { CommandDesk, relayOnce, ingestBatch } = await import('#libs/use-cases');
    while ((await relayOnce(gialam.commune.services, 'test')) > 0);
    await ingestBatch(district.services, gialam.world.broker.take(mailboxOf(district.node))!);
    await Promise.all([district.services, another].map((services) => new CommandDesk(services).answer(gialam.subject)));
    await exchange();
    expect(await countNames(DISTRICT, 'withdrawn')).toBe(1);
    expect(await answersAt(COMMUNE, hash)).toEqual([{ name: 'accepted', code: undefined }]);
  });
});

describe('a command whose dossier comes to the node it began at', () => {
  const backToCommune = async (): Promise<void> => {
    await acts(['forward', by(DISTRICT, leg(COMMUNE, 'return'))]);
    await exchange();
    await acts(['accept-custody', by(COMMUNE)]);
    await exchange();
  };

  it('is not decided there while the answer of the node that it was sent to is on its way', async () => {
    await atDistrict();
    lose('outcome.');
    const { outcome, hash } = await send(COMMUNE, 'record-payment');
    await exchange();
    await acts(['request-fee', by(DISTRICT)]);
    await backToCommune();
    expect(await outcome()).toMatchObject({ status: 'pending' });
    expect(await countNames(COMMUNE, 'fee-paid')).toBe(0);
    gialam.world.broker.disturb();
    await wait(11_000);
    expect(await outcome()).toMatchObject({ status: 'refused', code: 'FEE_NOT_REQUESTED' });
    expect(await countNames(COMMUNE, 'fee-paid')).toBe(0);
    expect(await answersAt(COMMUNE, hash)).toHaveLength(1);
  });

  it('is decided there once the node that it was sent to has sent it back', async () => {
    await atDistrict();
    lose('command.');
    const { outcome, hash } = await send(COMMUNE, 'withdraw');
    await exchange();
    await backToCommune();
    expect(await outcome()).toMatchObject({ status: 'pending' });
    gialam.world.broker.disturb();
    await wait(11_000);
    expect(await outcome()).toMatchObject({ status: 'accepted', events: [{ type: 'withdrawn' }] });
    expect(await countNames(COMMUNE, 'withdrawn')).toBe(1);
    expect(await answersAt(COMMUNE, hash)).toHaveLength(1);
  });

  it('goes with the dossier again when it has come back and the dossier has left meanwhile', async () => {
    await forwardedToDistrict();
    const { outcome, hash } = await send(COMMUNE, 'withdraw');
    await exchange();
    lose('command.');
    await acts(['decline-custody', by(DISTRICT)]);
    await exchange();
    await acts(['forward', forward()]);
    gialam.world.broker.disturb();
    await wait(31_000);
    expect(await outcome()).toMatchObject({ status: 'pending' });
    await acts(['accept-custody', by(DISTRICT)]);
    await exchange();
    expect(await outcome()).toMatchObject({ status: 'accepted', events: [{ type: 'withdrawn' }] });
    expect(await answersAt(COMMUNE, hash)).toHaveLength(1);
  });

  it('has expired there when nobody has ever heard of it', async () => {
    await atDistrict();
    lose('command.');
    const { outcome, hash } = await send(COMMUNE, 'withdraw');
    await exchange();
    await backToCommune();
    gialam.world.clock.advance(8 * DAY_MS);
    await wait(1_000);
    expect(await outcome()).toMatchObject({ status: 'refused', code: 'EXPIRED' });
    gialam.world.broker.disturb();
    await wait(11_000);
    expect(await countNames(COMMUNE, 'withdrawn')).toBe(0);
    for (const answer of await answersAt(COMMUNE, hash)) expect(answer).toEqual({ name: 'refused', code: 'EXPIRED' });
  });
});

describe('a command on its way', () => {
  it('goes on to where the dossier went, with one hop more, and is answered to its origin', async () => {
    await acts(['file-dossier', by(COMMUNE)]);
    await exchange();
    await acts(['forward', forward()]);
    const { outcome, hash } = await send(PORTAL, 'withdraw');
    await exchange();
    await acts(['accept-custody', by(DISTRICT)]);
    await exchange();
    expect(await outcome()).toMatchObject({ status: 'accepted', events: [{ type: 'withdrawn' }] });
    const hops = gialam.world.broker
      .records(mailboxOf(gialam.district.node))
      .filter(({ headers }) => headers?.['lt-hops'] === '1');
    expect(hops).toHaveLength(1);
    expect((await gialam.district.services.store.findByHash([hash])).size).toBe(1);
  });

  it('is led on no more often than its origin has reason to ask, however often somebody repeats it', async () => {
    await acts(['file-dossier', by(COMMUNE)]);
    await exchange();
    await acts(['forward', forward()]);
    const { outcome, hash } = await send(PORTAL, 'withdraw');
    await exchange();
    await acts(['accept-custody', by(DISTRICT)]);
    await exchange();
    expect(await outcome()).toMatchObject({ status: 'accepted' });
    const ledOn = () =>
      gialam.world.broker.records(mailboxOf(gialam.district.node)).filter(({ headers }) => headers?.['lt-hops'] === '1')
        .length;
    const before = ledOn();
    const replay = async (): Promise<void> => {
      mail(gialam.commune, await bytesOf(PORTAL, hash));
      await exchange();
    };
    for (let times = 0; times < 5; times += 1) await replay();
    expect(ledOn()).toBe(before + 1);
    await wait(31_000);
    await replay();
    expect(ledOn()).toBe(before + 2);
  });

  it('is not in the future for a node whose clock is a little behind', async () => {
    await atDistrict();
    const time = laterThan(gialam.world.clock.now(), 120_000);
    const members = { time, recordedtime: time, expirytime: laterThan(time, DAY_MS) };
    const { sealed, disclosures } = forge(gialam.commune, {
      subject: gialam.subject,
      kind: 'command',
      name: 'withdraw',
      members,
    });
    await gialam.district.services.vault.put(disclosures);
    mail(gialam.district, recordWith(sealed));
    await exchange();
    expect(await answersAt(DISTRICT, sealed.hash)).toEqual([{ name: 'accepted', code: undefined }]);
    await acts([
      'correct',
      by(DISTRICT, { corrects: (await gialam.district.services.store.findHead(gialam.subject))?.hash }),
    ]);
    await exchange();
    expect((await namesAt(gialam.commune, gialam.subject)).slice(-2)).toEqual(['withdrawn', 'corrected']);
  });

  it('is refused TOO_MANY_HOPS rather than passed on a ninth time', async () => {
    await atDistrict();
    const { sealed } = forgedCommand(PORTAL, 'withdraw');
    mail(gialam.commune, recordWith(sealed, { headers: { 'lt-hops': '8' } }));
    await exchange();
    expect(await answersAt(COMMUNE, sealed.hash)).toEqual([{ name: 'refused', code: 'TOO_MANY_HOPS' }]);
    expect(await countNames(DISTRICT, 'withdrawn')).toBe(0);
  });

  it('is not decided behind the back of the node that it was sent back to, which has refused it', async () => {
    await forwardedToDistrict();
    const { outcome } = await send(PORTAL, 'record-payment');
    await exchange();
    await acts(['decline-custody', by(DISTRICT)]);
    await exchange();
    expect(await outcome()).toMatchObject({ status: 'refused', code: 'FEE_NOT_REQUESTED' });
    await acts(['forward', forward()]);
    await exchange();
    await acts(['accept-custody', by(DISTRICT)], ['request-fee', by(DISTRICT)]);
    await exchange();
    await wait(11_000);
    expect(await countNames(DISTRICT, 'fee-paid')).toBe(0);
    expect(await outcome()).toMatchObject({ status: 'refused' });
  });

  it('goes back and forth with the dossier as long as nobody decides it', async () => {
    await forwardedToDistrict();
    const { outcome } = await send(PORTAL, 'withdraw');
    await exchange();
    lose('command.');
    await acts(['decline-custody', by(DISTRICT)]);
    await exchange();
    await acts(['forward', forward()]);
    gialam.world.broker.disturb();
    await exchange();
    await wait(11_000);
    await wait(11_000);
    expect(await outcome()).toMatchObject({ status: 'pending' });
    await acts(['decline-custody', by(DISTRICT)]);
    await exchange();
    expect(await outcome()).toMatchObject({ status: 'accepted', events: [{ type: 'withdrawn' }] });
    const hops = gialam.world.broker.records(mailboxOf(gialam.commune.node)).map(({ headers }) => headers?.['lt-hops']);
    expect(hops).toEqual(expect.arrayContaining(['1', '3']));
    expect(await countNames(COMMUNE, 'withdrawn')).toBe(1);
  });

  it('is not taken from who has to decide it by an answer that another one made up', async () => {
    await forwardedToDistrict();
    const { outcome, hash } = await send(COMMUNE, 'withdraw');
    await exchange();
    const command = openStored((await gialam.district.services.store.findByHash([hash])).get(hash)!).message;
    const { sealed } = forge(gialam.city, {
      subject: gialam.subject,
      kind: 'outcome',
      name: 'refused',
      agency: CITY,
      members: { causationid: command.id, causationhash: hash },
    });
    mail(gialam.district, recordWith(sealed));
    await exchange();
    await acts(['accept-custody', by(DISTRICT)]);
    await exchange();
    expect(await outcome()).toMatchObject({ status: 'accepted' });
  });

  it('is answered EXPIRED by whoever has it after its time', async () => {
    await atDistrict();
    const { sealed } = forgedCommand(COMMUNE, 'withdraw', 60_000);
    const other = forgedCommand(PORTAL, 'withdraw', 60_000).sealed;
    gialam.world.clock.advance(120_000);
    mail(gialam.district, recordWith(sealed));
    mail(gialam.commune, recordWith(other));
    await exchange();
    expect(await answersAt(DISTRICT, sealed.hash)).toEqual([{ name: 'refused', code: 'EXPIRED' }]);
    expect(await answersAt(COMMUNE, other.hash)).toEqual([{ name: 'refused', code: 'EXPIRED' }]);
  });
});

describe('a command with personal values', () => {
  it('waits for its openings, asks for them after ten seconds, and is decided', async () => {
    await atDistrict();
    lose('exchange.openings.v1');
    const { outcome } = await send(COMMUNE, 'withdraw');
    await exchange();
    expect(await outcome()).toMatchObject({ status: 'pending' });
    gialam.world.broker.disturb();
    await wait(5_000);
    expect(await outcome()).toMatchObject({ status: 'pending' });
    await wait(6_000);
    expect(await outcome()).toMatchObject({ status: 'accepted' });
  });

  it('is refused OPENINGS_MISSING at expiry when they never come', async () => {
    await atDistrict();
    lose('exchange.openings.v1');
    const { outcome } = await send(COMMUNE, 'withdraw');
    await exchange();
    await wait(11_000);
    gialam.world.clock.advance(8 * DAY_MS);
    await wait(1_000);
    expect(await outcome()).toMatchObject({ status: 'refused', code: 'OPENINGS_MISSING' });
    expect(await countNames(DISTRICT, 'withdrawn')).toBe(0);
  });
});
