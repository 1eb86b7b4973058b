/** The state of a dossier: a situation and the facts; and the two ways to go on from one. */
import type { DossierFacts } from './facts.state.ts';
import type { Situation, WorkStage } from './situation.state.ts';

export interface NotFiled {
  readonly situation: 'NotFiled';
}
export type FiledState = Situation & { readonly facts: DossierFacts };
export type DossierState = NotFiled | FiledState;

export const initialState: NotFiled = { situation: 'NotFiled' };

/** The same situation, more known. */
export const learn = (state: FiledState, facts: Partial<DossierFacts>): FiledState => ({
  ...state,
  facts: { ...state.facts, ...facts },
});
/** Another situation, and what was learnt on the way. */
export const moveTo = (state: FiledState, situation: Situation, facts: Partial<DossierFacts> = {}): FiledState => ({
  ...situation,
  facts: { ...state.facts, ...facts },
});

/** Where work is, or will go on after the wait for the applicant; undefined: the dossier is not being worked on. */
export function findWorkStage(state: FiledState): WorkStage | undefined {
  switch (state.situation) {
    case 'Submitted':
    case 'Received':
    case 'InProcess':
      return state.situation;
    case 'AwaitingSupplement':
    case 'AwaitingPayment':
      return state.then;
    default:
      return undefined;
  }
}
