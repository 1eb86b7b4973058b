import { describe, expect, it } from '@jest/globals';
import { isUuid7 } from '#libs/kernel';
import { createIds } from './ids.ts';

describe('uuid7', () => {
  it('is a version 7 UUID that begins with the time', () => {
    const id = createIds(() => Date.parse('2023-06-14T01:31:07.480Z')).uuid7();
    expect(isUuid7(id)).toBe(true);
    expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(Date.parse('2023-06-14T01:31:07.480Z'));
  });

  it.each([
    ['stands still', () => 1_700_000_000_000],
    ['goes on', tickingFrom(1_700_000_000_000, 0.01)],
    ['goes back', tickingFrom(1_700_000_000_000, -1)],
  ])('grows with every call when the clock %s', (_, nowMs) => {
    const ids = createIds(nowMs);
    const made = Array.from({ length: 20_000 }, () => ids.uuid7());
    expect(made.every((id, index) => isUuid7(id) && (index === 0 || id > (made[index - 1] as string)))).toBe(true);
  });

  it('differs between two makers at the same moment', () => {
    const [one, other] = [createIds(() => 1), createIds(() => 1)];
    expect(one.uuid7()).not.toBe(other.uuid7());
  });

  it('draws as many random bytes as asked, and gives none twice', () => {
    const ids = createIds();
    const drawn = [...Array.from({ length: 300 }, () => 32), 5_000, 1].map((length) => ids.randomBytes(length));
    expect(drawn.map(({ length }) => length)).toEqual([...Array.from({ length: 300 }, () => 32), 5_000, 1]);
    expect(new Set(drawn.map((bytes) => Buffer.from(bytes).toString('hex'))).size).toBe(drawn.length);
  });
});

function tickingFrom(start: number, step: number): () => number {
  let now = start;
  return () => Math.floor((now += step));
}
