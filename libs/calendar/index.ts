export { agencyCalendar, isWorkingDay, receptionIntervals, workingIntervals } from './agency-calendar.ts';
export type { AgencyCalendar, TimeInterval } from './agency-calendar.ts';
export { calendarVersionAt, findCalendar } from './calendar.ts';
export type { Calendar, CalendarDay, DayKind, DayStatus, WorkingHours } from './calendar.ts';
export * from './due-date.ts';
export * from './error-codes.ts';
export { parseCalendar } from './parse-calendar.ts';
export { ReferenceValue } from './reference-value.ts';
export { addWorkingDays, addWorkingHours, workingMsBetween } from './working-time.ts';
