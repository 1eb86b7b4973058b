/** Whom a dossier is about besides its applicant, by procedure; each under a label of its own (wire format 4). */
import type { Child, RelatedPerson } from '#libs/dossier';
import { instantToMs, msToInstant, startOfLocalDate, type LocalDate } from '#libs/kernel';
import type { Chance } from './chance.ts';
import { nameOf, personOf } from './persons.ts';

const DAY_MS = 86_400_000;

export interface PersonsConcerned {
  readonly children?: Readonly<Record<string, Child>>;
  readonly relatedPersons?: Readonly<Record<string, RelatedPerson>>;
}
type Maker = (chance: Chance, date: LocalDate) => PersonsConcerned;

/** A child some weeks old, with its parents. */
const newborn: Maker = (chance, date) => {
  const sex = chance.pick(['male', 'female'] as const);
  const born = instantToMs(startOfLocalDate(date)) - chance.between(6, 50) * DAY_MS;
  return {
    children: {
      c1: { fullName: nameOf(chance, sex), sex, birthDate: msToInstant(born).slice(0, 10), ethnicity: 'Kinh' },
    },
    relatedPersons: {
      m1: related(chance, 'mother', [1983, 2003]),
      f1: related(chance, 'father', [1980, 2002]),
    },
  };
};

const one =
  (role: RelatedPerson['role'], born: readonly [number, number]): Maker =>
  (chance) => ({ relatedPersons: { p1: related(chance, role, born) } });

function related(chance: Chance, role: RelatedPerson['role'], born: readonly [number, number]): RelatedPerson {
  const sex = role === 'mother' ? ({ sex: 'female' } as const) : role === 'father' ? ({ sex: 'male' } as const) : {};
  return { role, ...personOf(chance, { born, ...sex }) };
}

/** An older child whose birth was registered. */
const child: Maker = (chance) => {
  const { fullName, sex, birthDate, personalId } = personOf(chance, { born: [2010, 2021] });
  return { children: { c1: { fullName, sex, birthDate, personalId } } };
};

const MAKERS: Readonly<Record<string, Maker>> = {
  '1.001193': newborn,
  '2.000528': newborn,
  '2.000986': newborn,
  '1.001022': child,
  '2.001263': child,
  '1.000656': one('deceased', [1930, 1975]),
  '1.001731': one('deceased', [1930, 1975]),
  '1.010824': one('deceased', [1930, 1955]),
  '1.010803': one('deceased', [1930, 1955]),
  '1.000894': one('spouse', [1985, 2003]),
  '2.000806': one('spouse', [1980, 2000]),
  '1.004837': one('ward', [2008, 2020]),
  '1.004845': one('ward', [2005, 2018]),
  '1.004222': one('household-member', [1950, 2015]),
  '1.010038': one('household-member', [1950, 2015]),
};

export const personsConcerned = (procedure: string, chance: Chance, date: LocalDate): PersonsConcerned =>
  MAKERS[procedure]?.(chance, date) ?? {};
