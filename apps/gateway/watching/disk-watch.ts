/**
 * Whether ledger or vault has room: a write that failed for want of it is told once, with what to do, and the process is not
 * ready for a while, so that whoever balances turns to a process of another node's or waits. The next write that succeeds
 * ends that at once; without one it ends by itself, or nobody would ever try again. Proved by `disk-watch.spec.ts` and
 * `full-disk.int.spec.ts`.
 */
import { DomainError } from '#libs/kernel';
import type { NodeServices } from '#libs/use-cases';

/** SQLSTATE of a disk that is full (PostgreSQL documentation, appendix A). */
const DISK_FULL = '53100';
const BELIEVED_MS = 10_000;
const WRITES: ReadonlySet<PropertyKey> = new Set(['append', 'record', 'put']);
const ADVICE = 'make room on its disk; nothing that was acknowledged is lost, and work goes on by itself then';

type Method = (...args: readonly unknown[]) => Promise<unknown>;

export class DiskWatch {
  private readonly report: NodeServices['report'];
  private readonly nowMs: () => number;
  private readonly fullSince = new Map<string, number>();

  /** `nowMs`: of a clock that nobody sets. */
  constructor(report: NodeServices['report'], nowMs: () => number = () => performance.now()) {
    this.report = report;
    this.nowMs = nowMs;
  }

  get isFull(): boolean {
    return [...this.fullSince.values()].some((at) => this.nowMs() - at < BELIEVED_MS);
  }

  /** The port, its writes looked at. */
  of<T extends object>(what: 'ledger' | 'vault', port: T): T {
    return new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        const method = (member as Method).bind(target);
        return WRITES.has(name) ? (...args: readonly unknown[]) => this.watched(what, method(...args)) : method;
      },
    });
  }

  private async watched(what: string, writing: Promise<unknown>): Promise<unknown> {
    try {
      const answer = await writing;
      if (this.fullSince.delete(what)) this.report({ code: 'DISK_HAS_ROOM', details: { trouble: what } });
      return answer;
    } catch (error) {
      if (error instanceof DomainError && error.details['sqlState'] === DISK_FULL) this.noteFull(what);
      throw error;
    }
  }

  private noteFull(what: string): void {
    if (!this.fullSince.has(what)) this.report({ code: 'DISK_FULL', details: { trouble: what, advice: ADVICE } });
    this.fullSince.set(what, this.nowMs());
  }
}
