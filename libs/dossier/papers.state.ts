/** Components and supplements (Nghị định 61/2018 Art 15(3), 17, 19(4)). */
import { defined } from './defined.ts';
import type { RecordedEventOf } from './dossier.events.ts';
import type { DossierFacts, DueDate, Supplement } from './facts.state.ts';
import { findWorkStage, learn, moveTo, type FiledState } from './filed.state.ts';
import { warned } from './warnings.ts';

type ComponentEvent = RecordedEventOf<'component-added'> | RecordedEventOf<'component-digitised'>;

/** Both events state components as they now are. */
export const componentsStated = (state: FiledState, event: ComponentEvent): FiledState =>
  learn(state, { components: { ...state.facts.components, ...event.data.components } });

export function supplementRequested(state: FiledState, event: RecordedEventOf<'supplement-requested'>): FiledState {
  const { stage, applicantDueAt, previousDueAt, requestDueAt, late } = event.data;
  const request: Supplement = {
    stage,
    request: event.hash,
    requestedAt: event.time,
    ...defined({ applicantDueAt, previousDueAt, requestDueAt, late }),
  };
  // Domain 12 no. 2: accepted, flagged, and overdue in the scoring of Decision 766.
  const again = stage === 'after-receipt' && state.facts.supplements.some((earlier) => earlier.stage === stage);
  return moveTo(
    state,
    { situation: 'AwaitingSupplement', then: findWorkStage(state) ?? 'Received', askedAt: event.time },
    {
      supplements: [...state.facts.supplements, request],
      ...warned(state.facts, event, again ? ['SUPPLEMENT_TWICE', {}] : undefined, askedLate(event)),
    },
  );
}

function askedLate({ data }: RecordedEventOf<'supplement-requested'>) {
  const { late, requestDueAt, legalBasis } = data;
  return late === true ? (['SUPPLEMENT_LATE', defined({ dueAt: requestDueAt, legalBasis })] as const) : undefined;
}

/** An incomplete supplement leaves the request open; the clock goes on only when the dossier is full. */
export function supplementProvided(state: FiledState, event: RecordedEventOf<'supplement-provided'>): FiledState {
  const { components, complete, dueAt, clock } = event.data;
  const facts: Partial<DossierFacts> = { components: { ...state.facts.components, ...components } };
  if (!complete) return learn(state, facts);
  const due: { due?: DueDate } = dueAt === undefined ? {} : { due: { dueAt, clock } };
  const supplements = answered(state.facts.supplements, event);
  return moveTo(state, { situation: findWorkStage(state) ?? 'Received' }, { ...facts, ...due, supplements });
}

function answered(
  supplements: readonly Supplement[],
  event: RecordedEventOf<'supplement-provided'>,
): readonly Supplement[] {
  const { dueAt } = event.data;
  const answer = { providedAt: event.time, ...defined({ dueAt }) };
  return supplements.map((supplement) =>
    supplement.providedAt === undefined ? { ...supplement, ...answer } : supplement,
  );
}
