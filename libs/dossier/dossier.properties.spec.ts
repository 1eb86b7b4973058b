/** Random dossiers: many commands by many agencies, possible and impossible ones, with the clock going on. */
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { agencyInHand, type AgencyCode, type JsonObject } from '#libs/kernel';
import {
  at,
  CITY,
  commandOf,
  COMMUNE,
  contextOf,
  DAY,
  deadlines,
  DISTRICT,
  happened,
  later,
  NEIGHBOUR,
  POPULATION,
  PORTAL,
  proceduresWith,
  recordedEvent,
  recordedHistory,
  STRANGER,
  validators,
} from '../testing/dossier-samples.ts';
import {
  allowedCommands,
  COMMAND_TABLE,
  COMMON_REFUSALS,
  decide,
  DOSSIER_COMMAND_NAMES,
  DOSSIER_EVENT_NAMES,
  evolve,
  fold,
  initialState,
  isClosed,
  NotUnderstood,
  REFUSAL_CODES,
  SITUATION_KEYS,
  situationKey,
  type DecisionContext,
  type DossierCommandName,
  type DossierState,
  type RecordedEvent,
  type SituationName,
} from './index.ts';

const AGENCIES = [COMMUNE, NEIGHBOUR, DISTRICT, CITY, PORTAL, POPULATION, STRANGER] as const;
const label = fc.constantFrom('a', 'b');
const agency = fc.constantFrom(...AGENCIES);
const minutes = fc.integer({ min: 1, max: 3000 });

/** What a command may say besides its example; a member that the command has not is left out. */
const SAID = fc.record({
  receiveAtOnce: fc.boolean(),
  channel: fc.constantFrom('direct', 'online'),
  complete: fc.boolean(),
  clockEffect: fc.constantFrom('stop', 'run'),
  obligation: label,
  request: label,
  kind: fc.constantFrom('opinion', 'task'),
  agency,
  to: agency,
  reason: fc.constantFrom('route', 'wrong-competence', 'return'),
  petition: label,
  outcome: fc.constantFrom('more-asked', 'solved'),
  relation: fc.constantFrom('interlinked', 'follows'),
  components: fc.constantFrom('a', 'b').map((code) => ({
    [code]: { form: 'paper', digitised: true, reused: false, fromPersonalStore: false },
  })),
  added: fc.constantFrom('a', 'b').map((code) => ({
    [code]: { form: 'paper', digitised: false, reused: false, fromPersonalStore: false },
  })),
  check: fc.constantFrom('01890b2c-6a3b-7c11-8f3e-0242ac120010', '01890b2c-6a3b-7c11-8f3e-0242ac120011'),
  answer: fc.constantFrom(
    { result: 'confirmed', checked: ['personal-id'] },
    { result: 'not-confirmed', finding: 'not-found' },
    { result: 'failed', reason: 'unavailable' },
  ),
  dueInMinutes: minutes,
});
type Said = typeof SAID extends fc.Arbitrary<infer T> ? T : never;

/** Whole data for the commands whose members bear other names. */
const saidOf = (name: DossierCommandName, said: Said): object => {
  switch (name) {
    case 'add-component':
      return { components: said.added };
    case 'request-identity-check':
      return { request: said.check };
    case 'record-identity-check':
      return { request: said.check, ...said.answer };
    default:
      return Object.fromEntries((MEMBERS[name] ?? []).map((member) => [member, said[member]]));
  }
};
const MEMBERS: Partial<Record<DossierCommandName, readonly (keyof Said)[]>> = {
  'digitise-component': ['components'],
  'file-dossier': ['receiveAtOnce', 'channel'],
  'provide-supplement': ['complete'],
  'request-fee': ['obligation', 'clockEffect'],
  'record-payment': ['obligation'],
  'waive-fee': ['obligation'],
  'request-opinion': ['request', 'kind', 'agency'],
  'give-opinion': ['request'],
  'finish-task': ['request'],
  'mark-opinion-overdue': ['request'],
  forward: ['to', 'reason'],
  rehome: ['to'],
  'file-petition': ['petition'],
  'answer-petition': ['petition', 'outcome'],
  link: ['relation'],
};
/** Deadlines that a command names, as far in the future as chance says. */
const DUE_MEMBERS: Partial<Record<DossierCommandName, string>> = {
  'request-opinion': 'dueAt',
  'extend-due-date': 'dueAt',
  'request-supplement': 'applicantDueAt',
};

const rarely = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: value });
/** Ends are rare, or every dossier would be over after three steps. */
const ENDS: readonly DossierCommandName[] = ['refuse-intake', 'resolve', 'refuse', 'stop', 'withdraw', 'return-result'];
const STEP = fc.record({
  end: fc.integer({ min: 0, max: 9 }).map((n) => n < 2),
  /** Of the commands allowed, or of all. */
  possible: fc.integer({ min: 0, max: 9 }).map((n) => n < 8),
  pick: fc.nat(),
  said: SAID,
  pause: minutes,
  writer: rarely(agency),
  requester: rarely(agency),
  missing: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
});
type Step = typeof STEP extends fc.Arbitrary<infer T> ? T : never;
const STEPS = fc.array(STEP, { minLength: 1, maxLength: 60, size: 'max' });
const RULES = fc.constantFrom('restart', 'stop-and-subtract');

