import { describe, expect, it } from '@jest/globals';
import type { StatusView } from '#libs/http-api';
import { diskAdvice, diskText, sizeText } from './disk.ts';

const GIB = 2 ** 30;
const statusWith = (disk?: Partial<NonNullable<StatusView['disk']>>): StatusView =>
  ({
    ...(disk ? { disk: { ledgerBytes: 3 * GIB, vaultBytes: GIB, grownLastDayBytes: GIB, tables: [], ...disk } } : {}),
  }) as unknown as StatusView;

describe('the disk in words', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1536, '1.5 KiB'],
    [GIB, '1.0 GiB'],
    [700 * GIB, '700 GiB'],
    [5000 * 1024 * GIB, '5000 TiB'],
  ])('%d is %s', (bytes, text) => {
    expect(sizeText(bytes)).toBe(text);
  });

  it('both databases, what is free if that is known, and a word in time', () => {
    expect(diskText(statusWith())).toBe('–');
    expect(diskText(statusWith({}))).toBe('4.0 GiB');
    expect(diskText(statusWith({ freeBytes: 20 * GIB }))).toBe('4.0 GiB (+ 20 GiB)');
    expect(diskAdvice('n', statusWith({ freeBytes: 20 * GIB }))).toContain('full in 20 days');
    expect(diskAdvice('n', statusWith({ freeBytes: 200 * GIB }))).toBe(false);
    expect(diskAdvice('n', statusWith({}))).toBe(false);
    expect(diskAdvice('n', statusWith({ freeBytes: 1, grownLastDayBytes: 0 }))).toBe(false);
  });
});
