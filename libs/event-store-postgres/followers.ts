/** Small memories of those who work on the log: positions, counters, checkpoints. */
import type { EventStore } from '#libs/use-cases';
import { classified } from './errors.ts';
import * as sql from './followers.sql.ts';
import type { StorePools } from './pools.ts';

type Followers = Pick<
  EventStore,
  'findPosition' | 'savePosition' | 'nextNumber' | 'saveCheckpoint' | 'findCheckpoint' | 'readCheckpoints'
>;

/** Callers that ask for the same counter while a call is under way share the next call: one commit for all of them. */
export class SharedCounter {
  readonly #waiting = new Map<string, { resolve: (value: number) => void; reject: (error: unknown) => void }[]>();
  readonly #take: (agency: string, name: string, count: number) => Promise<number>;

  /** @param take gives the last of `count` numbers */
  constructor(take: (agency: string, name: string, count: number) => Promise<number>) {
    this.#take = take;
  }

  next(agency: string, name: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const key = JSON.stringify([agency, name]);
      const waiting = this.#waiting.get(key);
      if (waiting) {
        waiting.push({ resolve, reject });
        return;
      }
      this.#waiting.set(key, [{ resolve, reject }]);
      setImmediate(() => void this.#serve(key, agency, name));
    });
  }

  async #serve(key: string, agency: string, name: string): Promise<void> {
    for (;;) {
      const served = this.#waiting.get(key) ?? [];
      if (served.length === 0) break;
      this.#waiting.set(key, []);
      try {
        const last = await this.#take(agency, name, served.length);
        served.forEach(({ resolve }, at) => resolve(last - served.length + 1 + at));
      } catch (error) {
        for (const { reject } of served) reject(error);
      }
    }
    this.#waiting.delete(key);
  }
}

export function followers({ read, soon }: Pick<StorePools, 'read' | 'soon'>): Followers {
  const run = <R extends object>(query: { name: string; text: string }, values: unknown[], pool = read) =>
    classified(() => pool.query<R>({ ...query, values }));
  const counter = new SharedCounter(async (agency, name, count) => {
    const [row] = (await run<{ value: string }>(sql.NEXT_NUMBER, [agency, name, count], soon)).rows;
    return Number(row?.value);
  });

  return {
    nextNumber: (agency, name) => counter.next(agency, name),
    async findPosition(follower) {
      const [row] = (await run<{ log_index: string }>(sql.FIND_POSITION, [follower])).rows;
      return row ? Number(row.log_index) : -1;
    },
    async savePosition(follower, logIndex) {
      await run(sql.SAVE_POSITION, [follower, logIndex], soon);
    },
    async saveCheckpoint({ size, rootHash, note }) {
      await run(sql.SAVE_CHECKPOINT, [size, rootHash, note]);
    },
    async findCheckpoint() {
      const [row] = (await run<CheckpointRow>(sql.FIND_CHECKPOINT, [])).rows;
      return row && checkpointOf(row);
    },
    async readCheckpoints(after, limit) {
      return (await run<CheckpointRow>(sql.READ_CHECKPOINTS, [after, limit])).rows.map(checkpointOf);
    },
  };
}

interface CheckpointRow {
  readonly size: string;
  readonly root_hash: string;
  readonly note: string;
}
const checkpointOf = ({ size, root_hash, note }: CheckpointRow) => ({ size: Number(size), rootHash: root_hash, note });
