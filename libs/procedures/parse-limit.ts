import type { LimitUnit, ProcessingLimit, ReferenceValue } from '#libs/calendar';

const UNITS = {
  workingDay: 'working-day',
  workingHour: 'working-hour',
  calendarDay: 'calendar-day',
  instant: 'instant',
} as const satisfies Record<string, LimitUnit>;

/** A value and its unit, as every file of reference data writes them. */
export function readLimit(value: ReferenceValue): ProcessingLimit {
  const unit =
    UNITS[value.only('value unit').at('unit').oneOf(['workingDay', 'workingHour', 'calendarDay', 'instant'])];
  const limit = { value: value.at('value').count(), unit };
  if ((limit.value === 0) !== (unit === 'instant')) value.refuse('0 is instant, and nothing else is');
  return limit;
}
