import { describe, expect, it } from '@jest/globals';
import { DomainError } from '#libs/kernel';
import { DiskWatch } from './disk-watch.ts';

const failed = (sqlState: string): DomainError => new DomainError('STORE_FULL', 'no', { sqlState });

describe('a watch on the disk', () => {
  it('tells once that there is no room, believes it for 10 s after the last failure, and hears of room at once', async () => {
    const reports: unknown[] = [];
    let now = 0;
    let error: DomainError | undefined = failed('53100');
    const watch = new DiskWatch(
      ({ code, details }) => void reports.push([code, details?.['trouble']]),
      () => now,
    );
    const write = (): Promise<string> => (error ? Promise.reject(error) : Promise.resolve('written'));
    const store = watch.of('ledger', { append: write, readLog: write });
    await expect(store.readLog()).rejects.toBe(error);
    expect(watch.isFull).toBe(false);
    await expect(store.append()).rejects.toBe(error);
    now = 9_000;
    await expect(store.append()).rejects.toBe(error);
    now = 18_000;
    expect([watch.isFull, reports]).toEqual([true, [['DISK_FULL', 'ledger']]]);
    now = 20_000;
    expect(watch.isFull).toBe(false);
    error = failed('57P01');
    await expect(store.append()).rejects.toBe(error);
    expect(reports).toHaveLength(1);
    error = undefined;
    expect(await store.append()).toBe('written');
    expect([watch.isFull, reports.at(-1)]).toEqual([false, ['DISK_HAS_ROOM', 'ledger']]);
  });
});
