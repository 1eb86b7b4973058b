import type { ProcessingLimit } from '#libs/calendar';
import type { ProcedureVersion, RouteLevel, RouteStep } from './procedure.ts';

/** A working day in hours, as the limits of steps are added up (domain 4.3, step 1). */
const HOURS_PER_DAY = 8;

/** What one level does before the dossier moves on (chặng): the steps in one hand, and what others do side by side with them. */
export interface Leg {
  readonly index: number;
  readonly level: RouteLevel;
  readonly steps: readonly RouteStep[];
  /** Steps of a parallel group at other levels: asked for as tasks, custody stays here. */
  readonly alongside: readonly RouteStep[];
  readonly limit: ProcessingLimit;
}

/** The route as legs: neighbouring steps of one level are one leg; the first is that of the receiving agency. */
export function legsOf({ route }: ProcedureVersion): readonly Leg[] {
  const runs: { level: RouteLevel; steps: RouteStep[]; alongside: RouteStep[] }[] = [];
  for (const step of route) {
    const last = runs.at(-1);
    if (last?.level === step.level) last.steps.push(step);
    else if (last && isBesides(step, last.steps)) last.alongside.push(step);
    else runs.push({ level: step.level, steps: [step], alongside: [] });
  }
  return runs.map((run, index) => ({ ...run, index, limit: sumOf([...run.steps, ...run.alongside]) }));
}

const isBesides = ({ parallelGroup }: RouteStep, steps: readonly RouteStep[]): boolean =>
  parallelGroup !== undefined && steps.some((step) => step.parallelGroup === parallelGroup);

/** A step as a command names it: its task (`appraise`), and its number where a task stands more than once in the route. */
export interface NamedStep {
  readonly step: string;
  readonly stepNumber?: number;
}

const isNamed = (step: RouteStep, named: NamedStep): boolean =>
  named.stepNumber === undefined ? step.task === named.step : step.step === named.stepNumber;

export const findStep = ({ route }: ProcedureVersion, named: NamedStep): RouteStep | undefined =>
  route.find((step) => isNamed(step, named));

/**
 * The leg that begins when a dossier is handed to a level: the one that holds the named step, else the first after the
 * receiving agency's own. Undefined where the route does not lead to that level.
 */
export function findLegAt(version: ProcedureVersion, level: RouteLevel, named: NamedStep): Leg | undefined {
  const legs = legsOf(version).filter((leg) => leg.level === level);
  return legs.find(({ steps }) => steps.some((step) => isNamed(step, named))) ?? legs.find(({ index }) => index > 0);
}

/** Steps in a row add up, those of a parallel group count as their longest. Days and hours together are given in hours. */
function sumOf(steps: readonly RouteStep[]): ProcessingLimit {
  const counted = steps.filter(({ limit }) => limit.unit !== 'instant');
  const [first] = counted;
  if (!first) return { value: 0, unit: 'instant' };
  const mixed = counted.some(({ limit }) => limit.unit !== first.limit.unit);
  const unit = mixed ? 'working-hour' : first.limit.unit;
  const valueOf = ({ limit }: RouteStep): number =>
    mixed && limit.unit === 'working-day' ? limit.value * HOURS_PER_DAY : limit.value;
  const longest = new Map<string, number>();
  for (const step of counted) {
    const key = step.parallelGroup ?? `step ${step.step}`;
    longest.set(key, Math.max(longest.get(key) ?? 0, valueOf(step)));
  }
  return { value: [...longest.values()].reduce((sum, value) => sum + value, 0), unit };
}
