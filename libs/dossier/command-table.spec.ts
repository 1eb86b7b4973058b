import { describe, expect, it } from '@jest/globals';
import { agencyInHand } from '#libs/kernel';
import {
  CITY,
  commandOf,
  contextOf,
  COMMUNE,
  DISTRICT,
  given,
  happened,
  type Happened,
} from '../testing/dossier-samples.ts';
import {
  allowedCommands,
  COMMAND_TABLE,
  COMMON_REFUSALS,
  decide,
  DOSSIER_COMMAND_NAMES,
  DOSSIER_EVENT_NAMES,
  REFUSAL_CODES,
  SITUATION_KEYS,
  SITUATIONS_OF_EVENT,
  situationKey,
  type DossierCommandName,
  type DossierState,
  type SituationKey,
} from './index.ts';

const submitted = happened('submitted');
const received = happened('received');
const started = happened('processing-started');
const forwarded = happened('forwarded');
/** A shortest way to each row of the tables. */
const WAYS: Readonly<Record<SituationKey, readonly Happened[]>> = {
  NotFiled: [],
  Submitted: [submitted],
  'AwaitingSupplement/before-receipt': [submitted, happened('supplement-requested', { stage: 'before-receipt' })],
  'AwaitingPayment/before-receipt': [submitted, happened('fee-requested')],
  IntakeRefused: [submitted, happened('intake-refused')],
  Received: [received],
  InProcess: [received, started],
  'AwaitingSupplement/after-receipt': [received, happened('supplement-requested', { stage: 'after-receipt' })],
  'AwaitingPayment/clock-runs': [received, happened('fee-requested', { clockEffect: 'run' })],
  'AwaitingPayment/clock-stopped': [received, happened('fee-requested', { clockEffect: 'stop' })],
  Resolved: [received, happened('resolved')],
  Refused: [received, happened('refused')],
  Stopped: [received, happened('stopped')],
  Withdrawn: [received, happened('withdrawn')],
  Returned: [received, happened('resolved'), happened('result-returned')],
  InTransit: [received, forwarded],
  Released: [received, happened('custody-released')],
};
/** The same, with the dossier in the hand of the district, so that the end can still go home. */
const ELSEWHERE = ['Resolved', 'Refused', 'Stopped', 'Withdrawn'] as const;
const atDistrict = (key: (typeof ELSEWHERE)[number]): readonly Happened[] => [
  received,
  forwarded,
  happened('custody-accepted', {}, { author: DISTRICT }),
  happened(
    key === 'Resolved' ? 'resolved' : key === 'Refused' ? 'refused' : key === 'Stopped' ? 'stopped' : 'withdrawn',
    {},
    { author: DISTRICT },
  ),
];
const ABOUT_THE_SITUATION = [
  'COMMAND_NOT_ALLOWED',
  'SUPPLEMENT_NOT_OPEN',
  'DOSSIER_UNKNOWN',
  'DOSSIER_EXISTS',
  'DOSSIER_IN_TRANSIT',
  'DOSSIER_RELEASED',
];

/** Asked by whoever is in the best place to: what is then refused for the situation is refused to everybody. */
function codeOf(command: DossierCommandName, state: DossierState): string | undefined {
  const inHand = state.situation === 'NotFiled' ? COMMUNE : agencyInHand(state.facts.hand);
  const writer = command === 'rehome' ? CITY : inHand;
  const requester = command === 'recall' ? COMMUNE : writer;
  const decision = decide(commandOf(command), state, contextOf({ writer, requester }));
  return 'refused' in decision ? decision.refused.code : undefined;
}

describe('the command table', () => {
  const cases = [
    ...SITUATION_KEYS.map((key) => [key, given(...WAYS[key]).state] as const),
    ...ELSEWHERE.map((key) => [`${key} at the district`, given(...atDistrict(key)).state] as const),
  ];

  it.each(cases)('decide and allowedCommands agree on %s', (key, state) => {
    expect(String(key).startsWith(situationKey(state))).toBe(true);
    const allowed = allowedCommands(state);
    const refused = DOSSIER_COMMAND_NAMES.filter((command) =>
      ABOUT_THE_SITUATION.includes(codeOf(command, state) ?? ''),
    );
    expect(refused).toEqual(DOSSIER_COMMAND_NAMES.filter((command) => !allowed.includes(command)));
  });

  it('offers something in every situation, and everything somewhere', () => {
    for (const [, state] of cases) expect(allowedCommands(state).length).toBeGreaterThan(0);
    for (const command of DOSSIER_COMMAND_NAMES)
      expect(cases.some(([, state]) => allowedCommands(state).includes(command))).toBe(true);
  });

  it.each(cases)('what an agency is offered in %s it may ask for', (_key, state) => {
    const { dossier, directory } = contextOf();
    for (const agency of [COMMUNE, DISTRICT, CITY])
      for (const command of allowedCommands(state, { agency, dossier, directory }))
        expect(['NOT_A_PARTY', ...ABOUT_THE_SITUATION]).not.toContain(codeOf(command, state) ?? '');
  });

  it('leads to every event, from somewhere', () => {
    const led = new Set(Object.values(COMMAND_TABLE).flatMap((row) => [...row.events, ...(row.then ?? [])]));
    expect([...led].sort()).toEqual([...DOSSIER_EVENT_NAMES].sort());
    for (const event of DOSSIER_EVENT_NAMES) expect(SITUATIONS_OF_EVENT[event].length).toBeGreaterThan(0);
  });

  it('names codes that exist, each where it belongs', () => {
    const named = new Set<string>(Object.values(COMMAND_TABLE).flatMap((row) => row.refusals));
    for (const code of named) expect(COMMON_REFUSALS).not.toContain(code);
    // What is left is answered by the application before the decider is asked.
    const elsewhere = REFUSAL_CODES.filter(
      (code) => !named.has(code) && !(COMMON_REFUSALS as readonly string[]).includes(code),
    );
    expect(elsewhere).toEqual(['TOO_MANY_HOPS']);
  });
});
