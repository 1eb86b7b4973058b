/** How a dossier ends, and its result papers (Nghị định 61/2018 Art 19(8), 20). */
import type { RecordedEventOf } from './dossier.events.ts';
import { defined } from './defined.ts';
import type { DossierFacts, Ending, Result } from './facts.state.ts';
import { learn, moveTo, type FiledState } from './filed.state.ts';
import { warned } from './warnings.ts';

type EndEvent =
  RecordedEventOf<'resolved'> | RecordedEventOf<'refused'> | RecordedEventOf<'stopped'> | RecordedEventOf<'withdrawn'>;
const ending = (event: EndEvent): Ending => ({ how: event.type, at: event.time, agency: event.author });

type Papers = Result['papers'];
/** Member by member: the signer is a person, wherever these data come from. */
export const clearPapers = (papers: Papers): Papers =>
  Object.fromEntries(
    Object.entries(papers).map(([label, { code, number, signedOn, electronic }]) => [
      label,
      { code, number, signedOn, electronic },
    ]),
  );

export function resolved(state: FiledState, event: RecordedEventOf<'resolved'>): FiledState {
  const { polarity, results } = event.data;
  return moveTo(
    state,
    { situation: 'Resolved' },
    { ending: { ...ending(event), polarity }, result: { ...state.facts.result, papers: clearPapers(results) } },
  );
}
export const refused = (state: FiledState, event: RecordedEventOf<'refused'>): FiledState =>
  moveTo(state, { situation: 'Refused' }, { ending: ending(event) });
export const stopped = (state: FiledState, event: RecordedEventOf<'stopped'>): FiledState =>
  moveTo(state, { situation: 'Stopped' }, { ending: ending(event) });
export const withdrawn = (state: FiledState, event: RecordedEventOf<'withdrawn'>): FiledState =>
  moveTo(state, { situation: 'Withdrawn' }, { ending: ending(event) });

export function resultReady(state: FiledState, event: RecordedEventOf<'result-ready'>): FiledState {
  const { result } = state.facts;
  const announcedAt = result.announcedAt ?? (event.data.announced ? event.time : undefined);
  return learn(state, {
    result: {
      ...result,
      papers: { ...result.papers, ...clearPapers(event.data.results) },
      readyAt: event.time,
      ...defined({ announcedAt }),
    },
  });
}
export const resultDispatched = (state: FiledState, event: RecordedEventOf<'result-dispatched'>): FiledState =>
  learn(state, {
    result: { ...state.facts.result, dispatchedAt: event.time },
    ...warnedOfSurprise(state.facts, event),
  });
export const resultReturned = (state: FiledState, event: RecordedEventOf<'result-returned'>): FiledState =>
  moveTo(
    state,
    { situation: 'Returned' },
    { result: { ...state.facts.result, returnedAt: event.time }, ...warnedOfSurprise(state.facts, event) },
  );

/** Art 20(4): early, and the citizen had not been told. */
const warnedOfSurprise = (
  facts: DossierFacts,
  event: RecordedEventOf<'result-dispatched'> | RecordedEventOf<'result-returned'>,
): Partial<DossierFacts> => {
  const { early, announced } = event.data;
  return warned(facts, event, early === true && announced === false ? ['RESULT_NOT_ANNOUNCED', {}] : undefined);
};
