import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Hash } from '#libs/kernel';
import { openMarkFile } from './mark-file.ts';

const mark = { system: '7', database: '9', timeline: 1, life: 1, size: 5, lastHash: 'A'.repeat(43) as Hash };
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'lienthong-mark-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

describe('the file of the mark', () => {
  it('is kept whole, for the owner alone, and is found by the next process', () => {
    openMarkFile(dir).keep(mark);
    expect(openMarkFile(dir).find()).toEqual(mark);
    expect(readdirSync(dir)).toEqual(['life.json']);
    expect(statSync(join(dir, 'life.json')).mode & 0o777).toBe(0o600);
  });

  it('does not go back in a life on one database; another database or a later life replaces it', () => {
    const file = openMarkFile(dir);
    file.keep(mark);
    file.keep({ ...mark, size: 3 });
    expect(file.find()).toEqual(mark);
    for (const next of [
      { ...mark, database: '10', size: 2 },
      { ...mark, life: 2, size: 2 },
    ]) {
      file.keep(next);
      expect(file.find()).toEqual(next);
    }
  });

  it.each(['', '{', '{}', '[]', '{"system":"7","database":"9","timeline":1,"life":1,"size":"5"}'])(
    'is none where it cannot be read: %s',
    (text) => {
      writeFileSync(join(dir, 'life.json'), text);
      expect(openMarkFile(dir).find()).toBeUndefined();
    },
  );
});
