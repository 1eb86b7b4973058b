import { describe, expect, it } from '@jest/globals';
import { stopInOrder, type StopStep } from './stop-in-order.ts';

const never = (): Promise<void> => new Promise(() => undefined);

function recorded() {
  const did: string[] = [];
  const failures: [string, unknown][] = [];
  const work = (name: string) => async () => void did.push(name);
  const stop = (steps: readonly StopStep[], withinMs = 10_000) =>
    stopInOrder(steps, { withinMs, failed: (name, error) => failures.push([name, error]) });
  return { did, failures, work, stop };
}

describe('an orderly end', () => {
  it('takes one step after the other, and leaves nothing unfinished', async () => {
    const { did, work, stop } = recorded();
    const slow = async () => {
      await new Promise((resolve) => setImmediate(resolve));
      did.push('slow');
    };
    expect(await stop([{ slow, quick: work('quick') }, { last: work('last') }])).toEqual([]);
    expect(did).toEqual(['quick', 'slow', 'last']);
  });

  it('ends when its time is over, and names what hangs and what never had its turn', async () => {
    const { did, work, stop } = recorded();
    const unfinished = await stop([{ relay: never, ingest: work('ingest') }, { databases: work('databases') }], 20);
    expect(unfinished).toEqual(['relay', 'databases']);
    expect(did).toEqual(['ingest']);
  });

  it('goes on after what fails, in whatever way, and counts it as unfinished', async () => {
    const { did, failures, work, stop } = recorded();
    const rejected = new Error('rejected');
    const thrown = new Error('thrown');
    const throws = (): never => {
      throw thrown;
    };
    const unfinished = await stop([{ checkpoint: () => Promise.reject(rejected), throws }, { last: work('last') }]);
    expect(unfinished).toEqual(['checkpoint', 'throws']);
    expect(failures).toEqual(
      expect.arrayContaining([
        ['checkpoint', rejected],
        ['throws', thrown],
      ]),
    );
    expect(did).toEqual(['last']);
  });
});
