/**
 * Wakes the followers of this process when something happened that they would otherwise find at their next look. Never
 * needed to be correct: every follower also looks on a timer, since another process may have done the work.
 */
export class Doorbell {
  private waiting: (() => void)[] = [];
  private rung = false;

  ring(): void {
    this.rung = true;
    const waiting = this.waiting;
    this.waiting = [];
    for (const wake of waiting) wake();
  }

  /** Resolves at the next ring, at once if it rang since the last wait, or after `ms`. */
  async wait(ms: number): Promise<void> {
    if (this.rung) {
      this.rung = false;
      return;
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
    this.rung = false;
  }
}
