import { isAgencyCode } from '#libs/kernel';
import type { AgencyCode } from '#libs/kernel';
import type { Calendar, SaturdayReception } from './calendar.ts';
import { checkDays, checkWorkingDays, DAY_KINDS, readDays } from './parse-days.ts';
import { readHours, readIntervals, readTime } from './parse-hours.ts';
import { ReferenceValue } from './reference-value.ts';

const FORMAT = 'lienthong/data/working-calendar/v1';
/** Members that explain the data to people and carry nothing that is reckoned with. */
const EXPLANATIONS = 'rule kinds statuses lunar differences undecided';

/**
 * Reads a working calendar (`reference/working-calendar.json`) strictly.
 * @throws DomainError `REFERENCE_DATA_INVALID` with all problems at once: unknown members, dates that do not exist, weekdays
 * that do not fit, swaps and compensations without their other half, hours that do not add up, a wrong count of days.
 */
export function parseCalendar(json: unknown): Calendar {
  const root = new ReferenceValue(json);
  root.only(
    `format version timezone coverage sources hours agencyHours cutOffs derived saturdayReception days ${EXPLANATIONS}`,
  );
  root.at('format').oneOf([FORMAT]);
  root.at('timezone').oneOf(['Asia/Ho_Chi_Minh']);
  const cutOffs = readCutOffs(root);
  const hours = readHours(root, cutOffs.dayEnd);
  const reception = root.optional('saturdayReception');
  const calendar: Calendar = {
    version: root.at('version').matching('an edition number', (text): text is string => /^[1-9]\d*$/.test(text)),
    coverage: readCoverage(root.at('coverage')),
    days: readDays(root),
    hours,
    agencyHours: readAgencyHours(root, new Set(hours.map(({ id }) => id))),
    cutOffs: { handOver: cutOffs.handOver, instant: cutOffs.instant },
    ...(reception && { saturdayReception: readSaturdays(reception) }),
  };
  checkDays(root, calendar);
  root.finish('working calendar');
  checkWorkingDays(root, calendar);
  root.finish('working calendar');
  return calendar;
}

function readCoverage(value: ReferenceValue): Calendar['coverage'] {
  const coverage = { from: value.only('from to').at('from').date(), to: value.at('to').date() };
  if (coverage.from > coverage.to) value.refuse('ends before it begins');
  return coverage;
}

interface CutOffs {
  handOver: number;
  instant: number;
  dayEnd: { time: number; hours: readonly string[] };
}

/** `day-end` names the hours it shortens; without `hours` it says no more than that a day of work ends with its work. */
function readCutOffs(root: ReferenceValue): CutOffs {
  const list = root.at('cutOffs');
  const found: CutOffs = { handOver: -1, instant: -1, dayEnd: { time: -1, hours: [] } };
  for (const item of list.items()) {
    const id = item.only('id time meaning source hours').at('id').oneOf(['hand-over', 'instant', 'day-end']);
    const time = readTime(item.at('time'));
    if (id === 'hand-over') found.handOver = time;
    if (id === 'instant') found.instant = time;
    if (id === 'day-end') found.dayEnd = { time, hours: (item.optional('hours')?.items() ?? []).map((h) => h.text()) };
  }
  if (found.handOver < 0) list.refuse('hand-over is missing');
  if (found.instant < 0) list.refuse('instant is missing');
  return found;
}

function readAgencyHours(root: ReferenceValue, known: ReadonlySet<string>): Calendar['agencyHours'] {
  const found = new Map<AgencyCode, string>();
  for (const item of root.at('agencyHours').items()) {
    const agency = item.only('agency hours provenance').at('agency').matching('an agency code', isAgencyCode);
    const hours = item.at('hours').text();
    if (!known.has(hours)) item.refuse(`hours ${hours} are not known`);
    if (found.has(agency)) item.refuse(`${agency} stands twice`);
    found.set(agency, hours);
  }
  return found;
}

function readSaturdays(value: ReferenceValue): SaturdayReception {
  value.only('rule intervals intervalsProvenance notOn sources whichAgencies validFrom validTo afterwards agencies');
  const agencies = value
    .at('agencies')
    .items()
    .map((item) => ({
      agency: item.only('agency name reception provenance').at('agency').matching('an agency code', isAgencyCode),
      reception: item.at('reception').flag(),
    }));
  const validTo = value.optional('validTo');
  return {
    intervals: readIntervals(value.at('intervals')),
    agencies: new Set(agencies.filter(({ reception }) => reception).map(({ agency }) => agency)),
    notOn: new Set(
      value
        .at('notOn')
        .items()
        .map((kind) => kind.oneOf(DAY_KINDS)),
    ),
    validFrom: value.at('validFrom').date(),
    ...(validTo && { validTo: validTo.date() }),
  };
}
