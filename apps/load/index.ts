export { nodeInGiaLam, type DayOptions } from './options.ts';
export type { DayPlan, PlannedDossier, PlannedStep, Race } from './plan.ts';
export { planDay, type PlanWanted } from './plan-day.ts';
export { progressDisplay, type ProgressDisplay, type Screen } from './progress.ts';
export { readReference, type DayReference } from './reference.ts';
export { runDay, runPlan } from './run-day.ts';
export type { AgencyCounts, DaySummary, Snapshot, Unexpected } from './tally.ts';
