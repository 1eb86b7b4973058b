/**
 * What a piece of work costs the two nodes and their database, whatever the clock says: processor time of each, and how often
 * the database's log was brought to the disk.
 */
import { readFileSync } from 'node:fs';
import type pg from 'pg';
import { cpuReader } from './cpu.ts';
import { COMMUNES, DISTRICT, type TwoNodes } from './two-nodes.ts';

export interface StackCost {
  readonly communesUs: number;
  readonly districtUs: number;
  readonly serverUs: number;
  readonly syncs: number;
}
export type ReadCost = () => Promise<StackCost>;

/** proc_pid_stat(5): utime and stime, after the command's name, in ticks of 10 ms. */
function ticksOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

export async function costReader({ stack }: TwoNodes, pool: pg.Pool): Promise<ReadCost> {
  const cpu = await cpuReader(pool);
  const ofNode = (node: typeof COMMUNES): number => ticksOf(stack.findProcess(node)?.mark?.pid ?? 0) * 10_000;
  return async () => {
    const text = `select sum(fsyncs) as syncs from pg_stat_io where object = 'wal'`;
    const { rows } = await pool.query<{ syncs: string }>(text);
    const { serverUs } = cpu();
    return { communesUs: ofNode(COMMUNES), districtUs: ofNode(DISTRICT), serverUs, syncs: Number(rows[0]?.syncs) };
  };
}

export const costOf = (before: StackCost, after: StackCost, pieces: number): StackCost => ({
  communesUs: (after.communesUs - before.communesUs) / pieces,
  districtUs: (after.districtUs - before.districtUs) / pieces,
  serverUs: (after.serverUs - before.serverUs) / pieces,
  syncs: (after.syncs - before.syncs) / pieces,
});
