import type { ProcessingLimit, ReferenceValue } from '#libs/calendar';
import { STANDARD_CASE } from './procedure.ts';
import type { ProcedureVersion } from './procedure.ts';
import { legsOf } from './route.ts';

const HOURS = { 'working-day': 8, 'working-hour': 1, 'calendar-day': 24, instant: 0 } as const;
const hoursOf = ({ value, unit }: ProcessingLimit): number => value * HOURS[unit];

/** A dossier begins and ends with the agency that receives it (Nghị định 61/2018 Art 19(7)), and its steps fit into its limit. */
export function checkRoute(value: ReferenceValue, version: ProcedureVersion): void {
  const { route, receivesAt, resolvesAt } = version;
  const [first, last] = [route[0], route.at(-1)];
  if (first?.task !== 'receive' || first.level !== receivesAt) value.refuse(`must begin with receive at ${receivesAt}`);
  if (last?.level !== receivesAt) value.refuse(`must end at ${receivesAt}`);
  if (!route.some(({ level }) => level === resolvesAt)) value.refuse(`never reaches ${resolvesAt}`);
  if (route.some(({ step }, i) => step !== i + 1)) value.refuse('the steps are not numbered 1, 2, 3 …');
  checkLimits(value, version);
}

/** Inner planning steps of an instant procedure fit into a day of work. */
function checkLimits(value: ReferenceValue, version: ProcedureVersion): void {
  const limit = version.cases.get(STANDARD_CASE)?.limits.direct;
  if (!limit) return;
  const inCalendarDays = limit.unit === 'calendar-day';
  const foreign = version.route.some(
    (step) => step.limit.unit !== 'instant' && (step.limit.unit === 'calendar-day') !== inCalendarDays,
  );
  if (foreign) value.refuse('steps and limit count different kinds of day');
  const hours = legsOf(version).reduce((sum, leg) => sum + hoursOf(leg.limit), 0);
  const room = limit.unit === 'instant' ? HOURS['working-day'] : hoursOf(limit);
  if (hours > room) value.refuse(`the steps take ${hours} hours, the limit has ${room}`);
}
