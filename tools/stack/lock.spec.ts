import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../libs/testing/eventually.ts';
import { findLockOwner, takeLock } from './lock.ts';
import { findMark, isRunning, startServer, stopProcess } from './process.ts';

const folders: string[] = [];
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-lock-'));
  folders.push(folder);
  return folder;
}
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

jest.setTimeout(30_000);

describe('the lock of a data directory', () => {
  it('is given once, and again after its release', () => {
    const folder = newFolder();
    const lock = takeLock(folder);
    expect(() => takeLock(folder)).toThrow(expect.objectContaining({ code: 'STACK_IN_USE' }));
    lock.release();
    takeLock(folder).release();
    expect(existsSync(join(folder, 'stack.lock'))).toBe(false);
  });

  it('names the process that holds it, in both languages', () => {
    const folder = newFolder();
    takeLock(folder);
    expect(() => takeLock(folder)).toThrow(new RegExp(`tiến trình ${process.pid}[^]*process ${process.pid}`));
    expect(findLockOwner(folder)).toMatchObject({ pid: process.pid });
  });

  it('passes on from a process that has ended, and from a pid that is another process by now', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    const mark = { pid: child.pid ?? 0, startedAt: findMark(child.pid ?? 0)?.startedAt };
    await once(child, 'exit');
    for (const owner of [mark, { pid: process.pid, startedAt: '1' }]) {
      const folder = newFolder();
      writeFileSync(join(folder, 'stack.lock'), JSON.stringify(owner));
      expect(findLockOwner(folder)).toBe('ended');
      const lock = takeLock(folder);
      expect(findLockOwner(folder)).toMatchObject({ pid: process.pid });
      lock.release();
    }
  });

  it('is not taken away by the release of an earlier lock', () => {
    const folder = newFolder();
    const first = takeLock(folder);
    first.release();
    const second = takeLock(folder);
    first.release();
    expect(findLockOwner(folder)).toMatchObject({ pid: process.pid });
    second.release();
  });

  it('is given to one of many processes that find the same stale lock', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'stack.lock'), JSON.stringify({ pid: 999_999_999, startedAt: '1' }));
    // Each tries when it is told to and stays alive until its input ends, so that all of them compete.
    const program = `
      import { takeLock } from ${JSON.stringify(join(import.meta.dirname, 'lock.ts'))};
      process.stdin.once('data', () => {
        try { takeLock(${JSON.stringify(folder)}); console.log('taken'); } catch { console.log('refused'); }
      });
      console.log('ready');`;
    const flags = ['--input-type=module', '--conditions=source', '--no-warnings', '-e', program];
    const children = Array.from({ length: 6 }, () => spawn(process.execPath, flags));
    const outputs = children.map(() => '');
    children.forEach((child, index) => child.stdout.on('data', (chunk) => (outputs[index] += String(chunk))));
    const allSay = (words: RegExp): Promise<void> =>
      eventually(() => {
        for (const output of outputs) expect(output).toMatch(words);
      });
    await allSay(/ready/);
    for (const child of children) child.stdin.write('go');
    await allSay(/taken|refused/);
    const ends = children.map((child) => once(child, 'exit'));
    for (const child of children) child.stdin.end();
    await Promise.all(ends);
    expect(outputs.filter((text) => text.includes('taken'))).toHaveLength(1);
  });
});

describe('processes', () => {
  const sleeper = (logFile: string, program: string): Promise<{ pid: number; startedAt: string }> =>
    startServer({ command: process.execPath, args: ['-e', program], logFile, cwd: tmpdir(), env: {} });

  it('are known by pid and start; a mark of another start is not running and is not signalled', async () => {
    const folder = newFolder();
    const mark = await sleeper(join(folder, 'log'), 'setInterval(() => {}, 1000)');
    expect(isRunning(mark)).toBe(true);
    const stale = { ...mark, startedAt: '1' };
    expect(isRunning(stale)).toBe(false);
    await expect(stopProcess(stale, [['SIGKILL', 100]])).resolves.toBe(true);
    expect(isRunning(mark)).toBe(true);
    await expect(stopProcess(mark, [['SIGTERM', 5_000]])).resolves.toBe(true);
    expect(isRunning(mark)).toBe(false);
  });

  it('that do not heed SIGTERM are killed when their grace has passed', async () => {
    const folder = newFolder();
    const program = `process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000)`;
    const mark = await sleeper(join(folder, 'log'), program);
    await expect(
      stopProcess(mark, [
        ['SIGTERM', 100],
        ['SIGKILL', 5_000],
      ]),
    ).resolves.toBe(true);
  });
});
