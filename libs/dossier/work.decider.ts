/** Work of the custodian, and opinions and tasks asked of others (Nghị định 61/2018 Art 19(1)–(6)). */
import { agencyInHand, type AgencyCode } from '#libs/kernel';
import { askerOf } from './admission.ts';
import type { DecisionContext } from './context.ts';
import { defined, stated } from './defined.ts';
import type { Opinion } from './facts.state.ts';
import type { FiledState } from './filed.state.ts';
import type {
  AssignStepData,
  CompleteStepData,
  FinishTaskData,
  GiveOpinionData,
  MarkOpinionOverdueData,
  RequestOpinionData,
  StartProcessingData,
} from './generated/commands.ts';
import { findLabelled } from './labelled.ts';
import { mayAnswerFor } from './parties.ts';
import { refuse, type Decided, type Refused } from './refusal.ts';
import { takesOver } from './taking-over.ts';
import { stepKey } from './work.state.ts';

export const startProcessing = (data: StartProcessingData): Decided => [
  { type: 'processing-started', data: stated(data) },
];

/** Whoever leads the flow, or the custodian where nobody was named. */
const leader = ({ leadAgency }: { readonly leadAgency?: AgencyCode }, { facts }: FiledState): AgencyCode =>
  leadAgency ?? facts.leadAgency ?? agencyInHand(facts.hand);

/** A step without a deadline of its own is due with the dossier (scoring index 2 wants one for each). */
export function assignStep(data: AssignStepData, state: FiledState, context: DecisionContext): Decided {
  const { facts } = state;
  const rules = context.procedures.findDeadlines(facts.procedure, facts.channel);
  const dueAt = data.dueAt ?? rules?.stepDue(context.time, data) ?? facts.due?.dueAt;
  if (dueAt === undefined) return refuse('DEADLINE_MISSING', { what: data.step });
  const leadAgency = leader(data, state);
  return [{ type: 'step-assigned', data: { ...stated(data), leadAgency, dueAt, clock: facts.clock } }];
}

/** Also a step that nobody assigned: the route of an instant procedure assigns none. */
export function completeStep(data: CompleteStepData, { facts }: FiledState): Decided {
  const step = findLabelled(facts.steps, stepKey(data));
  if (step?.completedAt !== undefined) return refuse('STEP_COMPLETED', { step: data.step });
  const assigned = defined({ assigned: step?.assigned, startedAt: step?.assignedAt, dueAt: step?.dueAt });
  return [{ type: 'step-completed', data: { ...stated(data), ...assigned } }];
}

export function requestOpinion(data: RequestOpinionData, state: FiledState, context: DecisionContext): Decided {
  const { request, agency, dueAt } = data;
  if (findLabelled(state.facts.opinions, request) !== undefined) return refuse('OPINION_EXISTS', { opinion: request });
  if (!context.directory.isValid(agency)) return refuse('AGENCY_NOT_VALID', { agency });
  if (dueAt <= context.time) return refuse('DEADLINE_IN_PAST', { dueAt, time: context.time });
  const leadAgency = leader(data, state);
  return [{ type: 'opinion-requested', data: { ...stated(data), leadAgency, clock: state.facts.clock } }];
}

/** Late answers are taken: what was overdue stays marked so. */
export function giveOpinion(data: GiveOpinionData, state: FiledState, context: DecisionContext): Decided {
  const asked = findAnswerable({ request: data.request, kind: 'opinion' }, state, context);
  if ('code' in asked) return asked;
  const { kind, agency, dueAt } = asked;
  return [{ type: 'opinion-given', data: { ...stated(data), kind, agency, dueAt } }];
}

export function finishTask(data: FinishTaskData, state: FiledState, context: DecisionContext): Decided {
  const asked = findAnswerable({ request: data.request, kind: 'task' }, state, context);
  if ('code' in asked) return asked;
  const { kind, agency, dueAt } = asked;
  const { result, ...rest } = stated(data);
  return [{ type: 'opinion-given', data: { ...rest, verdict: result, kind, agency, dueAt } }];
}

function findAnswerable(
  { request, kind }: { readonly request: string; readonly kind: Opinion['kind'] },
  state: FiledState,
  context: DecisionContext,
): Opinion | Refused {
  const asked = findLabelled(state.facts.opinions, request);
  if (asked === undefined) return refuse('OPINION_UNKNOWN', { opinion: request });
  if (!mayAnswerFor(askerOf(context), asked.agency, state) && !takesOver(state, context))
    return refuse('NOT_THE_AGENCY_ASKED', { asked: asked.agency, agency: context.requester });
  if (asked.kind !== kind) return refuse('OPINION_KIND_DIFFERS', { opinion: request, kind: asked.kind });
  return asked.givenAt === undefined ? asked : refuse('OPINION_ALREADY_GIVEN', { opinion: request });
}

/** Time-driven: silence past the deadline is reported, and holds nothing up (Art 19(5)(b)). */
export function markOpinionOverdue(
  data: MarkOpinionOverdueData,
  { facts }: FiledState,
  context: DecisionContext,
): Decided {
  const { request, actor } = data;
  const asked = findLabelled(facts.opinions, request);
  if (asked === undefined) return refuse('OPINION_UNKNOWN', { opinion: request });
  if (asked.givenAt !== undefined) return refuse('OPINION_ALREADY_GIVEN', { opinion: request });
  if (asked.overdueSince !== undefined) return refuse('OPINION_ALREADY_OVERDUE', { opinion: request });
  const { kind, agency, dueAt } = asked;
  if (context.time <= dueAt) return refuse('OPINION_NOT_DUE', { opinion: request, dueAt });
  return [{ type: 'opinion-overdue', data: { request, kind, agency, dueAt, ...defined({ actor }) } }];
}
