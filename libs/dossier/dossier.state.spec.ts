import { describe, expect, it } from '@jest/globals';
import { agencySource, handAfter, type Hand } from '#libs/kernel';
import { allContracts, personalPointers } from '#libs/contracts';
import {
  at,
  COMMUNE,
  DISTRICT,
  given,
  happened,
  hashAt,
  recordedHistory,
  type Happened,
} from '../testing/dossier-samples.ts';
import {
  DOSSIER_EVENT_NAMES,
  evolve,
  fold,
  initialState,
  NotUnderstood,
  SITUATIONS_OF_EVENT,
  SITUATION_KEYS,
  situationKey,
  type DossierEventName,
} from './index.ts';

const received = happened('received');
const history: readonly Happened[] = [
  received,
  happened('forwarded'),
  happened('custody-accepted', {}, { author: DISTRICT }),
  happened('processing-started', {}, { author: DISTRICT }),
  happened('resolved', {}, { author: DISTRICT }),
  happened('forwarded', { to: COMMUNE, reason: 'return' }, { author: DISTRICT }),
  happened('custody-accepted', { from: DISTRICT }),
  happened('result-ready'),
  happened('result-returned'),
];

describe('the fold', () => {
  it('tells the story of a dossier over two levels', () => {
    const { state, applied, parked } = fold(recordedHistory(history));
    expect({ applied, parked }).toEqual({ applied: 9, parked: undefined });
    expect(state).toMatchObject({
      situation: 'Returned',
      facts: {
        hand: { kind: 'held', custodian: COMMUNE },
        custodians: [COMMUNE, DISTRICT],
        head: hashAt(9),
        receivedAt: at(0),
      },
    });
  });

  it('goes on where it stood', () => {
    const events = recordedHistory(history);
    const half = fold(events.slice(0, 4));
    expect(fold(events.slice(4), half.state).state).toEqual(fold(events).state);
  });

  it('stops before what it does not understand, and keeps what it has', () => {
    const events = recordedHistory([received, happened('result-returned'), happened('withdrawn')]);
    const { state, applied, parked } = fold(events);
    expect(applied).toBe(1);
    expect(parked).toBeInstanceOf(NotUnderstood);
    expect(parked).toMatchObject({
      code: 'NOT_UNDERSTOOD',
      details: { type: 'result-returned', situation: 'Received' },
    });
    expect(state).toEqual(fold(events.slice(0, 1)).state);
  });

  it('passes on any other error', () => {
    const broken = { ...recordedHistory([received])[0], data: undefined } as never;
    expect(() => fold([broken])).toThrow(TypeError);
  });

  it('does not understand a type that it does not know', () => {
    const unknown = { ...recordedHistory([received])[0], type: 'result-notarised' } as never;
    expect(() => evolve(given(received).state, unknown)).toThrow(NotUnderstood);
    expect(() => evolve(initialState, unknown)).toThrow(NotUnderstood);
  });

  it('takes payments and opinions that nobody asked for: others may order things otherwise', () => {
    const facts = given(
      received,
      happened('fee-paid'),
      happened('fee-waived', { obligation: 'f2' }),
      happened('opinion-given'),
      happened('opinion-overdue', { request: 'o2' }),
      happened('identity-confirmed'),
      happened('petition-answered'),
    ).state;
    expect(facts).toMatchObject({
      situation: 'Received',
      facts: { obligations: { f1: { amount: 8000, settled: { how: 'paid' } }, f2: {} }, opinions: { o1: {}, o2: {} } },
    });
  });
});

describe('every event', () => {
  /** Some way into a situation that provides for it. */
  const WAYS: Partial<Record<DossierEventName, readonly Happened[]>> = {
    submitted: [],
    received: [],
    'intake-refused': [happened('submitted')],
    'supplement-provided': [received, happened('supplement-requested', { stage: 'after-receipt' })],
    'custody-accepted': [received, happened('forwarded')],
    'custody-declined': [received, happened('forwarded')],
    'result-ready': [received, happened('resolved')],
    'result-dispatched': [received, happened('resolved')],
    'result-returned': [received, happened('resolved')],
    'satisfaction-rated': [received, happened('withdrawn')],
  };
  const personal = personalValues();

  it.each(DOSSIER_EVENT_NAMES)('%s leaves no personal value in the state', (type) => {
    const state = given(...(WAYS[type] ?? [received]), happened(type)).state;
    const text = JSON.stringify(state);
    for (const value of personal) expect(text).not.toContain(value);
  });

  it.each(DOSSIER_EVENT_NAMES)('%s moves the hand as the border says', (type) => {
    const events = recordedHistory([...(WAYS[type] ?? [received]), happened(type)]);
    const { state } = fold(events);
    const hand = events.reduce<Hand | undefined>(
      (before, event) => handAfter(before, event.type, event.author, (event.data as { to?: typeof COMMUNE }).to),
      undefined,
    );
    expect(state).toMatchObject({ facts: { hand, head: hashAt(events.length) } });
  });

  it('is provided for in some situations and in no others', () => {
    for (const type of DOSSIER_EVENT_NAMES)
      for (const key of SITUATIONS_OF_EVENT[type]) expect(SITUATION_KEYS).toContain(key);
    expect(situationKey(initialState)).toBe('NotFiled');
    expect(agencySource(COMMUNE)).toBe('urn:lienthong:agency:H26.129.05');
  });
});

/** Strings at the personal pointers of the examples of dossier events. */
function personalValues(): readonly string[] {
  const values = allContracts()
    .filter(({ kind }) => kind === 'dossier')
    .flatMap(({ kind, name, major, example }) =>
      personalPointers(kind, name, major).flatMap(({ pointer }) => valuesAt(example, pointer.split('/').slice(1))),
    );
  // The commune of an address is also the territory of the place, which stands in clear.
  return [...new Set(values)].filter((value) => value.length > 3 && value !== '00565');
}
function valuesAt(value: unknown, [member, ...rest]: readonly string[]): readonly string[] {
  if (member === undefined) return leaves(value);
  if (typeof value !== 'object' || value === null) return [];
  const members = member === '*' ? Object.values(value) : [(value as Record<string, unknown>)[member]];
  return members.flatMap((inner) => valuesAt(inner, rest));
}
function leaves(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [];
}
