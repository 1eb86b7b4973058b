/**
 * What a part of the bench has measured: a row for each figure, with the median of its rounds, the lowest and the highest,
 * and the target where it has one. Shown as a table; with `BENCH_JSON`, as a line of JSON each at the end of that file, from
 * which `main.ts` makes the summary.
 */
import { appendFileSync } from 'node:fs';
import { machine } from './rounds.ts';
import { median, rounded } from './stats.ts';

export interface Target {
  readonly atLeast?: number;
  readonly atMost?: number;
}
export interface Row {
  readonly bench: string;
  readonly name: string;
  readonly unit: string;
  /** Median of the rounds. */
  readonly value: number;
  readonly lowest: number;
  readonly highest: number;
  readonly rounds: number;
  readonly target?: Target;
}

export interface Wanted {
  readonly bench: string;
  readonly name: string;
  readonly unit: string;
  readonly target?: Target;
}
/** A value for each round. */
export const rowOf = (wanted: Wanted, rounds: readonly number[]): Row => ({
  ...wanted,
  value: rounded(median(rounds)),
  lowest: rounded(Math.min(...rounds)),
  highest: rounded(Math.max(...rounds)),
  rounds: rounds.length,
});

/** `met`, or `missed` and by what factor. */
export function verdictOf({ value, target }: Pick<Row, 'value' | 'target'>): string {
  if (!target) return '';
  const { atLeast, atMost } = target;
  if (atLeast !== undefined)
    return value >= atLeast ? `≥ ${atLeast}  met` : `≥ ${atLeast}  MISSED, ${(atLeast / value).toFixed(1)} times below`;
  if (atMost === undefined) return '';
  return value <= atMost ? `≤ ${atMost}  met` : `≤ ${atMost}  MISSED, ${(value / atMost).toFixed(1)} times above`;
}

export function rowText(row: Row): string {
  const spread = row.rounds > 1 ? `(${row.lowest}–${row.highest})` : '';
  return [
    row.name.padEnd(58),
    String(row.value).padStart(10),
    spread.padStart(21),
    row.unit.padEnd(10),
    verdictOf(row),
  ].join(' ');
}

export function reportRows(rows: readonly Row[], notes: readonly string[] = []): void {
  for (const line of [machine(), ...notes]) console.log(line);
  for (const row of rows) console.log(rowText(row));
  const file = process.env['BENCH_JSON'];
  if (file === undefined) return;
  for (const row of rows) appendFileSync(file, `${JSON.stringify({ machine: machine(), notes, ...row })}\n`);
}
