/** Links, what comes after the end, erasure and corrections. */
import { defined } from './defined.ts';
import type { RecordedEventOf } from './dossier.events.ts';
import { clearPapers } from './end.state.ts';
import type { Petition } from './facts.state.ts';
import { learn, type FiledState } from './filed.state.ts';
import { findLabelled } from './labelled.ts';

export function linked(state: FiledState, event: RecordedEventOf<'linked'>): FiledState {
  const { dossier, relation } = event.data;
  return learn(state, { links: [...state.facts.links, { dossier, relation }] });
}

export const satisfactionRated = (state: FiledState, event: RecordedEventOf<'satisfaction-rated'>): FiledState =>
  learn(state, { ratedAt: event.time });

export function petitionFiled(state: FiledState, event: RecordedEventOf<'petition-filed'>): FiledState {
  const petition: Petition = { filedAt: event.time, answerDueAt: event.data.answerDueAt };
  return learn(state, { petitions: { ...state.facts.petitions, [event.data.petition]: petition } });
}

/** Asking for more is no answer: the petition stays open, and its clock runs (indicator 5.2). */
export function petitionAnswered(state: FiledState, event: RecordedEventOf<'petition-answered'>): FiledState {
  const { petition, outcome } = event.data;
  const filed = findLabelled(state.facts.petitions, petition);
  if (filed === undefined || outcome === 'more-asked') return state;
  return learn(state, { petitions: { ...state.facts.petitions, [petition]: { ...filed, answeredAt: event.time } } });
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