const inHand = (state: DossierState): AgencyCode =>
  state.situation === 'NotFiled' ? COMMUNE : agencyInHand(state.facts.hand);
const restingOf = (state: DossierState): SituationName =>
  state.situation === 'InTransit' || state.situation === 'Released' ? state.then.situation : state.situation;

function commandFor({ possible, pick, said, pause, end }: Step, state: DossierState, now: ReturnType<typeof at>) {
  const names = (possible ? allowedCommands(state) : DOSSIER_COMMAND_NAMES).filter(
    (name) => end || !ENDS.includes(name),
  );
  const name = names[pick % names.length] as DossierCommandName;
  const members = saidOf(name, said);
  const due = DUE_MEMBERS[name];
  return commandOf(name, {
    ...members,
    ...(due === undefined ? {} : { [due]: later(now, (said.dueInMinutes - pause / 9) * 60_000) }),
  });
}

function contextFor(step: Step, state: DossierState, command: DossierCommandName, given: Partial<DecisionContext>) {
  const usual = command === 'rehome' ? CITY : inHand(state);
  const writer = step.writer ?? usual;
  const sender = state.situation === 'InTransit' && command === 'recall' ? state.leg.from : usual;
  const adapter = command === 'record-identity-check' ? POPULATION : undefined;
  const asked = command === 'give-opinion' || command === 'finish-task' ? DISTRICT : undefined;
  const requester = step.requester ?? adapter ?? asked ?? (step.writer === null ? sender : writer);
  const { opened } = contextOf();
  const retention = { erasableFrom: (endedAt: typeof given.now & string) => later(endedAt, DAY) };
  return contextOf({
    ...given,
    retention,
    writer,
    requester,
    opened: { ...opened, missing: step.missing ? ['x' as never] : [] },
  });
}

interface Turn {
  readonly before: DossierState;
  readonly after: DossierState;
  readonly command: DossierCommandName;
  readonly context: DecisionContext;
  readonly decision: ReturnType<typeof decide>;
  readonly recorded: readonly RecordedEvent[];
}
/** Plays the steps; each turn holds what was decided and what became of it. */
function play(steps: readonly Step[], rule: 'restart' | 'stop-and-subtract'): readonly Turn[] {
  // Under such a procedure a payment may stop the clock or leave it running.
  const procedures = proceduresWith({ clock: { ...deadlines.clock, rule }, paymentClockEffect: 'stop' });
  let [state, now, place]: [DossierState, ReturnType<typeof at>, number] = [initialState, at(0), 0];
  return steps.map((step) => {
    now = later(now, step.pause * 60_000);
    const before = state;
    const command = commandFor(step, before, now);
    const context = contextFor(step, before, command.type, { now, procedures });
    const decision = decide(command, before, context);
    const recorded =
      'events' in decision
        ? decision.events.map((event) => recordedEvent(event, { author: context.writer, time: now, place: ++place }))
        : [];
    state = recorded.reduce<DossierState>(evolve, before);
    return { before, after: state, command: command.type, context, decision, recorded };
  });
}
const everyDossier = (check: (turns: readonly Turn[]) => void) =>
  fc.assert(
    fc.property(STEPS, RULES, (steps, rule) => check(play(steps, rule))),
    { numRuns: 60 },
  );
const eventsOf = (turns: readonly Turn[]) => turns.flatMap(({ recorded }) => recorded);

