/** Links, what comes after the end, erasure and corrections. */
import { defined } from './defined.ts';
import type { RecordedEventOf } from './dossier.events.ts';
import { clearPapers } from './end.state.ts';
import type { Petition } from './facts.state.ts';
import { learn, type FiledState } from './filed.state.ts';
import { findLabelled } from './labelled.ts';
import { warned } from './warnings.ts';

export function linked(state: FiledState, event: RecordedEventOf<'linked'>): FiledState {
  const { dossier, relation } = event.data;
  return learn(state, { links: [...state.facts.links, { dossier, relation }] });
}

export const satisfactionRated = (state: FiledState, event: RecordedEventOf<'satisfaction-rated'>): FiledState =>
  learn(state, { ratedAt: event.time });

export function petitionFiled(state: FiledState, event: RecordedEventOf<'petition-filed'>): FiledState {
  const { answerDueAt, refuseBy, askMoreBy } = event.data;
  const petition: Petition = { filedAt: event.time, answerDueAt, ...defined({ refuseBy, askMoreBy }) };
  return learn(state, { petitions: { ...state.facts.petitions, [event.data.petition]: petition } });
}

/** Asking for more is no answer: the petition stays open, and its clock runs (indicator 5.2). */
export function petitionAnswered(state: FiledState, event: RecordedEventOf<'petition-answered'>): FiledState {
  const { petition, outcome, late, dueAt } = event.data;
  const filed = findLabelled(state.facts.petitions, petition);
  if (filed === undefined) return state;
  const seen = warned(
    state.facts,
    event,
    late === true ? ['PETITION_LATE', { petition, ...defined({ dueAt }) }] : undefined,
  );
  if (outcome === 'more-asked') return learn(state, seen);
  return learn(state, {
    petitions: { ...state.facts.petitions, [petition]: answered(filed, outcome, event) },
    ...seen,
  });
}

/** What was answered before is published now: the answer keeps its time. */
function answered(
  { publishDueAt: _due, ...filed }: Petition,
  outcome: NonNullable<Petition['outcome']>,
  { data, time }: RecordedEventOf<'petition-answered'>,
): Petition {
  const { published, publishDueAt } = data;
  const publication = published ? { publishedAt: time } : defined({ publishDueAt });
  return { ...filed, outcome, answeredAt: filed.answeredAt ?? time, ...publication };
}

export function personalDataErased(state: FiledState, event: RecordedEventOf<'personal-data-erased'>): FiledState {
  const erased = new Set([...state.facts.erasedSubjects, ...event.data.subjects]);
  return learn(state, { erasedSubjects: [...erased] });
}

/** The clear members that a correction names replace what was said. What it refuses is no part of this history: `superseded.ts`. */
export function corrected(state: FiledState, event: RecordedEventOf<'corrected'>): FiledState {
  const { place, applicantKind, returnMethod, notifier, otherCodes, registerNumber } = event.data;
  const { facts } = state;
  return learn(state, {
    ...defined({ place, applicantKind, returnMethod, notifier, otherCodes, registerNumber }),
    components: { ...facts.components, ...event.data.components },
    result: { ...facts.result, papers: { ...facts.result.papers, ...clearPapers(event.data.results ?? {}) } },
  });
}
