import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DomainError } from '#libs/kernel';
import { GroupCommit } from './group-commit.ts';

const retryable = (): DomainError => new DomainError('VAULT_UNAVAILABLE', 'away', { retryable: true });
const settledAs = async (promise: Promise<void>): Promise<string> =>
  promise.then(
    () => 'stored',
    (error: DomainError) => error.code,
  );

/** A flush that a test lets through batch by batch. */
function gated(): { flush: (items: readonly number[]) => Promise<void>; batches: number[][]; open: () => void } {
  const batches: number[][] = [];
  let release: (() => void) | undefined;
  return {
    batches,
    flush: (items) => {
      batches.push([...items]);
      return new Promise((resolve) => (release = resolve));
    },
    open: () => release?.(),
  };
}
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('group commit', () => {
  it('sends one call at once, and what came meanwhile together, in order', async () => {
    const gate = gated();
    const commit = new GroupCommit({ flush: gate.flush, batchItems: 100, queuedItems: 100 });
    const calls = [commit.add([1]), commit.add([2]), commit.add([3, 4])];
    expect(gate.batches).toEqual([[1]]);
    gate.open();
    await turn();
    expect(gate.batches).toEqual([[1], [2, 3, 4]]);
    gate.open();
    await Promise.all(calls);
  });

  it('keeps a batch within its bound, but never splits a call', async () => {
    const gate = gated();
    const commit = new GroupCommit({ flush: gate.flush, batchItems: 3, queuedItems: 100 });
    const calls = [commit.add([0]), commit.add([1, 2]), commit.add([3, 4]), commit.add([5, 6, 7, 8])];
    for (let opened = 0; opened < calls.length; opened += 1) {
      gate.open();
      await turn();
    }
    await Promise.all(calls);
    expect(gate.batches).toEqual([[0], [1, 2], [3, 4], [5, 6, 7, 8]]);
  });

  it('refuses calls beyond the bound, at once, and takes them again when there is room', async () => {
    const gate = gated();
    const commit = new GroupCommit({ flush: gate.flush, batchItems: 10, queuedItems: 4 });
    const calls = [commit.add([1, 2, 3]), commit.add([4, 5, 6])];
    expect(commit.hasRoomFor(2)).toBe(false);
    expect(await settledAs(commit.add([7, 8]))).toBe('VAULT_OVERLOADED');
    gate.open();
    await turn();
    calls.push(commit.add([9]));
    gate.open();
    await turn();
    gate.open();
    await Promise.all(calls);
    expect(gate.batches).toEqual([[1, 2, 3], [4, 5, 6], [9]]);
  });

  it('lets a call of any size in when nothing waits', async () => {
    const commit = new GroupCommit({ flush: async () => {}, batchItems: 1, queuedItems: 1 });
    await expect(commit.add([1, 2, 3])).resolves.toBeUndefined();
  });

  it('refuses a batch whole after a passing fault, and goes on', async () => {
    let flushes = 0;
    const flush = async (): Promise<void> => {
      await turn();
      flushes += 1;
      if (flushes === 2) throw retryable();
    };
    const commit = new GroupCommit({ flush, batchItems: 2, queuedItems: 10 });
    const verdicts = await Promise.all([1, 2, 3, 4].map((item) => settledAs(commit.add([item]))));
    expect(verdicts).toEqual(['stored', 'VAULT_UNAVAILABLE', 'VAULT_UNAVAILABLE', 'stored']);
  });

  it('fails the poisoned calls alone, whichever they are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }), async (poisoned) => {
        const stored: number[] = [];
        const flush = async (items: readonly number[]): Promise<void> => {
          await turn();
          if (items.some((item) => poisoned[item])) throw new Error('invalid byte sequence');
          stored.push(...items);
        };
        const commit = new GroupCommit({ flush, batchItems: 16, queuedItems: 1_000 });
        const verdicts = await Promise.all(poisoned.map((_, item) => settledAs(commit.add([item]))));
        expect(verdicts).toEqual(poisoned.map((bad) => (bad ? 'VAULT_FAILED' : 'stored')));
        expect(stored).toEqual(poisoned.flatMap((bad, item) => (bad ? [] : [item])));
      }),
      { numRuns: 50 },
    );
  });

  it('drains what it was given', async () => {
    const stored: number[] = [];
    const flush = async (items: readonly number[]): Promise<void> => {
      await turn();
      stored.push(...items);
    };
    const commit = new GroupCommit({ flush, batchItems: 1, queuedItems: 10 });
    const calls = [commit.add([1]), commit.add([2])];
    await commit.drain();
    expect(stored).toEqual([1, 2]);
    await Promise.all(calls);
  });
});
