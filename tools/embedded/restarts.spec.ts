import { describe, expect, it } from '@jest/globals';
import type { NodeId } from '#libs/kernel';
import { NodeFailed, type NodeEnd } from './node-process.ts';
import { Restarts } from './restarts.ts';

const end = (node = 'gialam-district', signal: NodeJS.Signals = 'SIGKILL'): NodeEnd => ({
  node: node as NodeId,
  code: null,
  signal,
  tail: '',
});

function watched(start: (node: NodeId) => Promise<void> = () => Promise.resolve(), pauseMs = 1) {
  const told: string[] = [];
  const started: NodeId[] = [];
  const restarts = new Restarts({
    pauseMs,
    start: async (node) => {
      started.push(node);
      await start(node);
    },
    onChange: ({ node, state, signal, code }) => void told.push(`${node} ${signal ?? code} ${state}`),
  });
  return { restarts, told, started };
}

describe('a node that ended by itself', () => {
  it('is started again, and both is told', async () => {
    const { restarts, told, started } = watched();
    restarts.ended(end());
    await restarts.settled();
    expect(started).toEqual(['gialam-district']);
    expect(told).toEqual(['gialam-district SIGKILL again', 'gialam-district SIGKILL running']);
    expect(restarts.crashes).toMatchObject([{ node: 'gialam-district', state: 'running' }]);
  });

  it('is started again once, each node for itself', async () => {
    const { restarts, told, started } = watched();
    restarts.ended(end());
    await restarts.settled();
    restarts.ended(end('hanoi-city'));
    restarts.ended(end('gialam-district', 'SIGSEGV'));
    await restarts.settled();
    expect(started).toEqual(['gialam-district', 'hanoi-city']);
    expect(told).toContain('gialam-district SIGSEGV down');
    expect(restarts.crashes.map(({ state }) => state)).toEqual(['running', 'running', 'down']);
  });

  it('stays down when it does not come up, with what it said last', async () => {
    const { restarts, told } = watched(() =>
      Promise.reject(
        new NodeFailed({ node: 'gialam-district' as NodeId, code: 2, signal: null, tail: 'why' }, 'ended'),
      ),
    );
    restarts.ended(end());
    await restarts.settled();
    expect(told).toEqual(['gialam-district SIGKILL again', 'gialam-district 2 down']);
    expect(restarts.crashes).toMatchObject([{ tail: 'why', state: 'down' }]);
  });

  it('is left alone once the stack stops, also when its start was about to begin', async () => {
    const { restarts, started } = watched(undefined, 60_000);
    restarts.ended(end());
    restarts.stop();
    restarts.ended(end('hanoi-city'));
    await restarts.settled();
    expect(started).toEqual([]);
    expect(restarts.crashes.map(({ state }) => state)).toEqual(['down', 'down']);
  });
});
