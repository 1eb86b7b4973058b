import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  admitToQuarantine,
  placesOf,
  QUARANTINE_BOUNDS,
  QUARANTINE_RESERVED,
  type QuarantineClaim,
  type QuarantineTaken,
  type Taken,
} from './quarantine.ts';

interface Row {
  readonly claim: QuarantineClaim;
}
const forged = (source: string, bytes = 1_000): Row => ({
  claim: { whole: 'unproved', source, hasKeys: false, bytes },
});
const honest = (source: string, bytes = 1_000): Row => ({ claim: { whole: 'proved', source, hasKeys: true, bytes } });
const waiting = (source: string, bytes = 1_000): Row => ({
  claim: { whole: 'unproved', source, hasKeys: true, bytes },
});
const many = (count: number, make: (at: number) => Row): readonly Row[] =>
  Array.from({ length: count }, (_, at) => make(at));

const empty = () => ({ messages: 0, bytes: 0, bySource: new Map<string, Taken>() });
const NONE: QuarantineTaken = { proved: empty(), unproved: empty() };
const sum = (a: Taken, b: Taken): Taken => ({ messages: a.messages + b.messages, bytes: a.bytes + b.bytes });

function takenAfter(taken: QuarantineTaken, kept: readonly Row[]): QuarantineTaken {
  const wholes = { proved: { ...taken.proved }, unproved: { ...taken.unproved } };
  for (const whole of ['proved', 'unproved'] as const) {
    const bySource = new Map(taken[whole].bySource);
    for (const { claim } of kept.filter((row) => row.claim.whole === whole)) {
      const one = { messages: 1, bytes: claim.bytes };
      bySource.set(claim.source, sum(bySource.get(claim.source) ?? { messages: 0, bytes: 0 }, one));
      wholes[whole] = { ...sum(wholes[whole], one), bySource };
    }
    wholes[whole] = { ...wholes[whole], bySource };
  }
  return wholes;
}
const after = (rows: readonly Row[]): QuarantineTaken => takenAfter(NONE, admitToQuarantine(rows, NONE));

describe('quarantine', () => {
  it('is not filled by fifty thousand forged names: they share one small whole', () => {
    const kept = admitToQuarantine(
      many(50_000, (at) => forged(`urn:lienthong:agency:H${at}`)),
      NONE,
    );
    expect(kept.length).toBeLessThanOrEqual(QUARANTINE_BOUNDS.unproved.inAll);
    expect(kept.length).toBeGreaterThan(QUARANTINE_BOUNDS.unproved.inAll / 2);
    const full = takenAfter(NONE, kept);
    expect(admitToQuarantine([forged('one more')], full)).toEqual([]);
    const newcomers = [honest('new'), waiting('new'), waiting('another')];
    expect(admitToQuarantine(newcomers, full)).toEqual(newcomers);
    expect(admitToQuarantine([...many(50_000, (at) => forged(`${at}`)), ...newcomers], NONE).slice(-3)).toEqual(
      newcomers,
    );
  });

  it('is bounded per source, for what it has signed and for what is only said to be its', () => {
    const signed = admitToQuarantine(
      many(9_000, () => honest('a', 0)),
      NONE,
    );
    const said = admitToQuarantine(
      many(9_000, () => waiting('a', 0)),
      takenAfter(NONE, signed),
    );
    expect([signed.length, said.length]).toEqual([
      QUARANTINE_BOUNDS.proved.perSource,
      QUARANTINE_BOUNDS.unproved.perSource,
    ]);
  });

  it('keeps, of what is said in the name of a source, nothing at the cost of what it has signed', () => {
    const forgeries = after(many(20_000, () => waiting('a')));
    expect(admitToQuarantine([honest('a')], forgeries)).toHaveLength(1);
  });

  it('counts bytes: a thousand of the largest take the room of many', () => {
    const kept = admitToQuarantine(
      many(50_000, () => forged('', 1_000_000)),
      NONE,
    );
    expect(kept.length * 1_000_000).toBeLessThan(20_000_000);
  });

  it('never passes its bounds but by what is reserved, and never turns away the only message of a source with keys', () => {
    const sources = ['a', 'b', 'c'];
    const row = fc.record({
      whole: fc.constantFrom('proved' as const, 'unproved' as const),
      source: fc.constantFrom(...sources, 'x', 'y', 'z', ''),
      bytes: fc.constantFrom(0, 1_500, 131_072),
      times: fc.constantFrom(1, 40, 3_000),
    });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 12 }), (rows) => {
        let taken = NONE;
        for (const { times, ...claim } of rows) {
          const hasKeys = sources.includes(claim.source);
          const batch = many(times, () => ({ claim: { ...claim, hasKeys } }));
          const kept = admitToQuarantine(batch, taken);
          const had = taken[claim.whole].bySource.has(claim.source);
          if (hasKeys && !had) expect(kept.length).toBeGreaterThan(0);
          taken = takenAfter(taken, kept);
        }
        for (const whole of ['proved', 'unproved'] as const) {
          const { perSource, inAll } = QUARANTINE_BOUNDS[whole];
          for (const own of taken[whole].bySource.values()) expect(placesOf(own)).toBeLessThanOrEqual(perSource);
          expect(placesOf(taken[whole])).toBeLessThanOrEqual(inAll + sources.length * QUARANTINE_RESERVED);
        }
      }),
      { numRuns: 40 },
    );
  });
});
