/**
 * Invented persons. A personal number begins with 999, which no province or country holds (domain reference 2.5), so that
 * nobody real is hit; a phone number begins with 0000, which no operator has; mail goes to a domain that cannot exist.
 */
import type { Applicant, Submitter } from '#libs/dossier';
import { parsePersonalId, type LocalDate, type PersonalId, type TerritoryCode } from '#libs/kernel';
import type { Chance } from './chance.ts';
import { GIVEN_NAMES, MIDDLE_NAMES, STREETS, SURNAMES } from './vietnamese-names.ts';

export type Sex = 'male' | 'female';
export interface Person {
  readonly fullName: string;
  readonly sex: Sex;
  readonly birthDate: LocalDate;
  readonly personalId: PersonalId;
}
interface Wanted {
  /** Years of birth, both included. */
  readonly born: readonly [number, number];
  readonly sex?: Sex;
}

export const ADULT: Wanted = { born: [1948, 2003] };

export function personOf(
  chance: Chance,
  { born: [first, last], sex = chance.pick(['male', 'female']) }: Wanted,
): Person {
  const year = chance.between(first, last);
  const [month, day] = [chance.between(1, 12), chance.between(1, 28)];
  return {
    fullName: nameOf(chance, sex),
    sex,
    birthDate: `${year}-${two(month)}-${two(day)}` as LocalDate,
    personalId: personalIdOf(chance, year, sex),
  };
}

export const nameOf = (chance: Chance, sex: Sex): string =>
  `${chance.weighted(SURNAMES)} ${chance.pick(MIDDLE_NAMES[sex])} ${chance.pick(GIVEN_NAMES[sex])}`;

const two = (value: number): string => String(value).padStart(2, '0');

/** Position 4 tells century and sex: 0 and 1 in the twentieth, 2 and 3 in the twenty-first. */
function personalIdOf(chance: Chance, year: number, sex: Sex): PersonalId {
  const fourth = (year < 2000 ? 0 : 2) + (sex === 'male' ? 0 : 1);
  return parsePersonalId(`999${fourth}${two(year % 100)}${chance.digits(6)}`);
}

export const phoneOf = (chance: Chance): string => `0000 ${chance.digits(3)} ${chance.digits(3)}`;

export const addressOf = (chance: Chance, commune: TerritoryCode): NonNullable<Applicant['address']> => ({
  commune,
  detail: `Số ${chance.between(1, 180)}, ${chance.pick(STREETS)}, thôn ${chance.between(1, 9)}`,
});

export interface Reached {
  readonly territory: TerritoryCode;
  readonly online: boolean;
}

export function citizenApplicant(chance: Chance, { territory, online }: Reached): Applicant {
  const account = chance.digits(8);
  return {
    ...personOf(chance, ADULT),
    address: addressOf(chance, territory),
    phone: phoneOf(chance),
    ...(online ? { email: `cong-dan-${account}@example.invalid`, portalAccount: `cd-${account}` } : {}),
  };
}

export function enterpriseApplicant(chance: Chance, { territory }: Reached): Applicant {
  const name = `${chance.pick(GIVEN_NAMES.male)} ${chance.pick(GIVEN_NAMES.female)}`;
  return {
    fullName: `Công ty TNHH ${name}`,
    organisationCode: `999${chance.digits(7)}`,
    address: addressOf(chance, territory),
    phone: phoneOf(chance),
  };
}

export function submitterOf(chance: Chance, how: 'submitter' | 'proxy'): Submitter {
  const { fullName, personalId } = personOf(chance, ADULT);
  const authorisation = how === 'proxy' ? { authorisation: `Giấy ủy quyền số ${chance.between(1, 400)}` } : {};
  return { fullName, personalId, phone: phoneOf(chance), ...authorisation };
}
