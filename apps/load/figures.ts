/** What the seed text says of Gia Lâm's half-year, found by place, period and indicator; numbers stand in the file alone. */
import { agencyCalendar, isWorkingDay, type Calendar } from '#libs/calendar';
import { DomainError, msToInstant, parseAgencyCode, type LocalDate } from '#libs/kernel';

const PLACE = 'Huyện Gia Lâm, Hà Nội';
const PERIOD = '2023-H1';
const HALF_YEAR = { from: '2023-01-01', before: '2023-07-01' };
const DAY_MS = 86_400_000;

export interface HalfYearFigures {
  readonly received: number;
  readonly atDistrict: number;
  readonly atCommunes: number;
  readonly online: number;
  /** Working days of the half-year, by the calendar of Hà Nội. */
  readonly workingDays: number;
}

interface Figure {
  readonly place: string;
  readonly period: string;
  readonly indicator: string;
  readonly value: unknown;
}

/** Throws `REFERENCE_DATA_INVALID` when the file lacks a figure. */
export function readFigures(json: unknown, calendar: Calendar): HalfYearFigures {
  const { figures = [] } = json as { readonly figures?: readonly Figure[] };
  const valueOf = (indicator: string): number => {
    const found = figures.find(
      (figure) => figure.place === PLACE && figure.period === PERIOD && figure.indicator === indicator,
    );
    if (typeof found?.value === 'number') return found.value;
    throw new DomainError('REFERENCE_DATA_INVALID', `seed-figures.json has no figure "${indicator}" of ${PERIOD}`);
  };
  return {
    received: valueOf('dossiers received'),
    atDistrict: valueOf('dossiers received at district level'),
    atCommunes: valueOf('dossiers received at commune level'),
    online: valueOf('dossiers received online'),
    workingDays: workingDaysOf(calendar),
  };
}

function workingDaysOf(calendar: Calendar): number {
  const view = agencyCalendar(calendar, parseAgencyCode('H26'));
  let count = 0;
  for (let ms = Date.parse(HALF_YEAR.from); ms < Date.parse(HALF_YEAR.before); ms += DAY_MS) {
    if (isWorkingDay(view, msToInstant(ms).slice(0, 10) as LocalDate)) count += 1;
  }
  return count;
}

/** One working day's share of the half-year. */
export const dossiersOfOneDay = ({ received, workingDays }: HalfYearFigures): number =>
  Math.round(received / workingDays);
