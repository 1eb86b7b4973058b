/** Plain tables: a head, a rule, rows; numbers to the right. */
import { cut, pad, widthOf } from './text-width.ts';

export interface Column {
  readonly head: string;
  readonly align?: 'left' | 'right';
  /** May be cut when the terminal is narrow; one column of a table at most. */
  readonly shrinks?: true;
}
export type Cell = string | number;

const GAP = '  ';
const NARROWEST = 8;
const grouped = new Intl.NumberFormat('en-US');

/** `1,234`; the same in both languages of the product would be ambiguous only for fractions, and there are none. */
export const count = (value: number): string => grouped.format(value);
const textOf = (cell: Cell | undefined): string => (typeof cell === 'number' ? count(cell) : (cell ?? ''));

export function renderTable(columns: readonly Column[], rows: readonly (readonly Cell[])[], width?: number): string {
  const texts = rows.map((row) => columns.map((_, at) => textOf(row[at])));
  const widths = widthsOf(columns, texts, width);
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ align }, at) => pad(cut(cells[at] ?? '', widths[at] ?? 0), widths[at] ?? 0, align))
      .join(GAP)
      .trimEnd();
  const rule = widths.map((columnsWide) => '─'.repeat(columnsWide)).join(GAP);
  return [line(columns.map(({ head }) => head)), rule, ...texts.map(line)].join('\n');
}

function widthsOf(columns: readonly Column[], texts: readonly (readonly string[])[], width = Infinity): number[] {
  const widths = columns.map(({ head }, at) => Math.max(widthOf(head), ...texts.map((row) => widthOf(row[at] ?? ''))));
  const shrinking = columns.findIndex(({ shrinks }) => shrinks);
  const total = widths.reduce((sum, one) => sum + one, 0) + GAP.length * (columns.length - 1);
  const over = total - width;
  if (shrinking >= 0 && over > 0) widths[shrinking] = Math.max(NARROWEST, (widths[shrinking] ?? 0) - over);
  return widths;
}
