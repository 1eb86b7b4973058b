import { describe, expect, it } from '@jest/globals';
import {
  at,
  CITY,
  commandOf,
  COMMUNE,
  contextOf,
  DAY,
  DISTRICT,
  directoryWith,
  DUE,
  ENDED_AGENCY,
  given,
  happened,
  hashAt,
  later,
  NEIGHBOUR,
  proceduresWith,
  type Happened,
} from '../testing/dossier-samples.ts';
import type { DossierEventData } from './index.ts';

const received = happened('received');
const started = happened('processing-started');
const forwarded = happened('forwarded', {}, { time: at(10) });
const accepted = happened('custody-accepted', {}, { author: DISTRICT });
const atDistrict = [received, started, forwarded, accepted] as const;
const district = contextOf({ writer: DISTRICT });
const forward = (data: object) => commandOf('forward', data);

describe('forward', () => {
  it('opens a transfer with a deadline for the leg', () => {
    const state = given(received)
      .when(forward({ legDueAt: undefined }), contextOf())
      .then([
        {
          type: 'forwarded',
          data: { to: DISTRICT, reason: 'route', legDueAt: later(at(60), DAY), leadAgency: COMMUNE },
        },
      ]);
    expect(state).toMatchObject({
      situation: 'InTransit',
      leg: { from: COMMUNE, to: DISTRICT, dueAt: later(at(60), DAY), forwardedAt: at(60) },
      then: { situation: 'Received' },
      facts: { hand: { kind: 'transit', from: COMMUNE, to: DISTRICT } },
    });
  });

  it('takes the deadline of the command, of the route, of the dossier, in this order', () => {
    const procedures = proceduresWith({ legDue: () => undefined });
    given(received)
      .when(forward({ legDueAt: at(99) }), contextOf())
      .then([{ type: 'forwarded', data: { legDueAt: at(99) } }]);
    given(received)
      .when(forward({ legDueAt: undefined }), contextOf({ procedures }))
      .then([{ type: 'forwarded', data: { legDueAt: DUE } }]);
    const { dueAt: _dueAt, limit: _limit, ...unlimited } = received.event.data as DossierEventData['received'];
    given({ ...received, event: { type: 'received', data: unlimited } })
      .when(forward({ legDueAt: undefined }), contextOf({ procedures }))
      .thenRefused('DEADLINE_MISSING');
  });

  it.each([
    [
      { situation: 'AwaitingSupplement' },
      happened('supplement-requested', { stage: 'after-receipt' }, { time: at(5) }),
    ],
    [
      { situation: 'AwaitingPayment', clockStoppedAt: at(5) },
      happened('fee-requested', { clockEffect: 'stop' }, { time: at(5) }),
    ],
  ] as const)('remembers what it interrupts: %j', (then, waiting) => {
    const state = given(received, waiting, forwarded, accepted).state;
    expect(state).toMatchObject(then);
  });

  it('goes to another agency that exists', () => {
    given(received)
      .when(forward({ to: COMMUNE }), contextOf())
      .thenRefused('FORWARD_TO_SELF');
    given(received)
      .when(forward({ to: ENDED_AGENCY }), contextOf())
      .thenRefused('AGENCY_NOT_VALID', { agency: ENDED_AGENCY });
  });

  it('before receipt is only for the wrong door', () => {
    const submitted = happened('submitted');
    given(submitted)
      .when(forward({ reason: 'wrong-competence' }), contextOf())
      .then([{ type: 'forwarded' }]);
    given(submitted)
      .when(forward({ reason: 'route' }), contextOf())
      .thenRefused('FORWARD_REASON_NOT_ALLOWED', { reason: 'route' });
  });

  it('returns only to who had it, or continues who had it', () => {
    given(...atDistrict)
      .when(forward({ reason: 'return', to: COMMUNE }), district)
      .then([{ type: 'forwarded' }]);
    given(...atDistrict)
      .when(forward({ reason: 'return', to: NEIGHBOUR }), district)
      .thenRefused('RETURN_TO_STRANGER');
    const directory = directoryWith({ succeeds: (agency, before) => agency === NEIGHBOUR && before === COMMUNE });
    given(...atDistrict)
      .when(forward({ reason: 'return', to: NEIGHBOUR }), { ...district, directory })
      .then([{ type: 'forwarded' }]);
  });

  it.each(['resolved', 'refused', 'stopped', 'withdrawn'] as const)(
    'after %s goes back to the receiving one-stop unit',
    (end) => {
      const ended = [...atDistrict, happened(end, {}, { author: DISTRICT })];
      given(...ended)
        .when(forward({ reason: 'return', to: COMMUNE }), district)
        .then([{ type: 'forwarded', data: { reason: 'return' } }]);
      given(...ended)
        .when(forward({ reason: 'return', to: CITY }), district)
        .thenRefused('NOT_THE_RECEIVING_AGENCY');
      given(...ended)
        .when(forward({ reason: 'route', to: COMMUNE }), district)
        .thenRefused('FORWARD_REASON_NOT_ALLOWED');
      given(received, happened(end))
        .when(forward({ reason: 'return', to: DISTRICT }), contextOf())
        .thenRefused('COMMAND_NOT_ALLOWED');
    },
  );

  it('keeps due date, code and clock through any number of hands', () => {
    const before = given(received).state as { facts: object };
    const after = given(
      ...atDistrict,
      happened('forwarded', { to: CITY }, { author: DISTRICT }),
      happened('custody-accepted', { from: DISTRICT }, { author: CITY }),
    ).state;
    const { due, dossierCode, receivingAgency, clock } = before.facts as never;
    expect(after).toMatchObject({
      facts: { due, dossierCode, receivingAgency, clock, custodians: [COMMUNE, DISTRICT, CITY] },
    });
  });
});

