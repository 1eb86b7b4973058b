import { describe, expect, it } from '@jest/globals';
import type { Hand } from '#libs/kernel';
import {
  at,
  CITY,
  commandOf,
  contextOf,
  DISTRICT,
  ENDED_AGENCY,
  hashAt,
  NEIGHBOUR,
} from '../testing/dossier-samples.ts';
import { decideRehomeUnfolded, type DecisionContext } from './index.ts';

const HELD: Hand = { kind: 'held', custodian: DISTRICT };
const decided = (more: Partial<DecisionContext> = {}, to = NEIGHBOUR) => {
  const command = commandOf('rehome', { to }) as Parameters<typeof decideRehomeUnfolded>[0];
  return decideRehomeUnfolded(command, HELD, contextOf({ writer: CITY, ...more }));
};
const refusedWith = (code: string) => ({ refused: { code, allowed: [] } });

describe('rehome where the fold cannot go on', () => {
  it('goes by the hand that the bytes show', () => {
    expect(decided()).toMatchObject({
      events: [
        { type: 'rehomed', data: { from: DISTRICT, to: NEIGHBOUR, directoryVersion: '2023-06-01T00:00:00.000Z' } },
      ],
    });
  });

  it('is refused as ever: to others than the rehomer, without the role, for the future, to an agency that is none, taking over', () => {
    expect(decided({ writer: DISTRICT })).toMatchObject(refusedWith('NOT_THE_REHOMER'));
    expect(decided({ roles: ['clerk'] })).toMatchObject(refusedWith('ROLE_NOT_ALLOWED'));
    expect(decided({ now: at(1), time: at(2) })).toMatchObject(refusedWith('TIME_IN_FUTURE'));
    expect(decided({ takesOver: hashAt(9) })).toMatchObject(refusedWith('NOT_CUSTODIAN'));
    expect(decided({}, ENDED_AGENCY)).toMatchObject(refusedWith('AGENCY_NOT_VALID'));
  });
});
