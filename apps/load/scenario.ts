/**
 * One dossier from its arrival to where the day leaves it: the route of its procedure, leg by leg, and its one incident.
 * Promise, tried by `scenario.spec.ts`: played through the real decider, no act is refused that is not planned to be.
 */
import type { DossierCommandName } from '#libs/dossier';
import type { Leg } from '#libs/procedures';
import type { Application } from './application.ts';
import { MIX } from './mix.ts';
import type { PlannedDossier, PlannedStep } from './plan.ts';
import { agencyAt, handOver, misdirect, sendAndRecall, wayTo } from './scenario.custody.ts';
import { bringHome, decideOn, handOut } from './scenario.end.ts';
import { ask, meetIncident, otherAgency } from './scenario.incidents.ts';
import { comeIn } from './scenario.intake.ts';
import { askForFee } from './scenario.money.ts';
import { Script, type Stage } from './script.ts';

/** Done by the acts of the dossier itself: receipt, transfer, return. */
const NOT_A_STEP_OF_WORK = ['receive', 'forward', 'deliver'];
const DECISIONS = ['decide', 'sign'];

export function writeScenario(stage: Stage, application: Application): PlannedDossier {
  const script = new Script(stage, application);
  const received = comeIn(script);
  const intake = script.steps.length;
  if (received) {
    askForFee(script);
    goThrough(script);
  }
  const { id, receivingAgency, procedure, channel, incident, legs } = application;
  const steps = received ? leftWaiting(script, intake) : script.steps;
  return { id, receivingAgency, procedure: procedure.code, channel, legs: legs.length, incident, steps };
}

const SETTLING: readonly DossierCommandName[] = ['resolve', 'refuse', 'withdraw'];

/** Cuts a dossier that is not settled today somewhere between its receipt, its incident, and its end. */
function leftWaiting({ steps, application, shown }: Script, intake: number): readonly PlannedStep[] {
  const { settlesToday, incident, chance } = application;
  const end = steps.findIndex(({ command }) => SETTLING.includes(command));
  if (settlesToday || end < 0 || incident === 'withdrawn' || incident === 'refused') return steps;
  return steps.slice(0, chance.of('left').between(Math.min(end, Math.max(intake, shown)), end));
}

function goThrough(script: Script): void {
  const { legs, version } = script.application;
  const resolving = legs.findLastIndex(({ level }) => level === version.resolvesAt);
  for (const [index, leg] of legs.slice(0, resolving + 1).entries()) {
    if (index > 0) go(script, leg);
    const ended = workOn(script, leg, index === resolving);
    if (ended) {
      bringHome(script);
      return;
    }
  }
  decideOn(script);
  bringHome(script);
  handOut(script);
}

/** To the next leg; a wrong door or a recall meets only the first transfer. */
function go(script: Script, leg: Leg): void {
  const way = wayTo(script, leg, 'route');
  const { incident } = script.application;
  const first = leg.index === 1;
  if (first && incident === 'misdirected') misdirect(script, way);
  else if (first && incident === 'recalled') sendAndRecall(script, way);
  else handOver(script, way);
  if (first) script.shown = script.steps.length;
}

/** True: the dossier has ended on the way. */
function workOn(script: Script, leg: Leg, resolves: boolean): boolean {
  const work = leg.steps.filter(({ task }) => !NOT_A_STEP_OF_WORK.includes(task));
  const role = roleIn(work) ?? roleIn(leg.steps) ?? 'oneStop';
  const interrupted = meetsIncident(script, leg);
  if (work.length > 0 || resolves || interrupted) begin(script, role);
  if (interrupted) {
    const ended = meetIncident(script, role);
    script.shown = script.steps.length;
    if (ended) return true;
  }
  for (const step of work) doStep(script, step, resolves);
  for (const { step, level, task } of leg.alongside) {
    ask(script, { agency: agencyAt(script, level), kind: 'task', duty: task, request: `t${step}`, role });
  }
  return false;
}

const roleIn = ([first]: Leg['steps']): string | undefined => first?.role;

/** Where other levels take part, the incident happens at the first of them. */
const meetsIncident = ({ application }: Script, { index }: Leg): boolean =>
  index === (application.legs.length > 1 ? 1 : 0);

function begin(script: Script, role: string): void {
  const { holder: agency } = script;
  if (script.worker === agency) return;
  script.pass(MIX.minutes.look);
  script.act('start-processing', { agency, role: 'officer' }, { actor: script.appraiser(agency, role) });
  script.worker = agency;
}

/** The decision of the leg that resolves is `resolve` itself. */
function doStep(script: Script, { task, step, role, limit }: Leg['steps'][number], resolves: boolean): void {
  const { holder: agency } = script;
  const named = { step: task, stepNumber: step };
  if (DECISIONS.includes(task)) {
    if (resolves) return;
    script.pass(MIX.minutes.decision);
    script.act(
      'complete-step',
      { agency, role: 'head' },
      { ...named, outcome: 'approved', actor: script.head(agency) },
    );
    return;
  }
  if (task === 'opinion') {
    ask(script, { agency: otherAgency(script), kind: 'task', duty: task, request: `t${step}`, role });
    return;
  }
  const actor = script.appraiser(agency, role);
  if (limit.unit !== 'instant') {
    script.pass(MIX.minutes.look);
    script.act('assign-step', { agency, role: 'head' }, { ...named, assignee: actor, actor: script.head(agency) });
  }
  script.pass(MIX.minutes.appraisal);
  script.act('complete-step', { agency, role: 'officer' }, { ...named, outcome: 'done', actor });
}
