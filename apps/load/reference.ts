/** The data files that a plan is made from: the same that the nodes run on. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseCalendar, type Calendar } from '#libs/calendar';
import type { Organisation } from '#libs/directory';
import {
  DomainError,
  parseAgencyCode,
  parseTerritoryCode,
  type AgencyCode,
  type LocalDate,
  type TerritoryCode,
} from '#libs/kernel';
import { parseProcedures, type Procedures } from '#libs/procedures';
import { readFigures, type HalfYearFigures } from './figures.ts';

export const DISTRICT = parseAgencyCode('H26.129');
export const CITY = parseAgencyCode('H26');
/** The city's adapter of the national portal, which files what citizens send there. */
export const PORTAL = parseAgencyCode('H26.901');

export interface Commune {
  readonly code: AgencyCode;
  readonly name: string;
  readonly territory: TerritoryCode;
}
export interface DayReference {
  readonly procedures: Procedures;
  readonly calendar: Calendar;
  readonly organisation: Organisation;
  readonly figures: HalfYearFigures;
}

/** `dir` holds the files; absent: the folder `reference` of the checkout, from a source or its compiled copy. */
export function readReference(dir = findReferenceDir()): DayReference {
  const read = (file: string): unknown => JSON.parse(readFileSync(join(dir, file), 'utf8'));
  const calendar = parseCalendar(read('working-calendar.json'));
  return {
    calendar,
    procedures: parseProcedures(read('procedures.json'), read('rules.json')),
    organisation: read('organisation.json') as Organisation,
    figures: readFigures(read('seed-figures.json'), calendar),
  };
}

function findReferenceDir(from: string = import.meta.dirname): string {
  const dir = join(from, 'reference');
  if (existsSync(join(dir, 'procedures.json'))) return dir;
  const above = dirname(from);
  if (above !== from) return findReferenceDir(above);
  throw new DomainError(
    'REFERENCE_UNREADABLE',
    'no folder reference with procedures.json was found; set REFERENCE_DIR',
  );
}

/** Communes of the district on that day, in the order of their codes, each with the territory it has then. */
export function communesOf({ organisation }: DayReference, date: LocalDate): readonly Commune[] {
  const valid = ({ validFrom, validTo }: { readonly validFrom: string; readonly validTo: string | null }): boolean =>
    validFrom <= date && (validTo === null || date < validTo);
  return organisation.agencies
    .filter((row) => row.parent === DISTRICT && row.level === 'commune' && valid(row))
    .map((row) => ({
      code: parseAgencyCode(row.code),
      name: row.name,
      territory: parseTerritoryCode(row.territories.find(valid)?.code ?? ''),
    }))
    .sort((one, other) => (one.code < other.code ? -1 : 1));
}
