import { describe, expect, it } from '@jest/globals';
import {
  at,
  commandOf,
  COMMUNE,
  contextOf,
  DISTRICT,
  directoryWith,
  given,
  happened,
  NEIGHBOUR,
  type Happened,
} from '../testing/dossier-samples.ts';
import type { ResultDocument } from './index.ts';

const submitted = happened('submitted');
const received = happened('received');
const resolved = happened('resolved');
const announced = happened('result-ready');
const noPapers = happened('resolved', { results: {} });
const atDistrict: readonly Happened[] = [
  received,
  happened('forwarded'),
  happened('custody-accepted', {}, { author: DISTRICT }),
];

describe('the end', () => {
  it('resolves, with the polarity and the papers', () => {
    const state = given(received)
      .when(commandOf('resolve'), contextOf())
      .then([{ type: 'resolved', data: { polarity: 'positive' } }]);
    expect(state).toMatchObject({
      situation: 'Resolved',
      facts: {
        ending: { how: 'resolved', at: at(60), agency: COMMUNE, polarity: 'positive' },
        result: { papers: { r1: { number: '56/2023' } } },
      },
    });
  });

  it('refuses and stops, by which text of which directory version', () => {
    const refused = given(received)
      .when(commandOf('refuse'), contextOf())
      .then([{ type: 'refused', data: { directoryVersion: '2023-06-01T00:00:00.000Z' } }]);
    expect(refused).toMatchObject({ situation: 'Refused', facts: { ending: { how: 'refused' } } });
    const stopped = given(received)
      .when(commandOf('stop'), contextOf())
      .then([{ type: 'stopped', data: { stage: 'in-process' } }]);
    expect(stopped).toMatchObject({ situation: 'Stopped', facts: { ending: { how: 'stopped' } } });
  });

  it.each([
    ['before-receipt', [submitted]],
    ['before-receipt', [submitted, happened('supplement-requested', { stage: 'before-receipt' })]],
    ['in-process', [received]],
    ['awaiting-supplement', [received, happened('supplement-requested', { stage: 'after-receipt' })]],
    ['awaiting-payment', [received, happened('fee-requested')]],
  ] as const)('says how far it had come: %s', (stage, history) => {
    const state = given(...history)
      .when(commandOf('withdraw'), contextOf())
      .then([{ type: 'withdrawn', data: { stage } }]);
    expect(state).toMatchObject({ situation: 'Withdrawn', facts: { ending: { how: 'withdrawn' } } });
  });

  it('is withdrawn at the desk while another agency has the dossier', () => {
    given(...atDistrict)
      .when(commandOf('withdraw'), contextOf({ requester: COMMUNE, writer: DISTRICT }))
      .then([{ type: 'withdrawn' }]);
  });

  it('comes once', () => {
    for (const command of ['resolve', 'refuse', 'stop', 'withdraw'] as const)
      given(received, resolved)
        .when(commandOf(command), contextOf())
        .thenRefused('COMMAND_NOT_ALLOWED', { situation: 'Resolved' });
  });
});

describe('the result', () => {
  const results = {
    r2: {
      code: 'KQ.1',
      number: '1',
      signedOn: '2023-06-15',
      signer: 'X',
      electronic: false,
    } as unknown as ResultDocument,
  };

  it('is ready with its papers, given now or with the decision', () => {
    const state = given(received, noPapers)
      .when(commandOf('mark-result-ready', { results }), contextOf())
      .then([{ type: 'result-ready', data: { polarity: 'positive', results } }]);
    expect(state).toMatchObject({
      situation: 'Resolved',
      facts: { result: { readyAt: at(60), papers: { r2: { number: '1' } } } },
    });
    given(received, resolved)
      .when(commandOf('mark-result-ready', { results: undefined as never }), contextOf({ opened: { results } }))
      .then([{ type: 'result-ready', data: { results } }]);
    given(received, resolved)
      .when(commandOf('mark-result-ready', { results: undefined as never }), contextOf())
      .thenRefused('RESULT_MISSING');
  });

  it('is sent and returned', () => {
    const sent = given(received, resolved, announced)
      .when(commandOf('dispatch-result'), contextOf())
      .then([{ type: 'result-dispatched' }]);
    expect(sent).toMatchObject({ situation: 'Resolved', facts: { result: { dispatchedAt: at(60) } } });
    const returned = given(received, resolved)
      .when(commandOf('return-result'), contextOf())
      .then([{ type: 'result-returned' }]);
    expect(returned).toMatchObject({
      situation: 'Returned',
      facts: { result: { returnedAt: at(60) }, ending: { how: 'resolved' } },
    });
  });

  it.each(['dispatch-result', 'return-result'] as const)('%s knows every paper it gives away', (command) => {
    given(received, noPapers)
      .when(commandOf(command), contextOf())
      .thenRefused('RESULT_MISSING', { missing: ['r1'] });
    given(received, noPapers)
      .when(commandOf(command, { papers: [] }), contextOf())
      .thenRefused('RESULT_MISSING');
    const negative = happened('resolved', { results: {}, polarity: 'negative' });
    given(received, negative, announced)
      .when(commandOf(command, { papers: [] }), contextOf())
      .then([{ type: command === 'return-result' ? 'result-returned' : 'result-dispatched' }]);
  });

  it.each(['dispatch-result', 'return-result'] as const)(
    '%s is the receiving one-stop unit’s, or its successor’s',
    (command) => {
      const history = [...atDistrict, happened('resolved', {}, { author: DISTRICT }), announced];
      given(...history)
        .when(commandOf(command), contextOf({ writer: DISTRICT }))
        .thenRefused('NOT_THE_RECEIVING_AGENCY', { receivingAgency: COMMUNE });
      const rehomed = happened('rehomed', { from: DISTRICT, to: NEIGHBOUR }, { author: 'H26' as never });
      const directory = directoryWith({ succeeds: (agency, before) => agency === NEIGHBOUR && before === COMMUNE });
      given(...history, rehomed)
        .when(commandOf(command), contextOf({ writer: NEIGHBOUR, directory }))
        .then([{}].map(() => ({ type: command === 'return-result' ? 'result-returned' : 'result-dispatched' })));
    },
  );

  it('follows the decision', () => {
    for (const command of ['mark-result-ready', 'dispatch-result', 'return-result'] as const) {
      given(received).when(commandOf(command), contextOf()).thenRefused('COMMAND_NOT_ALLOWED');
      given(received, resolved, happened('result-returned'))
        .when(commandOf(command), contextOf())
        .thenRefused('COMMAND_NOT_ALLOWED', { situation: 'Returned' });
    }
  });
});
