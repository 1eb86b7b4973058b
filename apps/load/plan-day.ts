import { agencyCalendar } from '#libs/calendar';
import { DomainError, type AgencyCode, type Instant } from '#libs/kernel';
import { applicationsOf } from './application.ts';
import { Chance } from './chance.ts';
import { dossiersOfOneDay } from './figures.ts';
import { Officers } from './officers.ts';
import type { DayPlan } from './plan.ts';
import { CITY, communesOf, type DayReference } from './reference.ts';
import { writeScenario } from './scenario.ts';
import { workDayFrom } from './work-day.ts';

export interface PlanWanted {
  readonly seed: string;
  /** Work time at which the day begins; only the working time of that day from then on is planned. */
  readonly dayStart: Instant;
  /** Absent: one working day's share of the half-year. */
  readonly dossiers?: number;
  /** Agencies whose node does not accept transfers automatically; absent: every node does. */
  readonly acceptsByHand?: readonly AgencyCode[];
  /** The city's adapter of the national portal has a node, and files part of what comes online; absent: it has none. */
  readonly portalAdapter?: boolean;
}

/**
 * The day, whole, before anything is sent: the same wish and reference data give the same plan, byte for byte.
 * Throws `DAY_WITHOUT_WORK`, `DAY_WITHOUT_COMMUNES`, `DAY_WITHOUT_PROCEDURES`, `CALENDAR_NOT_COVERED`.
 */
export function planDay(wanted: PlanWanted, reference: DayReference): DayPlan {
  const { seed, dayStart, acceptsByHand = [], portalAdapter = false } = wanted;
  const day = workDayFrom(reference, dayStart);
  const communes = communesOf(reference, day.date);
  if (communes.length === 0) {
    throw new DomainError('DAY_WITHOUT_COMMUNES', `the district has no communes on ${day.date}`, { date: day.date });
  }
  const chance = new Chance(`${seed}/${day.date}`);
  const count = wanted.dossiers ?? dossiersOfOneDay(reference.figures);
  const calendar = agencyCalendar(reference.calendar, CITY);
  const officers = new Officers(new Chance(seed).of('officers'));
  const stage = { day, calendar, communes, officers, acceptsByHand: new Set(acceptsByHand), portalAdapter };
  const applications = applicationsOf({ chance, count, day, communes, reference });
  return { seed, date: day.date, dossiers: applications.map((application) => writeScenario(stage, application)) };
}
