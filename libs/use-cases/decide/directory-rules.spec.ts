/** Who may send which command (wire format 2.1, its table), asked of a directory as a node has it. */
import { describe, expect, it } from '@jest/globals';
import { emptyDirectory, type AgencyInterval, type Directory, type Succession } from '#libs/directory';
import { isParty, mayCommand, type DossierCommandName, type DossierState } from '#libs/dossier';
import type { AgencyCode, Instant } from '#libs/kernel';
import { DOSSIER, given, happened } from '../../testing/dossier-samples.ts';
import { directoryRules } from './directory-rules.ts';

const agency = (code: string) => code as AgencyCode;
const AT = '2023-06-16T00:00:00.000Z' as Instant;
const REFORM = '2023-06-17T17:00:00.000Z' as Instant;
const COMMUNE = agency('H26.129.05');
const DISTRICT = agency('H26.129');
const CITY = agency('H26');
const OTHER_DISTRICT = agency('H26.130');
const HEIR_OF_COMMUNE = agency('H26.129.31');
const HEIR_OF_DISTRICT = agency('H26.211');
const HEIR_OF_OTHER = agency('H26.212');
const PORTAL = agency('H26.901');
const SECOND_PORTAL = agency('H26.904');
const POPULATION = agency('H26.902');
const POST = agency('H26.903');

const SERVICES: Readonly<Record<string, readonly string[]>> = {
  [PORTAL]: ['national-portal-adapter'],
  [SECOND_PORTAL]: ['national-portal-adapter'],
  [POPULATION]: ['population-adapter'],
  [POST]: ['public-post-adapter'],
};
const HEIRS: Readonly<Record<string, AgencyCode>> = {
  [COMMUNE]: HEIR_OF_COMMUNE,
  [DISTRICT]: HEIR_OF_DISTRICT,
  [OTHER_DISTRICT]: HEIR_OF_OTHER,
};
const LEVELS: Readonly<Record<string, string>> = { [CITY]: 'city', H57: 'city' };

function directoryOf(codes: readonly string[]): Directory {
  const interval = (code: string): AgencyInterval => ({
    from: '2020-01-01T00:00:00.000Z' as Instant,
    ...(HEIRS[code] === undefined ? {} : { to: REFORM, node: `n-${code}` as never }),
    name: code,
    level: LEVELS[code] ?? (SERVICES[code] ? 'service' : 'commune'),
    ...(LEVELS[code] === undefined ? { parent: code === 'H57.901' ? agency('H57') : CITY } : {}),
    territories: [],
    services: SERVICES[code] ?? (code === 'H57.901' ? ['national-portal-adapter'] : []),
  });
  const successions = (code: string): readonly Succession[] =>
    HEIRS[code] === undefined
      ? []
      : [{ to: HEIRS[code], kind: 'whole', rehomer: CITY, legalBasis: 'NQ 1', effective: REFORM }];
  const stated = codes.map((code) => ({
    code: agency(code),
    intervals: [interval(code)],
    keys: [],
    successions: successions(code),
    suspensions: [],
  }));
  return { ...emptyDirectory([]), agencies: new Map(stated.map((one) => [one.code, one])) };
}
const directory = directoryOf(
  [CITY, COMMUNE, DISTRICT, OTHER_DISTRICT, ...Object.values(HEIRS), 'H57', 'H57.901'].concat(Object.keys(SERVICES)),
);

/** Filed at the commune, held by the district, which asked another one, and forwards it to the city. */
const history = [
  happened('received'),
  happened('forwarded', { to: DISTRICT }),
  happened('custody-accepted', {}, { author: DISTRICT }),
  happened('opinion-requested', { agency: OTHER_DISTRICT }, { author: DISTRICT }),
];
const { state: held } = given(...history);
const { state: inTransit } = given(...history, happened('forwarded', { to: CITY }, { author: DISTRICT }));

const askerAt = (code: string, at: Instant) => ({
  agency: agency(code),
  dossier: DOSSIER,
  directory: directoryRules(directory, at),
});
const may = (command: DossierCommandName, code: string, state: DossierState = held, at = AT): boolean =>
  mayCommand(command, askerAt(code, at), state);

describe('the table of commands', () => {
  it.each<[DossierCommandName, string, boolean]>([
    ['record-payment', COMMUNE, true],
    ['withdraw', DISTRICT, true],
    ['provide-supplement', PORTAL, true],
    ['provide-supplement', SECOND_PORTAL, true],
    ['record-payment', POST, true],
    ['record-payment', 'H57.901', false],
    ['provide-supplement', OTHER_DISTRICT, false],
    ['withdraw', CITY, false],
    ['give-opinion', OTHER_DISTRICT, true],
    ['finish-task', DISTRICT, false],
    ['record-identity-check', POPULATION, true],
    ['record-identity-check', PORTAL, false],
  ])('%s by %s: %s', (command, code, allowed) => {
    expect(may(command, code)).toBe(allowed);
  });

  it('lets the author of the open transfer recall it, and nobody else', () => {
    expect([DISTRICT, COMMUNE, CITY].map((code) => may('recall', code, inTransit))).toEqual([true, false, false]);
    expect(may('recall', DISTRICT)).toBe(false);
  });
});

describe('after a reform', () => {
  it('the successor of the agency in the name acts, from the day on', () => {
    expect(may('withdraw', HEIR_OF_COMMUNE, held, AT)).toBe(false);
    expect(may('withdraw', HEIR_OF_COMMUNE, held, REFORM)).toBe(true);
  });

  it('the successor of a former custodian does not: it holds no opening, and a split agency has several', () => {
    const elsewhere = given(
      ...history.slice(0, 3),
      happened('forwarded', { to: CITY }, { author: DISTRICT }),
      happened('custody-accepted', {}, { author: CITY }),
    ).state;
    expect(may('withdraw', DISTRICT, elsewhere, REFORM)).toBe(true);
    expect(may('withdraw', HEIR_OF_DISTRICT, elsewhere, REFORM)).toBe(false);
    expect(isParty(askerAt(HEIR_OF_DISTRICT, REFORM), elsewhere)).toBe(false);
  });

  it('the successor of the custodian is heard, so that its first command takes the dossier to it', () => {
    expect(may('withdraw', HEIR_OF_DISTRICT, held, REFORM)).toBe(false);
    expect(isParty(askerAt(HEIR_OF_DISTRICT, REFORM), held)).toBe(true);
  });

  it('the successor of the agency asked does not answer for it; the custodian writes down what comes on paper', () => {
    expect(may('give-opinion', HEIR_OF_OTHER, held, REFORM)).toBe(false);
    expect(isParty(askerAt(HEIR_OF_OTHER, REFORM), held)).toBe(false);
    expect([AT, REFORM].map((at) => may('give-opinion', DISTRICT, held, at))).toEqual([false, true]);
  });
});

describe('before anything is filed', () => {
  it('there are the agency in the name, its successor, and the adapters of its city', () => {
    const { state } = given();
    const filed = (code: string, at = AT) => may('file-dossier', code, state, at);
    expect([COMMUNE, PORTAL, DISTRICT, 'H57.901'].map((code) => filed(code))).toEqual([true, true, false, false]);
    expect([AT, REFORM].map((at) => filed(HEIR_OF_COMMUNE, at))).toEqual([false, true]);
    expect([COMMUNE, DISTRICT].map((code) => isParty(askerAt(code, AT), state))).toEqual([true, false]);
    expect(may('withdraw', COMMUNE, state)).toBe(false);
  });
});
