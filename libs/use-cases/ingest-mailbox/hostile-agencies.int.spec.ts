/** G5, G6: agencies with good keys that write where they may not, or sign a place twice. */
import { describe, expect, it } from '@jest/globals';
import type { SealedMessage } from '#libs/kernel';
import { forge, mail, recordWith } from '../../testing/forged-messages.ts';
import { by, CITY, COMMUNE, DISTRICT, giaLam, NEIGHBOUR } from '../../testing/gia-lam.ts';
import { acts as actsOn, namesAt, newDossier } from '../../testing/test-acts.ts';
import type { TestNode } from '../../testing/test-node.ts';
import { openStored } from '../stored-messages.ts';

const gialam = giaLam();
const { act, acts, exchange, forwardedToDistrict, headAt, same } = gialam;

async function eventAt(node: TestNode, place: number): Promise<SealedMessage> {
  const stored = (await node.services.store.readStream(gialam.subject, 'all')).map(openStored);
  const found = stored.find(({ message }) => Number(message.streamseq) === place);
  if (!found) throw new Error(`no event at place ${place}`);
  return found;
}
/** A second event of the commune after `received`, beside its `forwarded`. */
async function signAgain(): Promise<SealedMessage> {
  const after = await eventAt(gialam.commune, 1);
  return forge(gialam.commune, { subject: gialam.subject, name: 'processing-started', after }).sealed;
}

describe('an agency that is not entitled', () => {
  it('writes neither at a free, nor at a taken, nor at the first place', async () => {
    await acts(['file-dossier', by(COMMUNE)], ['start-processing', by(COMMUNE)]);
    await exchange();
    const [first, second] = [await eventAt(gialam.commune, 1), await eventAt(gialam.commune, 2)];
    const bad = [
      forge(gialam.commune, { subject: gialam.subject, name: 'resolved', after: second, agency: NEIGHBOUR }),
      forge(gialam.commune, { subject: gialam.subject, name: 'resolved', after: first, agency: NEIGHBOUR }),
      forge(gialam.commune, { subject: newDossier(), name: 'received', agency: NEIGHBOUR }),
      forge(gialam.district, { subject: gialam.subject, name: 'custody-accepted', after: second, agency: DISTRICT }),
      forge(gialam.city, {
        subject: gialam.subject,
        name: 'rehomed',
        after: second,
        agency: CITY,
        data: { directoryVersion: gialam.city.services.directory().version },
      }),
    ].map(({ sealed }) => sealed);
    mail(gialam.district, ...bad.map((sealed) => recordWith(sealed)));
    mail(gialam.commune, ...bad.map((sealed) => recordWith(sealed)));
    await acts(['complete-step', by(COMMUNE)]);
    await exchange();
    for (const node of [gialam.district, gialam.commune]) {
      const rows = await node.services.store.listQuarantine({ code: 'NOT_ENTITLED', limit: 100 });
      expect(rows.map(({ hash }) => hash)).toEqual(bad.map(({ hash }) => hash));
    }
    expect(await same()).toEqual(['received', 'processing-started', 'step-completed']);
  });

  it('holds back with a rehomed of a later directory version nobody but itself', async () => {
    await acts(['file-dossier', by(COMMUNE)]);
    await exchange();
    const after = await eventAt(gialam.commune, 1);
    const later = { directoryVersion: '2099-01-01T00:00:00.000Z' };
    const rehomed = forge(gialam.city, {
      subject: gialam.subject,
      name: 'rehomed',
      after,
      agency: CITY,
      data: later,
    }).sealed;
    mail(gialam.district, recordWith(rehomed));
    await acts(['start-processing', by(COMMUNE)]);
    await exchange();
    expect(await gialam.district.services.store.isHeld([rehomed.hash])).toEqual(new Set([rehomed.hash]));
    expect(await same()).toEqual(['received', 'processing-started']);
  });
});

describe('a former custodian that signs its old place again', () => {
  it('loses to the agency that has accepted since, whichever of the two a node hears of first', async () => {
    await forwardedToDistrict();
    const again = await signAgain();
    mail(gialam.city, recordWith(again));
    const { ingestBatch, mailboxOf } = await import('#libs/use-cases');
    await ingestBatch(gialam.city.services, gialam.world.broker.take(mailboxOf(gialam.city.node))!);
    expect((await headAt(gialam.city))?.fork).toBe(true);
    await acts(['accept-custody', by(DISTRICT)]);
    mail(gialam.district, recordWith(again));
    await exchange();
    for (const node of [gialam.commune, gialam.district, gialam.city])
      expect(await headAt(node)).toMatchObject({
        fork: false,
        superseded: [again.hash],
        hand: { kind: 'held', custodian: DISTRICT },
      });
    await acts(['start-processing', by(DISTRICT)]);
    await exchange();
    expect(await same()).toEqual(['received', 'forwarded', 'custody-accepted', 'processing-started']);
    for (const node of [gialam.commune, gialam.district, gialam.city])
      expect((await node.services.shelf.load(gialam.subject)).parked).toBeUndefined();
  });

  it('makes a fork while nobody has accepted: parked on every node, delaying no other dossier', async () => {
    await forwardedToDistrict();
    const again = await signAgain();
    mail(gialam.district, recordWith(again));
    const other = newDossier();
    await actsOn(gialam.world, other, ['file-dossier', by(COMMUNE)]);
    await exchange();
    for (const node of [gialam.commune, gialam.district, gialam.city]) {
      expect(await headAt(node)).toMatchObject({ fork: true, branched: true });
      expect((await node.services.shelf.load(gialam.subject)).parked).toEqual({ code: 'FORK' });
      expect(await namesAt(node, other)).toEqual(['received']);
    }
    await expect(act('accept-custody', by(DISTRICT))).rejects.toMatchObject({ code: 'DOSSIER_PARKED' });
  });

  it('makes a fork of the first place: the stream has no head, and is kept whole', async () => {
    const [one, two] = [
      forge(gialam.commune, { subject: gialam.subject, name: 'received' }),
      forge(gialam.commune, { subject: gialam.subject, name: 'received' }),
    ];
    mail(gialam.district, recordWith(one.sealed));
    await exchange();
    mail(gialam.district, recordWith(two.sealed));
    await exchange();
    for (const node of [gialam.commune, gialam.district, gialam.city]) {
      expect(await headAt(node)).toMatchObject({ fork: true, hash: '', streamseq: 0, revision: 2 });
      expect(await node.services.store.readStream(gialam.subject, 'all')).toHaveLength(2);
      expect(await namesAt(node, gialam.subject)).toEqual([]);
    }
    const longer = forge(gialam.commune, {
      subject: gialam.subject,
      name: 'processing-started',
      after: two.sealed,
    }).sealed;
    mail(gialam.district, recordWith(longer));
    await exchange();
    expect(await headAt(gialam.district)).toMatchObject({ fork: true, revision: 3 });
  });
});