describe('the answer', () => {
  const inTransit = [received, started, forwarded] as const;

  it('accepts, and the leg is the new custodian’s', () => {
    const state = given(...inTransit)
      .when(commandOf('accept-custody'), district)
      .then([{ type: 'custody-accepted', data: { from: COMMUNE } }]);
    expect(state).toMatchObject({
      situation: 'InProcess',
      facts: {
        hand: { kind: 'held', custodian: DISTRICT },
        leg: { acceptedAt: at(60) },
        custodians: [COMMUNE, DISTRICT],
      },
    });
  });

  it('waits for missing openings, and says which', () => {
    given(...inTransit)
      .when(commandOf('accept-custody'), { ...district, opened: { missing: [hashAt(1)] } })
      .thenRefused('OPENINGS_MISSING', { missing: [hashAt(1)] });
  });

  it('declines, and all is as before', () => {
    const before = given(received, started).state;
    const after = given(...inTransit)
      .when(commandOf('decline-custody'), district)
      .then([{ type: 'custody-declined', data: { from: COMMUNE, reason: 'wrong-competence' } }]);
    expect(after).toEqual({
      ...before,
      facts: { ...(before as { facts: object }).facts, head: hashAt(4), lastTime: at(60), lastRecordedTime: at(60) },
    });
  });

  it('is recalled by a command of the sender, which the agency named answers by declining', () => {
    const state = given(...inTransit)
      .when(commandOf('recall'), { ...district, requester: COMMUNE })
      .then([{ type: 'custody-declined', data: { from: COMMUNE, reason: 'recalled' } }]);
    expect(state).toMatchObject({ situation: 'InProcess', facts: { hand: { kind: 'held', custodian: COMMUNE } } });
    given(...inTransit)
      .when(commandOf('recall'), district)
      .thenRefused('NOT_A_PARTY');
    given(...atDistrict)
      .when(commandOf('recall'), { ...district, requester: COMMUNE })
      .thenRefused('COMMAND_NOT_ALLOWED');
  });

  it('is nobody else’s', () => {
    given(...inTransit)
      .when(commandOf('accept-custody'), contextOf())
      .thenRefused('NOT_THE_AGENCY_NAMED', { to: DISTRICT });
    given(...inTransit)
      .when(commandOf('accept-custody'), { ...district, requester: COMMUNE })
      .thenRefused('NOT_THE_AGENCY_NAMED');
    given(...inTransit)
      .when(commandOf('decline-custody'), contextOf({ writer: CITY }))
      .thenRefused('NOT_THE_AGENCY_NAMED');
    given(...inTransit)
      .when(commandOf('withdraw'), contextOf())
      .thenRefused('DOSSIER_IN_TRANSIT', { from: COMMUNE, to: DISTRICT });
    given(received).when(commandOf('accept-custody'), contextOf()).thenRefused('COMMAND_NOT_ALLOWED');
  });
});

describe('the way out', () => {
  const released: readonly Happened[] = [...atDistrict, happened('custody-released', {}, { author: DISTRICT })];
  const rehomer = contextOf({ writer: CITY });

  it('is released by the custodian, when the directory names who may take it up', () => {
    const state = given(...atDistrict)
      .when(commandOf('release-custody'), district)
      .then([{ type: 'custody-released' }]);
    expect(state).toMatchObject({
      situation: 'Released',
      then: { situation: 'InProcess' },
      facts: { hand: { kind: 'released', by: DISTRICT } },
    });
    given(...atDistrict)
      .when(commandOf('release-custody'), { ...district, directory: directoryWith({ findRehomer: () => undefined }) })
      .thenRefused('NO_REHOMER', { agency: DISTRICT });
  });

  it('allows nothing but rehoming', () => {
    given(...released)
      .when(commandOf('resolve'), district)
      .thenRefused('DOSSIER_RELEASED', { by: DISTRICT });
  });

  it.each([
    ['released', released],
    ['in transit', [received, started, forwarded]],
    ['held', atDistrict],
  ] as const)('is rehomed by the rehomer while %s', (_how, history) => {
    const state = given(...history)
      .when(commandOf('rehome', { to: NEIGHBOUR }), rehomer)
      .then([
        { type: 'rehomed', data: { from: DISTRICT, to: NEIGHBOUR, directoryVersion: '2023-06-01T00:00:00.000Z' } },
      ]);
    expect(state).toMatchObject({ situation: 'InProcess', facts: { hand: { kind: 'held', custodian: NEIGHBOUR } } });
    expect(state).not.toHaveProperty('facts.leg');
  });

  it('may end a fork by naming the same agency', () => {
    given(...atDistrict)
      .when(commandOf('rehome', { to: DISTRICT }), rehomer)
      .then([{ type: 'rehomed', data: { to: DISTRICT } }]);
  });

  it('is rehomed to an agency that exists, by nobody but the rehomer', () => {
    given(...released)
      .when(commandOf('rehome', { to: ENDED_AGENCY }), rehomer)
      .thenRefused('AGENCY_NOT_VALID');
    given(...released)
      .when(commandOf('rehome'), district)
      .thenRefused('NOT_THE_REHOMER', { agency: DISTRICT });
    given(...released)
      .when(commandOf('rehome'), { ...rehomer, requester: DISTRICT })
      .thenRefused('NOT_THE_REHOMER');
  });
});
