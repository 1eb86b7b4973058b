import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeDataDir } from './state-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lienthong-state-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const unusable = expect.objectContaining({
  code: 'DATA_DIR_UNUSABLE',
  message: expect.stringMatching(/Hãy chọn[^]*--data-dir[^]*Choose another one with --data-dir/),
});

describe('a data directory', () => {
  it('is made with what lies above it, lets others through, and is taken again as it is', () => {
    const dir = join(folder, 'a/b');
    makeDataDir(dir);
    expect(statSync(dir).mode & 0o777).toBe(0o711);
    writeFileSync(join(dir, 'stack.json'), '{}');
    makeDataDir(dir);
  });

  it('may be the empty root of a file system', () => {
    mkdirSync(join(folder, 'lost+found'));
    makeDataDir(folder);
  });

  it('is never a folder with files of others, which keeps its rights', () => {
    writeFileSync(join(folder, 'letter.txt'), '');
    chmodSync(folder, 0o755);
    expect(() => makeDataDir(folder)).toThrow(unusable);
    expect(statSync(folder).mode & 0o777).toBe(0o755);
  });

  it('cannot be a file, nor lie where nothing can be made', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    for (const dir of [file, join(file, 'below')]) expect(() => makeDataDir(dir)).toThrow(unusable);
    if (process.platform === 'linux') expect(() => makeDataDir('/proc/lienthong/data')).toThrow(unusable);
  });
});
