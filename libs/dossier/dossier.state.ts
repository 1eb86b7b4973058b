/**
 * The fold of a dossier's main branch. States: `situation.state.ts`; which event is provided for where: `event-table.ts`;
 * drawn in `docs/generated/dossier-states.md`. Promises, tried by `dossier.state.spec.ts`: an event that `decide` gave is
 * always understood; whatever is not understood throws {@link NotUnderstood} and changes nothing; the hand is the one that
 * the border computes from the same events; no personal value enters the state.
 */
import { handAfter, type AgencyCode } from '#libs/kernel';
import {
  linked,
  corrected,
  personalDataErased,
  petitionAnswered,
  petitionFiled,
  satisfactionRated,
} from './after.state.ts';
import { custodyAccepted, custodyDeclined, custodyReleased, forwarded, rehomed } from './custody.state.ts';
import type { RecordedEvent } from './dossier.events.ts';
import { refused, resolved, resultDispatched, resultReady, resultReturned, stopped, withdrawn } from './end.state.ts';
import { SITUATIONS_OF_EVENT } from './event-table.ts';
import { initialState, learn, type DossierState, type FiledState } from './filed.state.ts';
import { identityAnswered, identityCheckRequested } from './identity.state.ts';
import { beginReceived, beginSubmitted, intakeRefused, received } from './intake.state.ts';
import { findLabelled } from './labelled.ts';
import { feePaid, feeRequested, feeWaived } from './money.state.ts';
import { NotUnderstood } from './not-understood.ts';
import { componentsStated, supplementProvided, supplementRequested } from './papers.state.ts';
import { situationKey } from './situation.state.ts';
import { dueDateExtended, dueDateRecomputed } from './time.state.ts';
import {
  opinionGiven,
  opinionOverdue,
  opinionRequested,
  processingStarted,
  stepAssigned,
  stepCompleted,
} from './work.state.ts';

/** The state after one more event of the main branch. Throws {@link NotUnderstood}. */
export function evolve(state: DossierState, event: RecordedEvent): FiledState {
  const provided = findLabelled<readonly string[]>(SITUATIONS_OF_EVENT, event.type);
  if (provided?.includes(situationKey(state)) !== true) throw new NotUnderstood(event.type, state.situation);
  if (state.situation === 'NotFiled') return begin(event);
  return recorded(evolveFiled(state, event), event);
}

function begin(event: RecordedEvent): FiledState {
  switch (event.type) {
    case 'submitted':
      return beginSubmitted(event);
    case 'received':
      return beginReceived(event);
    default:
      throw new NotUnderstood(event.type, 'NotFiled');
  }
}

function recorded(state: FiledState, event: RecordedEvent): FiledState {
  return learn(state, {
    hand: handAfter(state.facts.hand, event.type, event.author, nextAgency(event)),
    head: event.hash,
    lastTime: event.time,
    lastRecordedTime: event.recordedTime,
  });
}
const nextAgency = (event: RecordedEvent): AgencyCode | undefined =>
  event.type === 'forwarded' || event.type === 'rehomed' ? event.data.to : undefined;

// eslint-disable-next-line complexity, max-lines-per-function -- one line for each event, exhaustive
function evolveFiled(state: FiledState, event: RecordedEvent): FiledState {
  switch (event.type) {
    case 'submitted':
      throw new NotUnderstood(event.type, state.situation);
    case 'received':
      return received(state, event);
    case 'intake-refused':
      return intakeRefused(state, event);
    case 'component-added':
    case 'component-digitised':
      return componentsStated(state, event);
    case 'supplement-requested':
      return supplementRequested(state, event);
    case 'supplement-provided':
      return supplementProvided(state, event);
    case 'identity-check-requested':
      return identityCheckRequested(state, event);
    case 'identity-confirmed':
    case 'identity-not-confirmed':
    case 'identity-check-failed':
      return identityAnswered(state, event);
    case 'fee-requested':
      return feeRequested(state, event);
    case 'fee-paid':
      return feePaid(state, event);
    case 'fee-waived':
      return feeWaived(state, event);
    case 'processing-started':
      return processingStarted(state, event);
    case 'step-assigned':
      return stepAssigned(state, event);
    case 'step-completed':
      return stepCompleted(state, event);
    case 'opinion-requested':
      return opinionRequested(state, event);
    case 'opinion-given':
      return opinionGiven(state, event);
    case 'opinion-overdue':
      return opinionOverdue(state, event);
    case 'forwarded':
      return forwarded(state, event);
    case 'custody-accepted':
      return custodyAccepted(state, event);
    case 'custody-declined':
      return custodyDeclined(state);
    case 'custody-released':
      return custodyReleased(state, event);
    case 'rehomed':
      return rehomed(state, event);
    case 'due-date-extended':
      return dueDateExtended(state, event);
    case 'due-date-recomputed':
      return dueDateRecomputed(state, event);
    case 'resolved':
      return resolved(state, event);
    case 'refused':
      return refused(state, event);
    case 'stopped':
      return stopped(state, event);
    case 'withdrawn':
      return withdrawn(state, event);
    case 'result-ready':
      return resultReady(state, event);
    case 'result-dispatched':
      return resultDispatched(state, event);
    case 'result-returned':
      return resultReturned(state, event);
    case 'linked':
      return linked(state, event);
    case 'satisfaction-rated':
      return satisfactionRated(state, event);
    case 'petition-filed':
      return petitionFiled(state, event);
    case 'petition-answered':
      return petitionAnswered(state, event);
    case 'personal-data-erased':
      return personalDataErased(state, event);
    case 'corrected':
      return corrected(state, event);
  }
}

export interface Fold {
  readonly state: DossierState;
  /** Events applied. */
  readonly applied: number;
  /** The fold stands before the event at index `applied`. */
  readonly parked?: NotUnderstood;
}

/** Folds events of the main branch, in order of place, onto a state; stops before the first that is not understood. */
export function fold(events: readonly RecordedEvent[], from: DossierState = initialState): Fold {
  let state = from;
  for (const [applied, event] of events.entries()) {
    try {
      state = evolve(state, event);
    } catch (error) {
      if (error instanceof NotUnderstood) return { state, applied, parked: error };
      throw error;
    }
  }
  return { state, applied: events.length };
}
