/**
 * A superseded event taken over (design 4): the ordinary command, given by the custodian, whose event has the superseded one
 * as its cause. What the command says is the custodian's own; the event taken over must be of the same type, so that it is
 * answered by an act of its kind and by nothing that merely names it.
 */
import type { DecisionContext } from './context.ts';
import type { FiledState } from './filed.state.ts';
import { refuse, type Decided, type Refused } from './refusal.ts';

/** Whether the agency that asks takes over, and may: then it speaks for whoever's act that was, too. */
export const takesOver = ({ facts }: FiledState, { takesOver: event, requester, writer }: DecisionContext): boolean =>
  event !== undefined && facts.hand.kind === 'held' && facts.hand.custodian === requester && writer === requester;

/** Before the situation is looked at: what has been answered is so whatever the dossier has come to. */
export function findFaultOfTakingOver(state: FiledState, context: DecisionContext): Refused | undefined {
  const { takesOver: event, requester, findEvent } = context;
  if (event === undefined) return undefined;
  if (!takesOver(state, context)) return refuse('NOT_CUSTODIAN', { agency: requester, ...custodianOf(state) });
  const found = findEvent(event);
  if (found === undefined) return refuse('EVENT_UNKNOWN', { event });
  if (found.on === 'main') return refuse('EVENT_NOT_SUPERSEDED', { event });
  return found.answered ? refuse('ALREADY_CORRECTED', { event }) : undefined;
}

const custodianOf = ({ facts: { hand } }: FiledState): { readonly custodian?: string } =>
  hand.kind === 'held' ? { custodian: hand.custodian } : {};

/** One of the events decided is of the type taken over. */
export function ofTheTypeTakenOver(decided: Decided, { takesOver: event, findEvent }: DecisionContext): Decided {
  const found = event === undefined ? undefined : findEvent(event);
  if ('code' in decided || event === undefined || found?.on !== 'superseded') return decided;
  return decided.some(({ type }) => type === found.type)
    ? decided
    : refuse('EVENT_OF_ANOTHER_TYPE', { event, type: found.type, decided: decided.map(({ type }) => type) });
}
