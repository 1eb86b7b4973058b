import { describe, expect, it } from '@jest/globals';
import type { NodeId } from '#libs/kernel';
import { crashTable, crashText } from './crashes.ts';

const killed = { node: 'hanoi-city' as NodeId, code: null, signal: 'SIGKILL', tail: 'last words' } as const;

describe('a node that ended by itself', () => {
  it('is told at once, with what comes next', () => {
    expect(crashText({ ...killed, state: 'again' }, 'x.log')).toMatch(
      /hanoi-city .*ENDED BY ITSELF \(signal SIGKILL\).*once more[^]*last words/,
    );
    expect(crashText({ ...killed, code: 1, signal: null, state: 'down' }, 'x.log')).toMatch(
      /exit code 1.*not started again.*x\.log/,
    );
    expect(crashText({ ...killed, state: 'running' }, 'x.log')).not.toContain('last words');
  });

  it('stands in a table of its own at the end, and there is none when all went well', () => {
    expect(crashTable([])).toBe('');
    expect(crashTable([{ ...killed, state: 'running' }])).toMatch(
      /hanoi-city +signal SIGKILL +đã chạy lại · runs again/,
    );
  });
});
