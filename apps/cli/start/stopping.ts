/**
 * Ctrl-C. The first signal asks for an orderly end; a second one, given on purpose, ends at once. One key press can arrive
 * twice (the terminal tells the whole group, and npm passes it on): what follows within a second is the same press.
 */
import type { Io } from '../output/io.ts';

const SAME_PRESS_MS = 1_000;

export class Stopping {
  readonly signal: AbortSignal;
  /** Resolves at the first signal. */
  readonly asked: Promise<void>;
  private readonly stopListening: () => void;

  constructor(io: Io, atOnce: () => void, samePressMs = SAME_PRESS_MS) {
    const controller = new AbortController();
    this.signal = controller.signal;
    let first = 0;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.asked = promise;
    this.stopListening = io.onStop(() => {
      if (!controller.signal.aborted) {
        first = performance.now();
        controller.abort();
        resolve();
      } else if (performance.now() - first > samePressMs) atOnce();
    });
  }

  end(): void {
    this.stopListening();
  }
}
