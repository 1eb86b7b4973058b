/** Work of the custodian, and opinions and tasks asked of others (Nghị định 61/2018 Art 19(1)–(6)). */
import { defined } from './defined.ts';
import type { RecordedEventOf } from './dossier.events.ts';
import type { Opinion, Step } from './facts.state.ts';
import { learn, moveTo, type FiledState } from './filed.state.ts';
import { findLabelled } from './labelled.ts';

/** A step is known by its number in the route and its duty; without a number by its duty. */
export const stepKey = ({ step, stepNumber }: { readonly step: string; readonly stepNumber?: number }): string =>
  stepNumber === undefined ? step : `${stepNumber}/${step}`;

export function processingStarted(state: FiledState, event: RecordedEventOf<'processing-started'>): FiledState {
  const { leadAgency } = event.data;
  const facts = {
    processing: { agency: event.author, startedAt: event.time },
    ...defined({ leadAgency }),
  };
  if (state.situation === 'AwaitingPayment') return moveTo(state, { ...withoutFacts(state), then: 'InProcess' }, facts);
  return moveTo(state, { situation: 'InProcess' }, facts);
}

function withoutFacts<S extends { readonly facts: unknown }>({ facts: _facts, ...situation }: S): Omit<S, 'facts'> {
  return situation;
}

export function stepAssigned(state: FiledState, event: RecordedEventOf<'step-assigned'>): FiledState {
  const step: Step = {
    assigned: event.hash,
    agency: event.author,
    assignedAt: event.time,
    dueAt: event.data.dueAt,
  };
  return learn(state, { steps: { ...state.facts.steps, [stepKey(event.data)]: step } });
}

export function stepCompleted(state: FiledState, event: RecordedEventOf<'step-completed'>): FiledState {
  const key = stepKey(event.data);
  const assigned = findLabelled(state.facts.steps, key) ?? { agency: event.author };
  return learn(state, { steps: { ...state.facts.steps, [key]: { ...assigned, completedAt: event.time } } });
}

export function opinionRequested(state: FiledState, event: RecordedEventOf<'opinion-requested'>): FiledState {
  const { request, kind, agency, duty, dueAt } = event.data;
  const opinion: Opinion = { kind, agency, duty, requestedAt: event.time, dueAt };
  return learn(state, { opinions: { ...state.facts.opinions, [request]: opinion } });
}

export function opinionGiven(state: FiledState, event: RecordedEventOf<'opinion-given'>): FiledState {
  const { request } = event.data;
  const asked = findLabelled(state.facts.opinions, request) ?? unasked(event);
  return learn(state, { opinions: { ...state.facts.opinions, [request]: { ...asked, givenAt: event.time } } });
}

export function opinionOverdue(state: FiledState, event: RecordedEventOf<'opinion-overdue'>): FiledState {
  const { request } = event.data;
  const asked = findLabelled(state.facts.opinions, request) ?? unasked(event);
  return learn(state, { opinions: { ...state.facts.opinions, [request]: { ...asked, overdueSince: event.time } } });
}

/** Answered though nobody asked: kept, because somebody did the work. */
const unasked = ({ data, time }: RecordedEventOf<'opinion-given'> | RecordedEventOf<'opinion-overdue'>): Opinion => ({
  kind: data.kind,
  agency: data.agency,
  duty: data.kind,
  requestedAt: time,
  dueAt: data.dueAt,
});
