import { expect, it } from '@jest/globals';
import type { AgencyCode } from '#libs/kernel';
import { someHash } from './builders.ts';
import type { OpenStores } from './event-store-under-test.ts';

export function memoryContract(open: OpenStores): void {
  it('counts from 1 per agency and name, each number once, whoever asks', async () => {
    const [agency, name] = ['H26.129.05' as AgencyCode, someHash()];
    const asked = Array.from({ length: 50 }, (_, at) => (at % 2 ? open.store : open.another).nextNumber(agency, name));
    expect((await Promise.all(asked)).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, at) => at + 1));
    expect(await open.store.nextNumber('H26.129.06' as AgencyCode, name)).toBe(1);
    expect(await open.store.nextNumber(agency, name)).toBe(51);
  });

  it('remembers where a follower stands', async () => {
    const follower = someHash();
    expect(await open.store.findPosition(follower)).toBe(-1);
    for (const position of [41, 42, -1]) {
      await open.store.savePosition(follower, position);
      expect(await open.another.findPosition(follower)).toBe(position);
    }
  });

  it('keeps the checkpoint of the greatest size', async () => {
    await open.store.saveCheckpoint({ size: 10, rootHash: 'a', note: 'ten' });
    await open.store.saveCheckpoint({ size: 20, rootHash: 'b', note: 'twenty' });
    await open.store.saveCheckpoint({ size: 15, rootHash: 'c', note: 'fifteen' });
    await open.store.saveCheckpoint({ size: 20, rootHash: 'd', note: 'another twenty' });
    expect(await open.another.findCheckpoint()).toEqual({ size: 20, rootHash: 'b', note: 'twenty' });
    expect((await open.another.readCheckpoints(0, 2)).map(({ note }) => note)).toEqual(['ten', 'fifteen']);
    expect(await open.another.readCheckpoints(15, 9)).toEqual([{ size: 20, rootHash: 'b', note: 'twenty' }]);
  });
}
