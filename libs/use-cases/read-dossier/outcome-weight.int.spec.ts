/** An answer is believed by what the stream shows and by whose it was to give, not by who could sign one (wire format 2.1). */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '#libs/key-custody';
import type { Hash } from '#libs/kernel';
import { forge, mail, recordWith } from '../../testing/forged-messages.ts';
import { by, CITY, COMMUNE, DAY_MS, DISTRICT, giaLam } from '../../testing/gia-lam.ts';
import { openStored } from '../stored-messages.ts';

const gialam = giaLam({ ownWall: true });
const { acts, atDistrict, exchange, forwardedToDistrict, send, wait } = gialam;

beforeEach(() => gialam.wall.set(systemClock.now()));

const sentCommand = async (hash: Hash) =>
  openStored((await gialam.commune.services.store.findByHash([hash])).get(hash)!);

/** The city is superior of all and has a key; nothing here was ever its to decide. */
async function answerMadeUp(hash: Hash, name: 'accepted' | 'refused', data?: Record<string, unknown>): Promise<void> {
  const { message } = await sentCommand(hash);
  const members = { causationid: message.id, causationhash: hash };
  const { sealed } = forge(gialam.city, {
    subject: gialam.subject,
    kind: 'outcome',
    name,
    agency: CITY,
    members,
    ...(data ? { data } : {}),
  });
  mail(gialam.commune, recordWith(sealed));
  await exchange();
}

describe('an outcome of an agency that could not decide', () => {
  it('is no answer, though it accepts by an event that stands in the dossier; the real refusal is', async () => {
    await atDistrict();
    gialam.lose('outcome.');
    const { outcome, hash } = await send(COMMUNE, 'record-payment');
    await exchange();
    const [first] = await gialam.commune.services.store.readStream(gialam.subject, 'main');
    await answerMadeUp(hash, 'accepted', { events: [first?.hash] });
    expect(await outcome()).toMatchObject({ status: 'pending' });
    gialam.world.broker.disturb();
    await wait(11_000);
    expect(await outcome()).toMatchObject({ status: 'refused', code: 'FEE_NOT_REQUESTED' });
  });

  it('does not refuse what was accepted, before or after the acceptance is here', async () => {
    await forwardedToDistrict();
    const { outcome, hash } = await send(COMMUNE, 'withdraw');
    await exchange();
    await answerMadeUp(hash, 'refused');
    expect(await outcome()).toMatchObject({ status: 'pending' });
    await acts(['accept-custody', by(DISTRICT)]);
    await exchange();
    expect(await outcome()).toMatchObject({ status: 'accepted', events: [{ type: 'withdrawn' }] });
  });

  it('is shown when the command has expired and nobody else has answered', async () => {
    await forwardedToDistrict();
    const { outcome, hash } = await send(COMMUNE, 'withdraw');
    await answerMadeUp(hash, 'refused', { code: 'COMMAND_NOT_ALLOWED' });
    expect(await outcome()).toMatchObject({ status: 'pending' });
    gialam.world.clock.advance(40 * DAY_MS);
    expect(await outcome()).toMatchObject({ status: 'refused', code: 'COMMAND_NOT_ALLOWED' });
  });
});

describe('a command that somebody repeats with many hops', () => {
  it('is answered TOO_MANY_HOPS only until the real answer is here', async () => {
    await forwardedToDistrict();
    const { outcome, hash } = await send(COMMUNE, 'withdraw');
    await answerMadeUp(hash, 'refused', { code: 'TOO_MANY_HOPS' });
    expect(await outcome()).toMatchObject({ status: 'refused', code: 'TOO_MANY_HOPS' });
    await acts(['accept-custody', by(DISTRICT)]);
    await exchange();
    expect(await outcome()).toMatchObject({ status: 'accepted', events: [{ type: 'withdrawn' }] });
  });
});
