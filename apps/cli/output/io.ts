/** Where a command writes and what it knows of the terminal. Results go to `out`, what goes on meanwhile to `err`. */
export interface Io {
  out(text: string): void;
  err(text: string): void;
  /** Colours and lines that are rewritten. */
  readonly isTerminal: boolean;
  /** Columns of the terminal; absent: unlimited. */
  readonly width?: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Signals to stop: each is told. Gives back how to listen no longer. */
  onStop(listener: () => void): () => void;
}

/** Result as JSON, two blanks deep, or as a text made only then. */
export function printResult(io: Io, asJson: boolean, value: unknown, text: () => string): void {
  io.out(asJson ? JSON.stringify(value, undefined, 2) : text());
}
