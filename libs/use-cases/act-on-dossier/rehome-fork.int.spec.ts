/** A lasting fork, made by force, ends by a `rehomed` on the branch to be kept (design 4); G5 for `rehomed` in both orders of arrival. */
import { describe, expect, it } from '@jest/globals';
import type { Hash } from '#libs/kernel';
import { forge, mail, recordWith } from '../../testing/forged-messages.ts';
import { by, CITY, COMMUNE, DISTRICT, giaLam } from '../../testing/gia-lam.ts';

const gialam = giaLam();
const { act, acts, exchange, forwardedToDistrict, headAt, mainAt, same, suspend } = gialam;

async function forkedByForce(name = 'processing-started'): Promise<{ forwarded: Hash; again: Hash }> {
  await forwardedToDistrict();
  const [first, forwarded] = await mainAt(gialam.commune);
  const again = forge(gialam.commune, { subject: gialam.subject, name, ...(first ? { after: first } : {}) });
  mail(gialam.district, recordWith(again.sealed));
  await exchange();
  expect((await headAt(gialam.commune))?.fork).toBe(true);
  return { forwarded: forwarded!.hash, again: again.sealed.hash };
}

describe('a fork', () => {
  it('is ended by the rehomer on the side that it names; and every node follows', async () => {
    const { forwarded } = await forkedByForce();
    await suspend(DISTRICT);
    const rehome = by(CITY, { to: DISTRICT, reason: 'fork' });
    const acted = await act('rehome', { ...rehome, more: { expectedHash: forwarded } });
    expect(acted).toMatchObject({ kind: 'answered', answer: { events: [{ type: 'rehomed', place: 3 }] } });
    await exchange();
    for (const node of [gialam.commune, gialam.district, gialam.city]) {
      expect(await headAt(node)).toMatchObject({ fork: false, hand: { kind: 'held', custodian: DISTRICT } });
      expect((await node.services.shelf.load(gialam.subject)).parked).toBeUndefined();
    }
    expect(await same()).toEqual(['received', 'forwarded', 'rehomed']);
    await acts(['start-processing', by(DISTRICT)]);
    await exchange();
    expect((await same()).at(-1)).toBe('processing-started');
  });

  it('is ended on a side that the fold does not understand, by the hand that its bytes show', async () => {
    const { again, forwarded } = await forkedByForce('blessed');
    await suspend(COMMUNE);
    const rehome = by(CITY, { to: DISTRICT, reason: 'fork' });
    const other = { ...by(DISTRICT, { to: DISTRICT, reason: 'fork' }), more: { expectedHash: again } };
    expect(await act('rehome', other)).toMatchObject({ kind: 'refused', code: 'NOT_THE_REHOMER' });
    const acted = await act('rehome', { ...rehome, more: { expectedHash: again } });
    expect(acted).toMatchObject({ kind: 'answered', answer: { events: [{ type: 'rehomed', place: 3 }] } });
    await exchange();
    for (const node of [gialam.commune, gialam.district, gialam.city]) {
      expect(await headAt(node)).toMatchObject({
        fork: false,
        hand: { kind: 'held', custodian: DISTRICT },
        superseded: [forwarded],
      });
      expect((await node.services.shelf.load(gialam.subject)).parked).toEqual({ code: 'NOT_UNDERSTOOD', event: again });
    }
    expect(await same()).toEqual(['received', 'blessed', 'rehomed']);
  });

  it('is not ended without naming a side, nor by an agency that is not its rehomer', async () => {
    const { forwarded } = await forkedByForce();
    const rehome = by(CITY, { to: DISTRICT, reason: 'fork' });
    await expect(act('rehome', rehome)).rejects.toMatchObject({ code: 'FORK_SIDE_UNKNOWN' });
    const named = await act('rehome', { ...rehome, more: { expectedHash: forwarded } });
    expect(named).toMatchObject({ kind: 'refused', code: 'NOT_A_PARTY' });
    expect((await headAt(gialam.commune))?.fork).toBe(true);
  });
});

describe('a rehomed beside the custodian’s own next event', () => {
  it('is followed by every node, in whatever order the two arrive', async () => {
    await acts(['file-dossier', by(COMMUNE)]);
    await exchange();
    await suspend(COMMUNE);
    await acts(['rehome', by(CITY, { to: DISTRICT, reason: 'suspension' })], ['start-processing', by(COMMUNE)]);
    await exchange();
    for (const node of [gialam.commune, gialam.district, gialam.city])
      expect(await headAt(node)).toMatchObject({
        fork: false,
        branched: true,
        hand: { kind: 'held', custodian: DISTRICT },
      });
    expect(await same()).toEqual(['received', 'rehomed']);
    const [superseded] = (await headAt(gialam.district))?.superseded ?? [];
    await acts([
      'correct',
      by(DISTRICT, {
        verdict: 'refused',
        supersededEvents: [superseded],
        reason: 'overtaken',
        corrects: undefined,
        fields: undefined,
        applicant: undefined,
      }),
    ]);
    await exchange();
    expect(await same()).toEqual(['received', 'rehomed', 'corrected']);
  });
});
