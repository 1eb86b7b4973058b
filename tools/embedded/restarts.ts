/**
 * Nodes that end although nobody asked are started again, each once: a crash should not end the day of a demonstration, and
 * one that comes twice has a cause that a further start does not mend. States of a node: running → ended → (pause) →
 * starting again → running, or down for good. Promise: every end is told, and whether the node comes back. Proved by
 * `restarts.spec.ts`, and over processes by `test/stories/start.story.spec.ts`.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { NodeId } from '#libs/kernel';
import { NodeFailed, type NodeEnd } from './node-process.ts';

/** A node's end that nobody asked for. */
export interface Crash extends NodeEnd {
  /** `again`: it is being started again; `running`: it runs again; `down`: it stays down. */
  state: 'again' | 'running' | 'down';
}
export interface RestartsWanted {
  /** Absent: one second, in which what the process held (its port, its leases) comes free. */
  readonly pauseMs?: number;
  /** Resolves when the node is ready; rejects with {@link NodeFailed}. */
  readonly start: (node: NodeId) => Promise<void>;
  /** Told at each change of state. */
  readonly onChange: (crash: Readonly<Crash>) => void;
}

const PAUSE_MS = 1_000;

export class Restarts {
  private readonly wanted: RestartsWanted;
  private readonly noted: Crash[] = [];
  private readonly underWay = new Set<Promise<void>>();
  private readonly ending = new AbortController();

  constructor(wanted: RestartsWanted) {
    this.wanted = wanted;
  }

  /** Every end that nobody asked for, in order. */
  get crashes(): readonly Readonly<Crash>[] {
    return this.noted;
  }

  /** A node that was ready has ended by itself. */
  ended(end: NodeEnd): void {
    const isFirst = !this.noted.some(({ node }) => node === end.node);
    const crash: Crash = { ...end, state: isFirst && !this.ending.signal.aborted ? 'again' : 'down' };
    this.noted.push(crash);
    this.wanted.onChange(crash);
    if (crash.state !== 'again') return;
    const work = this.startAgain(crash).finally(() => this.underWay.delete(work));
    this.underWay.add(work);
  }

  /** Until no node is being started again. */
  async settled(): Promise<void> {
    while (this.underWay.size > 0) await Promise.all(this.underWay);
  }

  /** Starts nothing any more. */
  stop(): void {
    this.ending.abort();
  }

  private async startAgain(crash: Crash): Promise<void> {
    const { pauseMs = PAUSE_MS, start, onChange } = this.wanted;
    try {
      await pause(pauseMs, undefined, { signal: this.ending.signal });
      await start(crash.node);
      crash.state = 'running';
    } catch (error) {
      crash.state = 'down';
      if (error instanceof NodeFailed) Object.assign(crash, error.end);
      else if (!this.ending.signal.aborted) throw error;
    }
    if (!this.ending.signal.aborted) onChange(crash);
  }
}
