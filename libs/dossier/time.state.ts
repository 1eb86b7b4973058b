/** Due dates: each says by which rule and calendar it was reckoned (domain 4.8). */
import type { RecordedEventOf } from './dossier.events.ts';
import { learn, type FiledState } from './filed.state.ts';

export function dueDateExtended(state: FiledState, event: RecordedEventOf<'due-date-extended'>): FiledState {
  const { previousDueAt, dueAt, clock } = event.data;
  return learn(state, { due: { dueAt, clock }, extension: { announcedAt: event.time, previousDueAt, dueAt } });
}

export function dueDateRecomputed(state: FiledState, event: RecordedEventOf<'due-date-recomputed'>): FiledState {
  const { dueAt, clock } = event.data;
  return learn(state, { due: { dueAt, clock } });
}
