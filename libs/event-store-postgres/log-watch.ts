/** Wakes those who wait for the log in this process. What another process appends they find when they look of themselves. */
export class LogWatch {
  readonly #waiting = new Set<() => void>();
  #closed = false;

  /** Resolves when something is appended, or after `ms`, or when the store closes. */
  appended(ms: number): Promise<void> {
    if (this.#closed) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      this.#waiting.add(wake);
    });
  }

  ring(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  close(): void {
    this.#closed = true;
    this.ring();
  }
}
