import { describe, it } from '@jest/globals';
import {
  CITY,
  commandOf,
  COMMUNE,
  contextOf,
  directoryWith,
  DISTRICT,
  given,
  happened,
  hashAt,
  NEIGHBOUR,
  STRANGER,
} from '../testing/dossier-samples.ts';
import type { DecisionContext } from './index.ts';

const received = happened('received');
const started = happened('processing-started');
const asked = happened('opinion-requested', { request: 'o1', kind: 'opinion', agency: NEIGHBOUR });
const EVENT = hashAt(70);
const taking = (type: string, more: Partial<DecisionContext> = {}): DecisionContext =>
  contextOf({ takesOver: EVENT, findEvent: () => ({ on: 'superseded', type, answered: false }), ...more });

describe('a superseded event', () => {
  it('is taken over by the ordinary command of the custodian', () => {
    given(received)
      .when(commandOf('start-processing'), taking('processing-started'))
      .then([{ type: 'processing-started' }]);
  });

  it('is taken over by an event of its own type and no other', () => {
    given(received)
      .when(commandOf('start-processing'), taking('step-assigned'))
      .thenRefused('EVENT_OF_ANOTHER_TYPE', { type: 'step-assigned', decided: ['processing-started'] });
    given(received, started).when(commandOf('finish-task'), taking('blessed')).thenRefused('OPINION_UNKNOWN');
  });

  it('is known, superseded, and not answered; said whatever the dossier has come to', () => {
    const command = commandOf('start-processing');
    for (const history of [[received], [received, happened('withdrawn')]]) {
      given(...history)
        .when(command, taking('processing-started', { findEvent: () => undefined }))
        .thenRefused('EVENT_UNKNOWN', { event: EVENT });
      given(...history)
        .when(command, taking('processing-started', { findEvent: () => ({ on: 'main' }) }))
        .thenRefused('EVENT_NOT_SUPERSEDED', { event: EVENT });
      given(...history)
        .when(command, taking('', { findEvent: () => ({ on: 'superseded', type: '', answered: true }) }))
        .thenRefused('ALREADY_CORRECTED', { event: EVENT });
    }
  });

  it('is taken over by nobody but the custodian', () => {
    given(received)
      .when(commandOf('withdraw'), taking('withdrawn', { requester: CITY }))
      .thenRefused('NOT_CUSTODIAN', { agency: CITY, custodian: COMMUNE });
    given(received)
      .when(commandOf('withdraw'), taking('withdrawn', { requester: STRANGER }))
      .thenRefused('NOT_A_PARTY', { agency: STRANGER });
    given(received, happened('forwarded', { to: DISTRICT }))
      .when(commandOf('accept-custody'), taking('custody-accepted', { writer: DISTRICT, opened: { missing: [] } }))
      .thenRefused('NOT_CUSTODIAN', { agency: DISTRICT });
    given(received)
      .when(commandOf('rehome', { to: DISTRICT }), taking('rehomed', { writer: CITY }))
      .thenRefused('NOT_CUSTODIAN', { agency: CITY });
  });

  it('that wrote down what another agency said is taken over by the custodian, who has it before it', () => {
    const opinion = commandOf('give-opinion', { request: 'o1' });
    given(received, started, asked).when(opinion, contextOf()).thenRefused('NOT_THE_AGENCY_ASKED');
    given(received, started, asked)
      .when(opinion, taking('opinion-given', { directory: directoryWith({ hasNode: () => true }) }))
      .then([{ type: 'opinion-given', data: { agency: NEIGHBOUR } }]);
  });
});
