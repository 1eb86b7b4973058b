/**
 * Group commit: calls queue while a batch is under way and go together in the next one, so a commit is paid once for many.
 * States: idle → running (one batch at a time) → idle. Promises: calls are flushed in the order they came; each call is
 * settled once; a batch that is refused for good is halved until the culprit is alone, one that met a passing fault is
 * refused whole (the caller may repeat); beyond the bound a call is refused at once. Proved by `group-commit.spec.ts`.
 */
import { DomainError } from '#libs/kernel';
import { isRetryable, vaultError } from './vault-errors.ts';

export interface GroupCommitOptions<T> {
  /** Stores all items in one transaction, or none. */
  readonly flush: (items: readonly T[]) => Promise<void>;
  /** Items in one batch, unless one call alone has more. */
  readonly batchItems: number;
  /** Items waiting, beyond which calls are refused. */
  readonly queuedItems: number;
}
interface Call<T> {
  readonly items: readonly T[];
  readonly resolve: () => void;
  readonly reject: (error: DomainError) => void;
}

export class GroupCommit<T> {
  readonly #options: GroupCommitOptions<T>;
  #queue: Call<T>[] = [];
  #queuedItems = 0;
  #running: Promise<void> | undefined;

  constructor(options: GroupCommitOptions<T>) {
    this.#options = options;
  }

  /** A call of any size is let in when nothing waits. */
  hasRoomFor(items: number): boolean {
    return this.#queue.length === 0 || this.#queuedItems + items <= this.#options.queuedItems;
  }

  /** @throws DomainError `VAULT_OVERLOADED` (retryable), or what the flush threw */
  add(items: readonly T[]): Promise<void> {
    if (!this.hasRoomFor(items.length)) return Promise.reject(overloaded());
    return new Promise((resolve, reject) => {
      this.#queue.push({ items, resolve, reject });
      this.#queuedItems += items.length;
      this.#running ??= this.#run();
    });
  }

  /** Resolves when all calls so far are settled. */
  async drain(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#queue.length > 0) await this.#settle(this.#takeBatch());
    this.#running = undefined;
  }

  #takeBatch(): Call<T>[] {
    let items = 0;
    let calls = 0;
    for (const call of this.#queue) {
      if (calls > 0 && items + call.items.length > this.#options.batchItems) break;
      items += call.items.length;
      calls += 1;
    }
    this.#queuedItems -= items;
    return this.#queue.splice(0, calls);
  }

  async #settle(calls: readonly Call<T>[]): Promise<void> {
    const error = await this.#try(calls);
    if (!error) for (const call of calls) call.resolve();
    else if (calls.length === 1 || isRetryable(error)) for (const call of calls) call.reject(error);
    else {
      const half = calls.length >> 1;
      await this.#settle(calls.slice(0, half));
      await this.#settle(calls.slice(half));
    }
  }

  async #try(calls: readonly Call<T>[]): Promise<DomainError | undefined> {
    try {
      await this.#options.flush(calls.flatMap((call) => call.items));
      return undefined;
    } catch (error) {
      return vaultError(error);
    }
  }
}

export const overloaded = (): DomainError =>
  new DomainError('VAULT_OVERLOADED', 'more disclosures wait than the vault can take', {
    retryable: true,
    delayMs: 1_000,
  });
