/** Due dates: each says by which rule and calendar it was reckoned (domain 4.8). */
import type { Instant } from '#libs/kernel';
import type { RecordedEventOf } from './dossier.events.ts';
import type { Supplement } from './facts.state.ts';
import { learn, type FiledState } from './filed.state.ts';

export function dueDateExtended(state: FiledState, event: RecordedEventOf<'due-date-extended'>): FiledState {
  const { previousDueAt, dueAt, clock } = event.data;
  return learn(state, { due: { dueAt, clock }, extension: { announcedAt: event.time, previousDueAt, dueAt } });
}

export function dueDateRecomputed(state: FiledState, event: RecordedEventOf<'due-date-recomputed'>): FiledState {
  const { dueAt, clock, reason } = event.data;
  const { supplements } = state.facts;
  const reckoned = reason === 'supplement-provided' ? supplements.map((one) => withDueDate(one, dueAt)) : supplements;
  return learn(state, { due: { dueAt, clock }, supplements: reckoned });
}

/** Another program may state the date here alone, and not with the supplement. */
const withDueDate = (supplement: Supplement, dueAt: Instant): Supplement =>
  supplement.providedAt === undefined || supplement.dueAt !== undefined ? supplement : { ...supplement, dueAt };
