/**
 * Stands between a process and its ports. A process dies at a call: before it took effect, or after it did and before the
 * process heard of it. Whatever the process was doing then never goes on: no handler of its own runs, nothing is cleaned up.
 */
export interface Death {
  /** Of the port's methods; absent: any. */
  readonly method?: string;
  /** The how manieth call of it from now. */
  readonly nth: number;
  /** After it took effect, or before. */
  readonly after: boolean;
}
type Method = (...args: readonly unknown[]) => unknown;

export class Gate {
  readonly died: Promise<'died'>;
  isDead = false;
  private die!: (how: 'died') => void;
  private dieAt: Death | undefined;

  constructor() {
    this.died = new Promise((resolve) => {
      this.die = resolve;
    });
  }

  kill(): void {
    this.isDead = true;
    this.die('died');
  }

  killAt(death: Death): void {
    this.dieAt = death;
  }

  guard<T extends object>(port: T): T {
    return new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        return (...args: readonly unknown[]) =>
          this.pass(String(name), () => (member as Method).apply(target, [...args]));
      },
    });
  }

  private async pass(method: string, call: () => unknown): Promise<unknown> {
    const isLast = this.isLast(method);
    if (isLast && this.dieAt?.after !== true) this.kill();
    if (this.isDead) return new Promise(() => undefined);
    try {
      return await call();
    } finally {
      if (isLast) this.kill();
      if (this.isDead) await new Promise(() => undefined);
    }
  }

  private isLast(method: string): boolean {
    const { dieAt } = this;
    if (!dieAt || (dieAt.method !== undefined && dieAt.method !== method)) return false;
    this.dieAt = { ...dieAt, nth: dieAt.nth - 1 };
    return dieAt.nth <= 1;
  }
}
