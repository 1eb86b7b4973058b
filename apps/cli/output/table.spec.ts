import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { renderTable } from './table.ts';
import { cut, pad, widthOf } from './text-width.ts';

describe('width of a text', () => {
  it('counts letters of Vietnamese once, composed or not', () => {
    expect(widthOf('Ủy ban nhân dân huyện Gia Lâm')).toBe(29);
    expect(widthOf('Ủy ban nhân dân huyện Gia Lâm'.normalize('NFD'))).toBe(29);
    expect(widthOf('漢字')).toBe(4);
    expect(widthOf('')).toBe(0);
  });

  it('after cutting and padding is what was asked for, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.integer({ min: 2, max: 30 }), (text, columns) => {
        expect(widthOf(cut(text, columns))).toBeLessThanOrEqual(columns);
        expect(widthOf(pad(cut(text, columns), columns))).toBe(columns);
      }),
    );
  });
});

describe('a table', () => {
  const columns = [
    { head: 'Cơ quan' },
    { head: 'Tên', shrinks: true as const },
    { head: 'nhận', align: 'right' as const },
  ];
  const rows = [
    ['H26.129.05', 'UBND xã Đình Xuyên', 1204],
    ['H26', 'UBND thành phố Hà Nội', 7],
  ];

  it('keeps its columns under each other, numbers to the right and grouped', () => {
    expect(renderTable(columns, rows).split('\n')).toEqual([
      'Cơ quan     Tên                     nhận',
      '──────────  ─────────────────────  ─────',
      'H26.129.05  UBND xã Đình Xuyên     1,204',
      'H26         UBND thành phố Hà Nội      7',
    ]);
  });

  it('cuts the column that may be cut to the width of the terminal', () => {
    const lines = renderTable(columns, rows, 32).split('\n');
    expect(lines.map(widthOf)).toEqual([32, 32, 32, 32]);
    expect(lines[3]).toContain('…');
  });
});
