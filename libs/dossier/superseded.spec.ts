import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AgencyCode } from '#libs/kernel';
import { COMMUNE, DISTRICT, hashAt } from '../testing/dossier-samples.ts';
import { supersededActs, unanswered, type AnsweringEvent, type SupersededEvent } from './superseded.ts';

const aside = (hash: number, place: number, agency: AgencyCode = COMMUNE): SupersededEvent => ({
  hash: hashAt(hash),
  place,
  agency,
  type: 'processing-started',
});
const main = (hash: number, more: Partial<AnsweringEvent> = {}): AnsweringEvent => ({
  hash: hashAt(hash),
  refuses: [],
  ...more,
});

describe('superseded events', () => {
  it('wait until an event of the main history refuses them by name or has them as cause', () => {
    const acts = supersededActs(
      [aside(11, 2), aside(12, 3), aside(13, 4)],
      [main(1), main(2, { cause: hashAt(12) }), main(3, { refuses: [hashAt(13)] })],
    );
    expect(acts.map(({ place, answer }) => [place, answer])).toEqual([
      [2, undefined],
      [3, { how: 'taken-over', event: hashAt(2) }],
      [4, { how: 'refused', event: hashAt(3) }],
    ]);
    expect(unanswered(acts).map(({ place }) => place)).toEqual([2]);
  });

  it('of one author at one place are answered at once, and by the first answer', () => {
    const events = [aside(11, 2), aside(12, 2), aside(13, 2, DISTRICT)];
    const acts = supersededActs(events, [main(1, { refuses: [hashAt(12)] }), main(2, { cause: hashAt(11) })]);
    expect(acts).toMatchObject([
      { place: 2, agency: DISTRICT, events: [{ hash: hashAt(13) }] },
      {
        place: 2,
        agency: COMMUNE,
        events: [{ hash: hashAt(11) }, { hash: hashAt(12) }],
        answer: { how: 'refused', event: hashAt(1) },
      },
    ]);
    expect(unanswered(acts)).toHaveLength(1);
  });

  it('that arrive after the answer of their author and place are answered already', () => {
    const answer = [main(1, { refuses: [hashAt(11)] })];
    expect(unanswered(supersededActs([aside(11, 2)], answer))).toEqual([]);
    expect(unanswered(supersededActs([aside(12, 2), aside(11, 2)], answer))).toEqual([]);
    expect(unanswered(supersededActs([aside(12, 3), aside(11, 2)], answer))).toHaveLength(1);
  });

  it('are read alike in whatever order they are held, and none is left out', () => {
    const author = fc.constantFrom(COMMUNE, DISTRICT);
    const events = fc.uniqueArray(fc.tuple(fc.nat(60), fc.integer({ min: 1, max: 5 }), author), {
      selector: ([hash]) => hash,
    });
    fc.assert(
      fc.property(events, fc.array(fc.nat(60)), (wanted, answered) => {
        const all = wanted.map(([hash, place, by]) => aside(100 + hash, place, by));
        const history = answered.map((hash, index) =>
          main(index, index % 2 === 0 ? { cause: hashAt(100 + hash) } : { refuses: [hashAt(100 + hash)] }),
        );
        const acts = supersededActs(all, history);
        expect(
          acts
            .flatMap((act) => act.events)
            .map(({ hash }) => hash)
            .sort(),
        ).toEqual(all.map(({ hash }) => hash).sort());
        const plain = (list: typeof acts) => list.map(({ place, agency: by, answer }) => ({ place, by, answer }));
        expect(plain(supersededActs([...all].reverse(), history))).toEqual(plain(acts));
        for (const { hash } of all.filter((event) => answered.some((one) => hashAt(100 + one) === event.hash)))
          expect(acts.find((act) => act.events.some((event) => event.hash === hash))?.answer).toBeDefined();
      }),
    );
  });
});
