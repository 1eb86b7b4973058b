/** Components and supplements (Nghị định 61/2018 Art 15(3), 17, 19(4)). */
import type { DecisionContext } from './context.ts';
import { defined, stated } from './defined.ts';
import type { DossierFacts, Supplement } from './facts.state.ts';
import type { FiledState } from './filed.state.ts';
import type {
  AddComponentData,
  DigitiseComponentData,
  ProvideSupplementData,
  RequestSupplementData,
} from './generated/commands.ts';
import type { DossierEvent, SupplementRequestedData } from './generated/events.ts';
import { findLabelled } from './labelled.ts';
import { recomputed, type Recomputed } from './recompute.ts';
import { refuse, type Decided } from './refusal.ts';

export function addComponent(data: AddComponentData, { facts }: FiledState): Decided {
  const known = Object.keys(data.components).find((code) => findLabelled(facts.components, code) !== undefined);
  return known === undefined
    ? [{ type: 'component-added', data: stated(data) }]
    : refuse('COMPONENT_EXISTS', { component: known });
}

export function digitiseComponent(data: DigitiseComponentData, { facts }: FiledState): Decided {
  for (const [code, component] of Object.entries(data.components)) {
    const known = findLabelled(facts.components, code);
    if (known === undefined) return refuse('COMPONENT_UNKNOWN', { component: code });
    if (known.digitised) return refuse('COMPONENT_DIGITISED', { component: code });
    if (!component.digitised) return refuse('INVALID', { fault: `/components/${code}/digitised` });
  }
  return [{ type: 'component-digitised', data: stated(data) }];
}

/**
 * Once, and fully: a second request after receipt is accepted and flagged (domain 12 no. 2); so is one that comes later than
 * the law allows (ADR 0015): the dossier lacks something all the same.
 */
export function requestSupplement(
  data: RequestSupplementData,
  { facts }: FiledState,
  context: DecisionContext,
): Decided {
  const { time } = context;
  const { applicantDueAt } = data;
  if (applicantDueAt !== undefined && applicantDueAt <= time)
    return refuse('DEADLINE_IN_PAST', { dueAt: applicantDueAt, time });
  const stage = facts.receivedAt === undefined ? 'before-receipt' : 'after-receipt';
  const previousDueAt = defined({ previousDueAt: facts.due?.dueAt });
  const period = requestPeriod(facts, context);
  return [
    { type: 'supplement-requested', data: { ...stated(data), stage, ...previousDueAt, ...period, clock: facts.clock } },
  ];
}

/** Counted from receipt, in whosever hand the dossier is; before it nothing is late. */
function requestPeriod(
  { receivedAt, procedure, channel }: DossierFacts,
  { time, procedures }: DecisionContext,
): Pick<SupplementRequestedData, 'requestDueAt' | 'late' | 'legalBasis'> {
  const rule =
    receivedAt === undefined
      ? undefined
      : procedures.findDeadlines(procedure, channel)?.supplementRequestDue(receivedAt);
  return rule === undefined ? {} : { requestDueAt: rule.dueAt, late: time > rule.dueAt, legalBasis: rule.citation };
}

/** When the dossier is full its clock goes on, by the one rule it was received under. */
export function provideSupplement(data: ProvideSupplementData, state: FiledState, context: DecisionContext): Decided {
  const open = state.facts.supplements.findLast(({ providedAt }) => providedAt === undefined);
  if (open === undefined) return refuse('SUPPLEMENT_NOT_OPEN', { situation: state.situation });
  if (context.time < open.requestedAt)
    return refuse('TIME_BEFORE_REQUEST', { time: context.time, requestedAt: open.requestedAt });
  const counted = data.complete ? recomputed('supplement-provided', open.requestedAt, state.facts, context) : undefined;
  if (counted !== undefined && 'code' in counted) return counted;
  const provided = supplementProvided(data, { open, state, counted });
  return counted === undefined ? [provided] : [provided, { type: 'due-date-recomputed', data: counted }];
}

function supplementProvided(
  data: ProvideSupplementData,
  { open, state, counted }: { open: Supplement; state: FiledState; counted: Recomputed | undefined },
): DossierEvent {
  return {
    type: 'supplement-provided',
    data: {
      ...stated(data),
      stage: open.stage,
      request: open.request,
      clock: counted?.clock ?? state.facts.clock,
      ...defined({ previousDueAt: counted?.previousDueAt, dueAt: counted?.dueAt }),
    },
  };
}
