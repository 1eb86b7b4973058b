/**
 * The mark of a node's life beside its keys: one small file, replaced whole. Processes of one node share it; the one that is
 * further stays. Proved by `mark-file.spec.ts`.
 */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { isHash, isJsonObject, type Hash } from '#libs/kernel';
import type { LifeMark, MarkKeeper } from '#libs/use-cases';

const NAME = 'life.json';

export function openMarkFile(dir: string): MarkKeeper {
  const path = join(dir, NAME);
  return {
    find: () => readMark(path),
    keep: (mark) => {
      const aside = join(dir, `.${NAME}.${randomUUID()}`);
      try {
        writeFileSync(aside, `${JSON.stringify(mark, undefined, 2)}\n`, { mode: 0o600, flag: 'wx', flush: true });
        const before = readMark(path);
        const isBehind = before?.life === mark.life && before.size > mark.size && isSame(before, mark);
        if (!isBehind || mark.disproved !== undefined) renameSync(aside, path);
        flush(dir);
      } finally {
        rmSync(aside, { force: true });
      }
    },
  };
}

const isSame = (a: LifeMark, b: LifeMark): boolean =>
  a.system === b.system && a.database === b.database && a.timeline === b.timeline;

function readMark(path: string): LifeMark | undefined {
  try {
    const found: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isMark(found) ? found : undefined;
  } catch {
    // None yet, or half a file of a machine that lost power: no mark.
    return undefined;
  }
}

function isMark(value: unknown): value is LifeMark {
  if (!isJsonObject(value)) return false;
  const { system, database, timeline, life, size, lastHash, disproved } = value;
  const counts = [timeline, life, size].every((count) => Number.isSafeInteger(count));
  const named = typeof system === 'string' && typeof database === 'string';
  const hashed = lastHash === undefined || isHash(lastHash as Hash);
  return named && counts && hashed && (disproved === undefined || typeof disproved === 'string');
}

function flush(dir: string): void {
  const descriptor = openSync(dir, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
