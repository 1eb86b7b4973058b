/**
 * Stands between a process and one of its ports, and ends the process by SIGKILL at a named call: before it took effect, or
 * after it did and before the process heard of it. Nothing of the process runs any more, no handler, no flush.
 */
export interface Death {
  readonly port: 'store' | 'vault' | 'sender' | 'trouble';
  readonly method: string;
  /** The how manieth call of it. */
  readonly nth: number;
  readonly when: 'before' | 'after';
}
type Method = (...args: readonly unknown[]) => unknown;

function die(): never {
  process.kill(process.pid, 'SIGKILL');
  // The signal is there before the call returns; whatever runs on must not get past here.
  for (;;);
}

export function mortal<T extends object>(port: T, name: Death['port'], death: Death | undefined): T {
  if (death?.port !== name) return port;
  let calls = 0;
  return new Proxy(port, {
    get: (target, member) => {
      const found: unknown = Reflect.get(target, member, target);
      if (member !== death.method || typeof found !== 'function') return found;
      return async (...args: readonly unknown[]) => {
        calls += 1;
        if (calls === death.nth && death.when === 'before') die();
        const answer: unknown = await (found as Method).apply(target, [...args]);
        if (calls === death.nth) die();
        return answer;
      };
    },
  });
}
