/** A border without a test that guards it, or with one that is not there, is a promise nobody keeps. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root, textOf } from '../test/support/guides.ts';

const COLUMNS = ['border', 'what crosses', 'who may be there', 'what they try', 'what stops them', 'tried by'];
const rows = textOf('docs/threat-model.md')
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
const [head = [], , ...borders] = rows;
const specsOf = (cells: readonly string[]): readonly string[] =>
  [...(cells.at(-1) ?? '').matchAll(/`([^`]+)`/g)].map(([, path = '']) => path);

describe('the threat model', () => {
  it('is one table', () => {
    expect(head).toEqual(COLUMNS);
    expect(borders.length).toBeGreaterThan(20);
  });

  it.each(borders.map((cells) => [`${cells[0]}: ${cells[1]}`, cells] as const))('%s', (_, cells) => {
    expect(cells).toHaveLength(COLUMNS.length);
    expect(cells.filter((cell) => cell === '')).toEqual([]);
    const specs = specsOf(cells);
    expect(specs.length).toBeGreaterThan(0);
    expect(specs.filter((path) => !/\.spec\.ts$/.test(path) || !existsSync(join(root, path)))).toEqual([]);
  });

  it.each([
    'HTTP door',
    'mailbox',
    'directory topic',
    'checkpoints topic',
    'PostgreSQL',
    'vault',
    'key files',
    'command line',
    '/metrics',
    'traces',
    'backup files',
    'supply chain',
  ])('leaves out no border: %s', (border) =>
    expect(borders.filter(([name = '']) => name.includes(border))).not.toEqual([]),
  );
});
