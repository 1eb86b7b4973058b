/**
 * `given(events).when(command, context).then(events)` or `.thenRefused(code)`, for any decider. What was decided is folded
 * at once, so no specification passes on events that its own fold does not understand.
 */
import { expect } from '@jest/globals';

export interface Decider<State, Command, Context, Event, Recorded> {
  readonly initial: State;
  evolve(state: State, event: Recorded): State;
  decide(
    command: Command,
    state: State,
    context: Context,
  ): { readonly events: readonly Event[] } | { readonly refused: { readonly code: string } };
  /** What the ledger adds: `place` is 1 for the first event of the stream. */
  record(event: Event, context: Context, place: number): Recorded;
  /** Faults of an event against its published contract; none when it fits. */
  faultsOf?(event: Event): readonly unknown[];
}
export interface Outcome<State> {
  /** Exactly these events in this order; of their data at least these members. */
  then(events: readonly { readonly type: string; readonly data?: object }[]): State;
  thenRefused(code: string, details?: object): void;
}
export interface Given<State, Command, Context> {
  readonly state: State;
  when(command: Command, context: Context): Outcome<State>;
}

export function specificationOf<State, Command, Context, Event extends { type: string; data: unknown }, Recorded>(
  decider: Decider<State, Command, Context, Event, Recorded>,
): (history: readonly Recorded[]) => Given<State, Command, Context> {
  return (history) => {
    const state = history.reduce((before, event) => decider.evolve(before, event), decider.initial);
    return {
      state,
      when: (command, context) => outcomeOf(decider, { state, places: history.length }, command, context),
    };
  };
}

function outcomeOf<State, Command, Context, Event extends { type: string; data: unknown }, Recorded>(
  decider: Decider<State, Command, Context, Event, Recorded>,
  { state, places }: { state: State; places: number },
  command: Command,
  context: Context,
): Outcome<State> {
  const decision = decider.decide(command, state, context);
  return {
    then(expected) {
      expect(decision).toEqual({
        events: expected.map(({ type, data }) => ({ type, data: expect.objectContaining({ ...data }) })),
      });
      const events = 'events' in decision ? decision.events : [];
      expect(events.flatMap((event) => decider.faultsOf?.(event) ?? [])).toEqual([]);
      return events.reduce(
        (before, event, index) => decider.evolve(before, decider.record(event, context, places + index + 1)),
        state,
      );
    },
    thenRefused(code, details = {}) {
      expect(decision).toEqual({
        refused: expect.objectContaining({ code, details: expect.objectContaining({ ...details }) }),
      });
    },
  };
}
