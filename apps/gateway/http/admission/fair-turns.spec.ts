import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DomainError } from '#libs/kernel';
import { FairTurns, type Place } from './fair-turns.ts';

const LIMITS = { inside: 256, working: 2, aside: 1 };

function turnsWith(limits = LIMITS) {
  const clock = { now: 0 };
  const turns = new FairTurns(limits, () => clock.now);
  const order: string[] = [];
  const working: Place[] = [];
  const enter = (party: string): Place => {
    const place = turns.enter(party);
    place.turn().then(
      () => {
        order.push(party);
        working.push(place);
      },
      () => undefined,
    );
    return place;
  };
  /** One of those worked on ends. */
  const endOne = async (): Promise<void> => {
    await settled();
    working.shift()?.done();
    await settled();
  };
  return { clock, turns, order, working, enter, endOne };
}
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const refusedBy = (work: () => unknown): DomainError | undefined => {
  try {
    work();
    return undefined;
  } catch (error) {
    return error as DomainError;
  }
};
const manyOf = (party: string, count: number): string[] => Array.from({ length: count }, () => party);

describe('fair turns', () => {
  it('an agency that sends a hundred times more does not make the other wait: every second turn is the other’s', async () => {
    const { order, enter, endOne } = turnsWith();
    for (const party of manyOf('flood', 100)) enter(party);
    await settled();
    for (const party of manyOf('quiet', 5)) enter(party);
    for (let turn = 0; turn < 12; turn += 1) await endOne();
    // Two were worked on before the quiet one came; from then on it never waits for more than one of the flood.
    const since = order.slice(2);
    expect(since.slice(0, 10)).toEqual([
      'flood',
      'quiet',
      'flood',
      'quiet',
      'flood',
      'quiet',
      'flood',
      'quiet',
      'flood',
      'quiet',
    ]);
    expect(since.slice(10).every((party) => party === 'flood')).toBe(true);
  });

  it('a flood is refused while there is room for others, and told when to come back as turns take', async () => {
    const { clock, turns, enter, endOne } = turnsWith();
    const refused: DomainError[] = [];
    for (const party of manyOf('flood', 300)) {
      const error = refusedBy(() => enter(party));
      if (error) refused.push(error);
    }
    expect(turns.counts).toMatchObject({ inside: 128, working: 2 });
    expect(refused).toHaveLength(172);
    expect(refused[0]).toMatchObject({ code: 'OVERLOADED', details: { retryAfterSeconds: 1 } });
    // Twenty other parties find a place each.
    for (let n = 0; n < 20; n += 1) expect(refusedBy(() => enter(`agency-${n}`))).toBeUndefined();
    clock.now += 500;
    await endOne();
    // 147 inside, two at once, half a second each.
    expect(refusedBy(() => enter('flood'))).toMatchObject({ details: { retryAfterSeconds: 37 } });
  });

  it('who goes away while waiting is not worked on; who goes away later holds the turn until the work has ended', async () => {
    const { turns, order, working, enter, endOne } = turnsWith({ inside: 8, working: 1, aside: 1 });
    const first = enter('a');
    const gone = enter('b');
    enter('c');
    await settled();
    gone.abandon();
    first.abandon();
    await settled();
    expect(order).toEqual(['a']);
    expect(turns.counts).toMatchObject({ inside: 2, working: 1 });
    await endOne();
    expect(order).toEqual(['a', 'c']);
    working[0]?.done();
    working[0]?.done();
    gone.done();
    expect(turns.counts).toEqual({ inside: 0, working: 0, aside: 0 });
  });

  it('who waits for a peer gives the turn back, and only so many may', async () => {
    const { turns, working, enter } = turnsWith({ inside: 8, working: 2, aside: 1 });
    enter('a');
    enter('b');
    enter('c');
    await settled();
    expect(working[0]?.stepAside()).toBe(true);
    await settled();
    expect(turns.counts).toEqual({ inside: 2, working: 2, aside: 1 });
    expect(working[1]?.stepAside()).toBe(false);
    working[0]?.done();
    expect(turns.counts).toEqual({ inside: 2, working: 2, aside: 0 });
  });

  it('whatever comes and goes: the bounds hold, nobody is passed over twice, and in the end all is empty', async () => {
    const step = fc.record({
      party: fc.constantFrom('a', 'b', 'c', 'd'),
      act: fc.constantFrom('enter', 'end', 'abandon', 'aside'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 120 }), async (steps) => {
        const limits = { inside: 12, working: 3, aside: 2 };
        const { turns, working, enter } = turnsWith(limits);
        const all: Place[] = [];
        for (const { party, act } of steps) {
          if (act === 'enter') refusedBy(() => all.push(enter(party)));
          if (act === 'end') working.shift()?.done();
          if (act === 'abandon') all.pop()?.abandon();
          if (act === 'aside') working[0]?.stepAside();
          await Promise.resolve();
          for (const [name, most] of Object.entries(limits))
            expect(turns.counts[name as keyof typeof limits]).toBeLessThanOrEqual(most);
        }
        while (turns.counts.inside + turns.counts.aside > 0) {
          await settled();
          for (const place of working.splice(0)) place.done();
        }
        expect(turns.counts).toEqual({ inside: 0, working: 0, aside: 0 });
      }),
      { numRuns: 50 },
    );
  });
});
