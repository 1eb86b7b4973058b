/**
 * When dossiers become visible at a node, seen from outside: a connection of its own asks the ledger again and again what has
 * been committed since, and how far the dossier list has been folded. It asks a millisecond after each answer, so what it sees
 * is late by that much at most.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';

export interface Seen {
  /** `performance.now()` at which the event was in the ledger. */
  readonly recorded: number;
  readonly logIndex: number;
  /** At which the list of dossiers contained it. */
  folded?: number;
}

const LOOK = {
  name: 'bench-look',
  text: `select (select max(g.log_index) from read.live join read.generation g using (generation)) as folded,
    (select json_agg(json_build_array(n.log_index, n.subject)) from (
      select l.log_index, t.subject from lt.ledger l join lt.stream t using (stream)
      where l.log_index > $1 order by l.log_index limit 1000) n) as entries`,
};
interface Look {
  readonly folded: string | null;
  readonly entries: readonly (readonly [number, string])[] | null;
}

export class ArrivalWatch {
  /** By the stream's name. */
  readonly seen = new Map<string, Seen>();
  private readonly pool: pg.Pool;
  private readonly unfolded: Seen[] = [];
  private after = -1;
  private ending = false;
  private running: Promise<void> | undefined;

  constructor(pool: pg.Pool) {
    this.pool = pool;
  }

  async begin(): Promise<void> {
    const { rows } = await this.pool.query<{ last: string }>('select max(log_index) as last from lt.ledger');
    this.after = Number(rows[0]?.last ?? -1);
    this.running = this.run();
  }

  async end(): Promise<void> {
    this.ending = true;
    await this.running;
  }

  private async run(): Promise<void> {
    const client = await this.pool.connect();
    try {
      while (!this.ending) {
        const { rows } = await client.query<Look>({ ...LOOK, values: [this.after] });
        this.note(rows[0] as Look, performance.now());
        await pause(1);
      }
    } finally {
      client.release();
    }
  }

  private note({ folded, entries }: Look, now: number): void {
    for (const [logIndex, subject] of entries ?? []) {
      this.after = logIndex;
      if (this.seen.has(subject)) continue;
      const seen = { recorded: now, logIndex };
      this.seen.set(subject, seen);
      this.unfolded.push(seen);
    }
    while (this.unfolded[0] && this.unfolded[0].logIndex <= Number(folded ?? -1)) {
      const [done] = this.unfolded.splice(0, 1) as [Seen];
      done.folded = now;
    }
  }
}
