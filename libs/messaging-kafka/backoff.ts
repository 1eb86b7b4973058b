/** Pauses that double from `firstMs` to `mostMs`, each shortened by up to a fifth so that many do not come back at once. */
export class Backoff {
  readonly #firstMs: number;
  readonly #mostMs: number;
  #failures = 0;

  constructor({ firstMs, mostMs }: { readonly firstMs: number; readonly mostMs: number }) {
    this.#firstMs = firstMs;
    this.#mostMs = mostMs;
  }

  /** Milliseconds to wait after one more failure. */
  next(): number {
    const pause = Math.min(this.#firstMs * 2 ** this.#failures, this.#mostMs);
    this.#failures = Math.min(this.#failures + 1, 30);
    return Math.ceil(pause * (0.8 + Math.random() * 0.2));
  }

  reset(): void {
    this.#failures = 0;
  }
}
