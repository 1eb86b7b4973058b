import { describe, expect, it } from '@jest/globals';
import {
  at,
  commandOf,
  contextOf,
  DISTRICT,
  given,
  happened,
  recordedHistory,
  validators,
} from '../testing/dossier-samples.ts';
import { decide, evolve, fold, initialState, NotUnderstood, type RecordedEvent } from './index.ts';

/** Labels by their grammar, and members of every object of the language. */
const LABEL = 'constructor';

describe('a label that every object has as a member', () => {
  const received = happened('received');
  const resolved = happened('resolved');

  it('names no result paper that nobody recorded', () => {
    given(received, resolved)
      .when(commandOf('return-result', { papers: [LABEL] }), contextOf())
      .thenRefused('RESULT_MISSING');
  });

  it('names no petition that nobody filed', () => {
    given(received, resolved)
      .when(commandOf('answer-petition', { petition: LABEL }), contextOf())
      .thenRefused('PETITION_UNKNOWN');
  });

  it('names no financial obligation that nobody asked for', () => {
    given(received)
      .when(commandOf('waive-fee', { obligation: LABEL, extent: 'full', remaining: 0 }), contextOf())
      .thenRefused('FEE_NOT_REQUESTED');
  });

  it('names no opinion that nobody asked for', () => {
    given(received)
      .when(commandOf('mark-opinion-overdue', { request: LABEL }), contextOf())
      .thenRefused('OPINION_UNKNOWN');
  });

  it('may be given to an opinion like any other', () => {
    const command = commandOf('request-opinion', { request: LABEL, agency: DISTRICT, dueAt: at(5000) });
    const { state } = fold(recordedHistory([received]));
    expect(validators.validateOpen('command', 'request-opinion', 1, command.data as never)).toEqual([]);
    expect(decide(command, state, contextOf())).toHaveProperty('events');
  });

  it('is no event that the fold understands', () => {
    const event = { type: LABEL, data: {} } as unknown as RecordedEvent;
    expect(() => evolve(initialState, event)).toThrow(NotUnderstood);
  });
});
