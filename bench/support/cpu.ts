/**
 * Processor time of this process (its threads too) and of the database server, if that runs on this machine: steadier than
 * a clock where others work, and it says who is what a node waits for.
 */
import { readdirSync, readFileSync } from 'node:fs';
import type pg from 'pg';

export interface CpuTime {
  readonly ownUs: number;
  readonly serverUs: number;
}
export type ReadCpu = () => CpuTime;

/** `CLK_TCK` of Linux on every platform that Node runs on. */
const US_PER_TICK = 10_000;
/** proc_pid_stat(5): fields after the command's name, which ends with the last parenthesis. */
const fieldsOf = (pid: string): readonly string[] => {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
};
const PPID = 1;
const TIMES = { own: [11, 12], withEnded: [11, 12, 13, 14] } as const;

function ticksOf(postmaster: string): number {
  const sum = (fields: readonly string[], at: readonly number[]): number =>
    at.reduce((ticks, field) => ticks + Number(fields[field]), 0);
  let ticks = 0;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const fields = fieldsOf(pid);
      if (pid === postmaster) ticks += sum(fields, TIMES.withEnded);
      else if (fields[PPID] === postmaster) ticks += sum(fields, TIMES.own);
    } catch {
      // Ended between the list and the look.
    }
  }
  return ticks;
}

export async function cpuReader(pool: pg.Pool): Promise<ReadCpu> {
  const { rows } = await pool.query<{ pid: number }>('select pg_backend_pid() as pid');
  let postmaster: string | undefined;
  try {
    postmaster = fieldsOf(String(rows[0]?.pid))[PPID];
  } catch {
    // The server is elsewhere.
  }
  return () => {
    const { user, system } = process.cpuUsage();
    return { ownUs: user + system, serverUs: postmaster === undefined ? 0 : ticksOf(postmaster) * US_PER_TICK };
  };
}