describe('any dossier', () => {
  it('folds to the same state at once and event by event', () => {
    everyDossier((turns) => {
      const { state, parked } = fold(eventsOf(turns));
      expect(parked).toBeUndefined();
      expect(state).toEqual(turns.at(-1)?.after);
    });
  });

  it('is decided into events that the table foresees and the published contracts allow', () => {
    everyDossier((turns) => {
      for (const { command, decision } of turns) {
        if (!('events' in decision)) continue;
        const row = COMMAND_TABLE[command];
        const [first, ...then] = decision.events;
        expect(row.events).toContain(first?.type);
        for (const { type } of then) expect(row.then ?? []).toContain(type);
        for (const { type, data } of decision.events)
          expect(validators.validateOpen('dossier', type, 1, data as unknown as JsonObject)).toEqual([]);
      }
    });
  });

  it('is refused by codes that the table names, and offered only what its situation allows', () => {
    everyDossier((turns) => {
      for (const { before, command, decision } of turns) {
        if (!('refused' in decision)) continue;
        const { code, allowed, message } = decision.refused;
        expect([...COMMON_REFUSALS, ...COMMAND_TABLE[command].refusals]).toContain(code);
        expect(allowedCommands(before)).toEqual(expect.arrayContaining([...allowed]));
        expect(message.vi + message.en).not.toMatch(/[{}]|undefined/);
      }
    });
  });

  it('is in exactly one hand, and only that hand writes', () => {
    everyDossier((turns) => {
      for (const { before, after, recorded, context } of turns) {
        if (recorded.length === 0) {
          expect(after).toBe(before);
          continue;
        }
        if (before.situation === 'NotFiled') expect(context.writer).toBe(COMMUNE);
        else if (recorded[0]?.type === 'rehomed') expect(context.writer).toBe(CITY);
        else expect(context.writer).toBe(agencyInHand(before.facts.hand));
        if (after.situation === 'NotFiled') throw new Error('events, and not filed');
        const { hand, custodians } = after.facts;
        expect(hand.kind).toBe(
          after.situation === 'InTransit' ? 'transit' : after.situation === 'Released' ? 'released' : 'held',
        );
        if (hand.kind === 'held') expect(custodians).toContain(hand.custodian);
      }
    });
  });

  it('once closed stays closed', () => {
    everyDossier((turns) => {
      for (const { before, after } of turns) {
        const [was, is] = [restingOf(before), restingOf(after)];
        if (isClosed(was)) expect(is).toBe(was);
        if (was === 'Resolved') expect(['Resolved', 'Returned']).toContain(is);
        if (was !== 'NotFiled') expect(is).not.toBe('NotFiled');
      }
    });
  });

  it('keeps its code, its receiving agency and its one extension', () => {
    everyDossier((turns) => {
      for (const { before, after } of turns) {
        if (before.situation === 'NotFiled' || after.situation === 'NotFiled' || before.facts.receivedAt === undefined)
          continue;
        expect(after.facts.dossierCode).toBe(before.facts.dossierCode);
        expect(after.facts.receivingAgency).toBe(before.facts.receivingAgency);
        expect(after.facts.filedWith).toBe(COMMUNE);
      }
      expect(eventsOf(turns).filter(({ type }) => type === 'due-date-extended').length).toBeLessThanOrEqual(1);
    });
  });

  it('counts its due date by the one rule it was received under', () => {
    everyDossier((turns) => {
      const events = eventsOf(turns);
      const receipt = events.find((event) => event.type === 'received');
      for (const event of events) {
        if (event.type !== 'due-date-recomputed' && event.type !== 'due-date-extended') continue;
        expect(event.data.clock.rule).toBe(receipt?.data.clock.rule);
        if (event.type === 'due-date-extended') expect(event.data.dueAt > event.data.previousDueAt).toBe(true);
      }
    });
  });
});

/** Refusals that wait for data or a context which these dossiers never have; the deciders' own specs bring them about. */
const NEED_SPECIAL_DATA: ReadonlySet<string> = new Set([
  ...['EXPIRED', 'TIME_IN_FUTURE', 'TIME_BEFORE_REQUEST', 'STALE', 'TOO_MANY_HOPS', 'ROLE_NOT_ALLOWED', 'INVALID'],
  ...['PROCEDURE_UNKNOWN', 'PROCEDURE_CASE_UNKNOWN', 'AGENCY_NOT_VALID', 'TERRITORY_UNKNOWN', 'NO_REHOMER'],
  ...['AMOUNT_DIFFERS', 'DEADLINE_MISSING', 'NO_DUE_DATE', 'RESULT_MISSING', 'LINK_TO_SELF'],
  ...['COMPONENTS_MISSING', 'RESULT_NOT_ANNOUNCED', 'RULE_NOT_IN_FORCE'],
  ...['EVENT_UNKNOWN', 'EVENT_NOT_SUPERSEDED', 'EVENT_SUPERSEDED', 'ALREADY_CORRECTED', 'EVENT_OF_ANOTHER_TYPE'],
]);

describe('the dossiers tried', () => {
  it('meet every event, every situation, and every code that chance can bring about', () => {
    const turns = fc
      .sample(fc.tuple(STEPS, RULES), { numRuns: 300, seed: 20230614 })
      .flatMap(([steps, rule]) => play(steps, rule));
    const types = new Set(eventsOf(turns).map(({ type }) => type));
    expect(DOSSIER_EVENT_NAMES.filter((name) => !types.has(name))).toEqual([]);
    const keys = new Set(turns.map(({ after }) => situationKey(after)));
    expect(SITUATION_KEYS.filter((key) => !keys.has(key))).toEqual([]);
    const codes = new Set(turns.map(({ decision }) => ('refused' in decision ? decision.refused.code : undefined)));
    expect(REFUSAL_CODES.filter((code) => !codes.has(code) && !NEED_SPECIAL_DATA.has(code))).toEqual([]);
  });
});

describe('any order of events', () => {
  const anyEvent = fc.tuple(fc.constantFrom(...DOSSIER_EVENT_NAMES), agency);
  it('is understood or refused as not understood, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 30 }), (events) => {
        const history = recordedHistory(events.map(([type, author]) => happened(type, {}, { author })));
        let state: DossierState = initialState;
        for (const event of history) {
          try {
            state = evolve(state, event);
          } catch (error) {
            expect(error).toBeInstanceOf(NotUnderstood);
          }
        }
        const { applied, parked } = fold(history);
        expect(parked === undefined).toBe(applied === history.length);
      }),
      { numRuns: 300 },
    );
  });
});
