/**
 * One start per data directory, and per port (`ports.ts`). The lock is a file that names its owner (pid and kernel start time); it is put in place
 * by `link`, which fails when it is there. A lock whose owner has ended is moved away by `rename`: of several starts that
 * find it, the one that moved the very bytes it had judged goes on; who moved a fresh lock by accident puts it back and
 * is refused. Proved by `lock.spec.ts`.
 */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StackError } from './messages.ts';
import { findMark, isRunning, type ProcessMark } from './process.ts';

export interface StackLock {
  release(): void;
}

let sequence = 0;
const uniqueBeside = (path: string, suffix: string): string => `${path}.${process.pid}.${(sequence += 1)}.${suffix}`;

const textOf = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};

function inUse(dataDir: string, { pid }: ProcessMark): StackError {
  return new StackError('STACK_IN_USE', {
    vi: `Thư mục dữ liệu ${dataDir} đang được tiến trình ${pid} dùng. Hãy dừng tiến trình đó (Ctrl-C) hoặc chọn thư mục khác bằng --data-dir.`,
    en: `The data directory ${dataDir} is in use by process ${pid}. Stop that one (Ctrl-C), or choose another directory with --data-dir.`,
  });
}

/** Process that holds the lock of this data directory; `ended`: it left the lock behind; undefined: there is no lock. */
export function findLockOwner(dataDir: string): ProcessMark | 'ended' | undefined {
  const text = textOf(join(dataDir, 'stack.lock'));
  if (!text) return undefined;
  const owner = JSON.parse(text) as ProcessMark;
  return isRunning(owner) ? owner : 'ended';
}

function linkInPlace(own: string, path: string): boolean {
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** True when the stale lock is gone; false when somebody else took its place meanwhile. */
function moveAway(path: string, judged: string): boolean {
  const aside = uniqueBeside(path, 'stale');
  try {
    renameSync(path, aside);
  } catch {
    return false;
  }
  const moved = textOf(aside);
  if (moved !== judged) linkInPlace(aside, path);
  rmSync(aside, { force: true });
  return moved === judged;
}

/** Throws `STACK_IN_USE`. `ownerPid` holds the lock in place of this process (a test runner whose helper starts the servers). */
export function takeLock(dataDir: string, ownerPid = process.pid): StackLock {
  return takeLockFile(join(dataDir, 'stack.lock'), ownerPid, (owner) => inUse(dataDir, owner));
}

/** @throws what `refusal` makes of the process that holds the lock */
export function takeLockFile(path: string, ownerPid: number, refusal: (owner: ProcessMark) => Error): StackLock {
  const own = uniqueBeside(path, 'own');
  // The last member makes two locks of one owner differ, so a release can never remove another's.
  writeFileSync(own, JSON.stringify({ ...findMark(ownerPid), lock: own }), { mode: 0o600 });
  try {
    for (let attempt = 0; !linkInPlace(own, path); attempt += 1) {
      const judged = textOf(path);
      if (judged === undefined) continue;
      const owner = JSON.parse(judged) as ProcessMark;
      if (isRunning(owner) || attempt > 10) throw refusal(owner);
      moveAway(path, judged);
    }
    const mine = textOf(own);
    const placed = textOf(path) ?? '';
    if (placed !== mine) throw refusal(JSON.parse(placed || '{}') as ProcessMark);
    return {
      release: () => {
        if (textOf(path) === mine) rmSync(path, { force: true });
      },
    };
  } finally {
    rmSync(own, { force: true });
  }
}
