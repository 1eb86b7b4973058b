import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { emptyDirectory } from '#libs/directory';
import { ROLES } from '#libs/dossier';
import type { AgencyCode, Hand, Hash, Instant, SealedMessage } from '#libs/kernel';
import { inSight, sightOf } from './may-reveal.ts';

const agency = (code: string) => code as AgencyCode;
const [RECEIVING, CUSTODIAN, FORMER, ASKED, STRANGER] = ['H26.129.05', 'H26.129', 'H26.129.06', 'H26', 'H57'].map(
  agency,
) as [AgencyCode, AgencyCode, AgencyCode, AgencyCode, AgencyCode];
const HASH = 'LeJEYIvXaK_8KAyLyXVZZBMEr64nrWjwV02U-DBWoII' as Hash;
const OTHER_HASH = HASH.replace('L', 'M') as Hash;
const asked = (code: AgencyCode, fields: unknown): SealedMessage =>
  ({
    class: 'event',
    hash: HASH,
    message: { type: 'vn.lienthong.dossier.opinion-requested.v1', data: { agency: code, fields } },
  }) as unknown as SealedMessage;
const place = { directory: emptyDirectory([]), at: '2023-06-14T00:00:00.000Z' as Instant };
const held: Hand = { kind: 'held', custodian: CUSTODIAN };
const head = { parties: [RECEIVING, FORMER, ASKED], hand: held };
const events = [asked(ASKED, ['/applicant/fullName', '/children'])];
const sight = (
  who: AgencyCode,
  roles: readonly string[],
  of: typeof head | { parties: AgencyCode[]; hand: Hand } = head,
) => sightOf(of, { agency: who, roles }, { place, events });

describe('who may see personal values', () => {
  it('those who received it or have it in hand, while they have it', () => {
    expect(sight(RECEIVING, ['clerk'])).toBe('all');
    expect(sight(CUSTODIAN, ['officer'])).toBe('all');
    expect(sight(FORMER, ['head'])).toEqual([]);
    const onTheWay = { parties: [RECEIVING], hand: { kind: 'transit' as const, from: CUSTODIAN, to: FORMER } };
    expect(sight(FORMER, ['officer'], onTheWay)).toBe('all');
    expect(sight(CUSTODIAN, ['officer'], onTheWay)).toBe('all');
  });

  it('those asked: what was named for them, and what lies below it', () => {
    const named = sight(ASKED, ['officer']);
    expect(inSight(named, HASH, ['/applicant/fullName', '/applicant/phone', '/children/c1/fullName'])).toEqual([
      '/applicant/fullName',
      '/children/c1/fullName',
    ]);
    expect(sight(STRANGER, ['officer'])).toEqual([]);
    const unnamed = sightOf(head, { agency: ASKED, roles: ['officer'] }, { place, events: [asked(ASKED, 'all')] });
    expect(inSight(unnamed, HASH, ['/applicant/fullName'])).toEqual([]);
  });

  it('those asked: the question and who asks it, of the event that asks them and of no other', () => {
    const own = ['/question', '/actor/name'];
    const named = sight(ASKED, ['officer']);
    expect(inSight(named, HASH, [...own, '/actor/officerCode'])).toEqual(own);
    expect(inSight(named, OTHER_HASH, own)).toEqual([]);
    expect(inSight(sight(STRANGER, ['officer']), HASH, own)).toEqual([]);
  });

  it('a privacy officer of an agency with a part; nobody for watching over a node', () => {
    expect(sight(FORMER, ['privacy-officer'])).toBe('all');
    expect(sight(STRANGER, ['privacy-officer'])).toEqual([]);
    for (const role of ['operator', 'auditor', 'automation', 'adapter']) expect(sight(CUSTODIAN, [role])).toEqual([]);
  });

  it('whatever the roles, an agency without a part sees nothing', () => {
    fc.assert(
      fc.property(fc.subarray([...ROLES]), fc.array(fc.string()), (roles, pointers) => {
        expect(inSight(sight(STRANGER, roles), HASH, pointers)).toEqual([]);
      }),
    );
  });
});
