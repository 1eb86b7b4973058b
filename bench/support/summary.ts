/** One table of all targets of a run, from its lines of JSON. */
import { readFileSync } from 'node:fs';
import { verdictOf, type Row, type Target } from './targets.ts';
import type { Figure } from './rounds.ts';

export interface Line {
  readonly bench: string;
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly target?: Target;
}

/** Of `append`, whose figures are contenders by callers, beside the floor. */
function appendLines(figures: readonly Figure[]): readonly Line[] {
  const find = (name: string, callers: number): Figure | undefined =>
    figures.find((figure) => figure.name === name && figure.callers === callers);
  const [at32, at1, peer] = [find('whole', 32), find('whole', 1), find('emmett', 32)];
  const line = (name: string, unit: string, value: number, target: Target): Line => ({
    bench: 'append',
    name,
    unit,
    value: Math.round(value * 100) / 100,
    target,
  });
  return [
    ...(at32 ? [line('whole act, 32 callers', '× floor', at32.timesFloor, { atLeast: 1.5 })] : []),
    ...(at32 && peer
      ? [line('whole act, 32 callers', '× emmett', at32.perSecond / peer.perSecond, { atLeast: 4 })]
      : []),
    ...(at1 ? [line('whole act, 1 caller, p50', '× floor', at1.p50TimesFloor, { atMost: 2 })] : []),
  ];
}

const isFigure = (line: Row | Figure): line is Figure => 'timesFloor' in line;

/** `text`: what the parts have written, a line of JSON for each figure. */
export function linesOf(text: string): readonly Line[] {
  const found = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row | Figure);
  const figures = found.filter(isFigure).filter(({ bench }) => bench === 'append');
  const rows = found.flatMap((line) => (isFigure(line) || !line.target ? [] : [line]));
  return [...appendLines(figures), ...rows];
}

export function printSummary(file: string, from: number): void {
  const lines = linesOf(readFileSync(file).subarray(from).toString('utf8'));
  if (lines.length === 0) return;
  console.log('\n== targets');
  for (const line of lines)
    console.log(
      [
        line.bench.padEnd(10),
        line.name.padEnd(52),
        String(line.value).padStart(9),
        line.unit.padEnd(11),
        verdictOf(line),
      ].join(' '),
    );
}
