/**
 * Stands between a process and its ports. A process dies at a call: before it took effect, or after it did and before the
 * process heard of it. Whatever the process was doing then never goes on: no handler of its own runs, nothing is cleaned up.
 */
type Method = (...args: readonly unknown[]) => unknown;

export class Gate {
  readonly died: Promise<'died'>;
  isDead = false;
  calls = 0;
  private die!: (how: 'died') => void;
  private dieAt: { readonly call: number; readonly after: boolean } | undefined;

  constructor() {
    this.died = new Promise((resolve) => {
      this.die = resolve;
    });
  }

  kill(): void {
    this.isDead = true;
    this.die('died');
  }

  /** At the nth call from now. */
  killAt(nth: number, after: boolean): void {
    this.dieAt = { call: this.calls + nth, after };
  }

  guard<T extends object>(port: T): T {
    return new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        return (...args: readonly unknown[]) => this.pass(() => (member as Method).apply(target, [...args]));
      },
    });
  }

  private async pass(call: () => unknown): Promise<unknown> {
    this.calls += 1;
    const isLast = this.dieAt !== undefined && this.calls >= this.dieAt.call;
    if (isLast && this.dieAt?.after !== true) this.kill();
    if (this.isDead) return new Promise(() => undefined);
    try {
      return await call();
    } finally {
      if (isLast) this.kill();
      if (this.isDead) await new Promise(() => undefined);
    }
  }
}
