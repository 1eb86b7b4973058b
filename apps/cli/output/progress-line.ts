/**
 * One line that says how far something is: rewritten in place on a terminal, else said again after some seconds, so that
 * a log stays readable.
 */
import { cut, pad } from './text-width.ts';
import type { Io } from './io.ts';

const ON_TERMINAL_MS = 100;
const IN_LOG_MS = 10_000;

export class ProgressLine {
  private readonly io: Io;
  private shownAt = -Infinity;
  private shown = '';

  constructor(io: Io) {
    this.io = io;
  }

  show(text: string): void {
    const now = performance.now();
    if (now - this.shownAt < (this.io.isTerminal ? ON_TERMINAL_MS : IN_LOG_MS)) return;
    this.shownAt = now;
    if (!this.io.isTerminal) return this.io.err(`${text}\n`);
    const line = cut(text, (this.io.width ?? 80) - 1);
    this.io.err(`\r${pad(line, (this.io.width ?? 80) - 1)}`);
    this.shown = line;
  }

  /** Takes the line away. */
  end(): void {
    if (this.shown === '') return;
    this.io.err(`\r${' '.repeat((this.io.width ?? 80) - 1)}\r`);
    this.shown = '';
  }
}

/** `███████░░░  70 %` */
export function bar(done: number, of: number, columns = 24): string {
  const share = of <= 0 ? 1 : Math.min(1, done / of);
  const full = Math.round(share * columns);
  return `${'█'.repeat(full)}${'░'.repeat(columns - full)} ${pad(String(Math.floor(share * 100)), 3, 'right')} %`;
}
