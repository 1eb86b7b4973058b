/**
 * One dossier, act after act, each at its work time. States between acts: how many events of the dossier are known to be
 * written, and at which node the last one was. Before an act at another node, or after a transfer, the node of whoever acts
 * is looked at until it knows them all: dossiers are taken up where they have arrived. Because events only ever become more,
 * this holds as well when the same day is run again on state that was kept. Proved by `run-day.spec.ts`.
 */
import { DomainError } from '#libs/kernel';
import type { DossierClient, Outcome } from './dossier-client.ts';
import type { NodeClient } from './node-client.ts';
import type { Pace } from './pace.ts';
import type { PlannedDossier, PlannedStep } from './plan.ts';
import type { Tally } from './tally.ts';

export interface Course {
  readonly commands: DossierClient;
  readonly client: NodeClient;
  readonly pace: Pace;
  readonly tally: Tally;
  readonly signal: AbortSignal;
}
interface Written {
  /** Events written by now, those that a node adds by itself included. */
  place: number;
  /** Node that wrote the last one; undefined: not yet seen anywhere else. */
  node?: string;
}

/** Refusals that pass by themselves: clocks that differ, a transfer or personal data still on the way. */
const PASSING = ['TIME_IN_FUTURE', 'DOSSIER_UNKNOWN', 'DOSSIER_IN_TRANSIT', 'OPENINGS_MISSING'];
const PASSING_PAUSE_MS = 250;

/** Never throws: what goes wrong is in the tally, and the dossier is left where it is. */
export async function runDossier(dossier: PlannedDossier, course: Course): Promise<void> {
  await runSteps(dossier, dossier.steps, { course, written: { place: 0 } });
}

interface Run {
  readonly course: Course;
  readonly written: Written;
}

/** False: not to be gone on with. */
async function runSteps(dossier: PlannedDossier, steps: readonly PlannedStep[], run: Run): Promise<boolean> {
  for (const step of steps) {
    try {
      if (!(await runStep(dossier, step, run))) return false;
    } catch (error) {
      if (!run.course.signal.aborted) run.course.tally.failed(dossier, step, troubleOf(error));
      return false;
    }
  }
  return true;
}

async function runStep(dossier: PlannedDossier, step: PlannedStep, run: Run): Promise<boolean> {
  const { course, written } = run;
  await course.pace.until(step.at);
  if (!(await haveArrived(dossier, step, run))) {
    const detail = `${step.agency} does not see event ${written.place}`;
    course.tally.failed(dossier, step, { code: 'NOT_ARRIVED', status: 0, detail });
    return false;
  }
  const outcome = await commandUntilDecided(dossier, step, course);
  if (outcome.kind === 'accepted') {
    course.tally.accepted(dossier, step, outcome.ms);
    written.place += outcome.events + step.follows;
    note(written, step, course);
    return step.race ? runSteps(dossier, step.race.won, run) : true;
  }
  if (!step.race?.lostOn.includes(outcome.code)) {
    course.tally.failed(dossier, step, outcome);
    return false;
  }
  course.tally.raceLost(step, outcome.ms);
  // What it came too late for: the acceptance.
  written.place += 1;
  delete written.node;
  return runSteps(dossier, step.race.lost, run);
}

/** A transfer leaves the dossier with a node that has to see it first. */
function note(written: Written, { writer, command }: PlannedStep, { client }: Course): void {
  if (command === 'forward') delete written.node;
  else written.node = client.nodeOf(writer);
}

async function haveArrived(dossier: PlannedDossier, step: PlannedStep, { course, written }: Run): Promise<boolean> {
  const node = course.client.nodeOf(step.agency);
  if (written.place === 0 || written.node === node || isRecall(step)) return true;
  return course.commands.arrival(dossier, step, written.place);
}

/** Whoever recalls does not wait to see what became of the transfer. */
const isRecall = ({ command }: PlannedStep): boolean => command === 'recall';

async function commandUntilDecided(dossier: PlannedDossier, step: PlannedStep, course: Course): Promise<Outcome> {
  const end = performance.now() + course.client.patienceMs;
  for (;;) {
    const outcome = await course.commands.command(dossier, step);
    const passes = outcome.kind === 'refused' && PASSING.includes(outcome.code);
    if (!passes || performance.now() > end) return outcome;
    course.tally.retried();
    await course.pace.rest(PASSING_PAUSE_MS);
  }
}

function troubleOf(error: unknown): { code: string; status: number; detail: string } {
  const detail = error instanceof Error ? error.message : String(error);
  return { code: error instanceof DomainError ? error.code : 'FAILED', status: 0, detail };
}
