import { describe, expect, it } from '@jest/globals';
import { isClosed, SITUATION_KEYS, type SituationName } from '#libs/dossier';
import { drawDiagram, findChanges, stateDiagramPage } from './state-diagram.ts';

describe('the state diagram', () => {
  const changes = findChanges();

  it('reaches every situation from nothing', () => {
    const reached = new Set(['NotFiled', ...changes.map(({ to }) => to)]);
    expect(SITUATION_KEYS.filter((key) => !reached.has(key))).toEqual([]);
  });

  it('leaves a closed dossier closed', () => {
    const left = changes.filter(({ from, to }) => isClosed(from as SituationName) && to !== from);
    expect(new Set(left.map(({ to }) => to))).toEqual(new Set(['InTransit', 'Released']));
  });

  it('draws each change of situation once', () => {
    const edges = drawDiagram(changes)
      .split('\n')
      .filter((line) => line.includes('-->'));
    const ends = edges.map((line) => line.split(':')[0]);
    expect(new Set(ends).size).toBe(ends.length);
    expect(drawDiagram(changes)).toContain('Held --> InTransit: forwarded');
  });

  it('is the same page whenever it is made', () => {
    expect(stateDiagramPage()).toBe(stateDiagramPage());
  });
});
