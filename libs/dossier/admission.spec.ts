import { describe, expect, it } from '@jest/globals';
import {
  at,
  commandOf,
  COMMUNE,
  contextOf,
  DISTRICT,
  directoryWith,
  DOSSIER,
  given,
  happened,
  hashAt,
  NEIGHBOUR,
  PORTAL,
  STRANGER,
} from '../testing/dossier-samples.ts';
import {
  decide,
  isParty,
  mayCommand,
  REFUSAL_CODES,
  refusalMessage,
  REFUSALS,
  ROLES_OF_COMMAND,
  roleMay,
  TRAVELLING_COMMAND_NAMES,
} from './index.ts';

const received = happened('received');
const atDistrict = [received, happened('forwarded'), happened('custody-accepted', {}, { author: DISTRICT })] as const;
const directory = directoryWith({});
const asker = (agency: string) => ({ agency: agency as typeof COMMUNE, dossier: DOSSIER, directory });

describe('admission', () => {
  it('answers EXPIRED after the expiry, not at it', () => {
    given(received)
      .when(commandOf('resolve'), contextOf({ expiresAt: at(59) }))
      .thenRefused('EXPIRED', { expiredAt: at(59) });
    given(received)
      .when(commandOf('resolve'), contextOf({ expiresAt: at(60) }))
      .then([{ type: 'resolved' }]);
  });

  it('knows no future, and takes what is entered later', () => {
    given(received)
      .when(commandOf('resolve'), contextOf({ now: at(60), time: at(61) }))
      .thenRefused('TIME_IN_FUTURE', { time: at(61) });
    const state = given(received)
      .when(commandOf('resolve'), contextOf({ now: at(60), time: at(-500) }))
      .then([{ type: 'resolved' }]);
    expect(state).toMatchObject({ facts: { ending: { at: at(-500) } } });
  });

  it('asks for the role where roles are known', () => {
    given(received)
      .when(commandOf('resolve'), contextOf({ roles: ['clerk', 'auditor'] }))
      .thenRefused('ROLE_NOT_ALLOWED', { roles: ['officer', 'head'] });
    given(received)
      .when(commandOf('resolve'), contextOf({ roles: ['clerk', 'head'] }))
      .then([{ type: 'resolved' }]);
  });

  it('answers strangers before it says anything of the dossier', () => {
    const ask = contextOf({ requester: STRANGER });
    for (const command of TRAVELLING_COMMAND_NAMES)
      given(received).when(commandOf(command), ask).thenRefused('NOT_A_PARTY', { agency: STRANGER });
    given(received)
      .when(commandOf('resolve', { expectedHash: hashAt(9) }), ask)
      .thenRefused('NOT_A_PARTY');
    given().when(commandOf('file-dossier'), ask).thenRefused('NOT_A_PARTY');
  });

  it('refuses what was decided on an older history', () => {
    given(received)
      .when(commandOf('resolve', { expectedHash: hashAt(1) }), contextOf())
      .then([{ type: 'resolved' }]);
    given(...atDistrict)
      .when(commandOf('withdraw', { expectedHash: hashAt(1) }), contextOf({ requester: COMMUNE, writer: DISTRICT }))
      .thenRefused('STALE', { head: hashAt(3) });
  });

  it('lets nobody but the custodian write, and tells a party so', () => {
    given(...atDistrict)
      .when(commandOf('resolve'), contextOf())
      .thenRefused('NOT_CUSTODIAN', { agency: COMMUNE, custodian: DISTRICT });
    given(...atDistrict)
      .when(commandOf('resolve'), contextOf({ requester: COMMUNE, writer: DISTRICT }))
      .thenRefused('NOT_CUSTODIAN');
    given(...atDistrict)
      .when(commandOf('withdraw'), contextOf())
      .thenRefused('NOT_CUSTODIAN');
  });

  it('says what the same agency may ask for instead, in both languages', () => {
    const { state } = given(...atDistrict);
    const decision = decide(commandOf('resolve'), state, contextOf({ requester: COMMUNE, writer: DISTRICT }));
    expect(decision).toEqual({
      refused: {
        code: 'NOT_CUSTODIAN',
        details: { agency: COMMUNE, custodian: DISTRICT },
        message: {
          vi: 'Hồ sơ đang do H26.129 giữ; H26.129.05 không được thực hiện việc này.',
          en: 'The dossier is in the hand of H26.129; H26.129.05 may not do this.',
        },
        allowed: ['record-payment', 'withdraw', 'file-petition'],
      },
    });
  });
});

describe('parties', () => {
  const { state } = given(...atDistrict, happened('opinion-requested', { agency: NEIGHBOUR }, { author: DISTRICT }));

  it.each([
    [COMMUNE, true],
    [DISTRICT, true],
    [NEIGHBOUR, true],
    [PORTAL, true],
    ['H26', true],
    [STRANGER, false],
  ])('%s: %s', (agency, party) => {
    expect(isParty(asker(agency), state)).toBe(party);
  });

  it('are the successors too, of the agency in the name', () => {
    const successor = {
      ...asker(STRANGER),
      directory: directoryWith({ succeeds: (agency, before) => agency === STRANGER && before === COMMUNE }),
    };
    expect(isParty(successor, state)).toBe(true);
    expect(mayCommand('withdraw', successor, state)).toBe(true);
    expect(mayCommand('resolve', successor, state)).toBe(false);
  });

  it('before anything is filed: the agency in the name and the adapters of its city', () => {
    expect(mayCommand('file-dossier', asker(COMMUNE), given().state)).toBe(true);
    expect(mayCommand('file-dossier', asker(PORTAL), given().state)).toBe(true);
    expect(mayCommand('file-dossier', asker(DISTRICT), given().state)).toBe(false);
    expect(mayCommand('withdraw', asker(COMMUNE), given().state)).toBe(false);
  });
});

describe('codes and roles', () => {
  it('have both sentences, which differ', () => {
    for (const code of REFUSAL_CODES) {
      expect(REFUSALS[code].vi.length).toBeGreaterThan(5);
      expect(REFUSALS[code].vi).not.toBe(REFUSALS[code].en);
      expect(REFUSALS[code].vi.normalize('NFC')).toBe(REFUSALS[code].vi);
      expect(code).toMatch(/^[A-Z][A-Z_]+$/);
    }
  });
  it('leave a place empty for which there is no value', () => {
    expect(refusalMessage({ code: 'FEE_NOT_REQUESTED', details: {} }).en).toBe('Fee  has not been requested.');
    expect(refusalMessage({ code: 'OPENINGS_MISSING', details: { missing: ['a', 'b'] } }).en).toContain('a, b');
  });
  it('give an auditor nothing to do, and everything to somebody', () => {
    for (const [command, roles] of Object.entries(ROLES_OF_COMMAND)) {
      expect(roles.length).toBeGreaterThan(0);
      expect(roleMay(command as keyof typeof ROLES_OF_COMMAND, ['auditor'])).toBe(false);
    }
  });
});
