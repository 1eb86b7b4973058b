/** A check that cannot fail is none: each fault planted in a copy of the code must break some world. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { MUTATIONS, type Mutation } from './mutations.ts';

jest.setTimeout(120_000);

const root = join(import.meta.dirname, '../..');
let copy: string;
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'lienthong-mutations-'));
  for (const part of ['libs', 'test/simulation', 'apps/gateway', 'reference', 'package.json'])
    cpSync(join(root, part), join(copy, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

function simulateIn(dir: string, seeds: number, restores = 0) {
  const args = [
    '--conditions=source',
    'test/simulation/main.ts',
    '--seeds',
    String(seeds),
    '--nodes',
    '5',
    '--workers',
    '1',
    '--restores',
    String(restores),
    '--until-found',
  ];
  return spawnSync(process.execPath, args, { cwd: dir, encoding: 'utf8', timeout: 110_000 });
}

/** Gives how to take it out again. */
function plant({ file, edits }: Pick<Mutation, 'file' | 'edits'>): () => void {
  const path = join(copy, file);
  const code = readFileSync(path, 'utf8');
  for (const [from] of edits) expect(code.split(from)).toHaveLength(2);
  writeFileSync(
    path,
    edits.reduce((text, [from, to]) => text.replace(from, () => to), code),
  );
  return () => writeFileSync(path, code);
}

describe('a fault planted in the protocol', () => {
  it('is found only where there is one', () => {
    expect(simulateIn(copy, 3)).toMatchObject({ status: 0, stdout: expect.stringContaining('Every invariant held.') });
  });

  it.each(MUTATIONS)('is found: $name', ({ file, edits, also, restores }) => {
    const restore = [{ file, edits }, ...(also ? [also] : [])].map(plant);
    try {
      expect(simulateIn(copy, 60, restores)).toMatchObject({
        status: 1,
        stdout: expect.stringContaining('broke an invariant'),
      });
    } finally {
      for (const putBack of restore) putBack();
    }
  });
});
