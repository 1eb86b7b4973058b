/** A file system of a few megabytes, to be filled. Needs the right to mount: a spec says so where it has not. */
import { execFileSync } from 'node:child_process';
import { chmodSync, closeSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SmallDisk {
  readonly dir: string;
  /** Until not one more page fits. */
  fill(): void;
  makeRoom(): void;
  remove(): void;
}

const BLOCK = Buffer.alloc(4096);

/** Undefined where nothing may be mounted. */
export function findSmallDisk(megabytes: number): SmallDisk | undefined {
  const dir = mkdtempSync(join(tmpdir(), 'lienthong-test-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'lienthong-test', dir], { stdio: 'ignore' });
  } catch {
    rmdirSync(dir);
    process.stderr.write('a full disk is not tried: this account may not mount a file system\n');
    return undefined;
  }
  chmodSync(dir, 0o755);
  const ballast = join(dir, 'ballast');
  return {
    dir,
    fill: () => {
      const file = openSync(ballast, 'a');
      try {
        for (;;) writeSync(file, BLOCK);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      } finally {
        closeSync(file);
      }
    },
    makeRoom: () => rmSync(ballast, { force: true }),
    remove: () => {
      execFileSync('umount', ['--lazy', dir]);
      rmdirSync(dir);
    },
  };
}
