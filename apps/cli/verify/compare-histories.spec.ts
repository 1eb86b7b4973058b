import { describe, expect, it } from '@jest/globals';
import { compareHistories } from './compare-histories.ts';

const A = 'dossier/H26.129.05/01890b2c-6a3b-7c11-8f3e-0242ac120001';
const B = 'dossier/H26.129.06/01890b2c-6a3b-7c11-8f3e-0242ac120002';
const held = (...entries: readonly [string, number, string][]) =>
  new Map(entries.map(([subject, events, digest]) => [subject, { events, digest }]));

describe('histories of several nodes', () => {
  it('are the same where every holder has the same bytes; who holds none has no say', () => {
    const found = compareHistories(
      new Map([
        ['communes', held([A, 3, 'x'], [B, 2, 'y'])],
        ['district', held([A, 3, 'x'])],
        ['city', held([A, 3, 'x'])],
      ]),
    );
    expect(found).toEqual({ dossiers: 2, shared: 1, identical: 1, differences: [] });
  });

  it('differ by a byte or by an event, and it is said who holds what', () => {
    const found = compareHistories(
      new Map([
        ['communes', held([A, 3, 'x'], [B, 2, 'y'])],
        ['city', held([A, 3, 'z'], [B, 1, 'w'])],
      ]),
    );
    expect(found).toMatchObject({ shared: 2, identical: 0 });
    expect(found.differences[0]).toEqual({
      subject: A,
      held: [
        { node: 'communes', events: 3, digest: 'x' },
        { node: 'city', events: 3, digest: 'z' },
      ],
    });
  });

  it('of what operators did stand in one node alone and are not compared', () => {
    const own = 'operation/communes/H26/2023-06';
    expect(
      compareHistories(
        new Map([
          ['communes', held([own, 1, 'x'])],
          ['city', held([own, 1, 'y'])],
        ]),
      ).dossiers,
    ).toBe(0);
  });
});
