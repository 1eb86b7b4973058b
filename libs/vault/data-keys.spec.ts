import { describe, expect, it } from '@jest/globals';
import type { Subject } from '#libs/kernel';
import { DataKeys } from './data-keys.ts';

const stream = (name: number): Subject => `dossier/H26.129.05/${name}` as Subject;
const wrapping = {
  wrap: (key: Uint8Array) => Buffer.concat([Buffer.of(1), key]),
  unwrap: (wrapped: Uint8Array) => wrapped.slice(1),
};

describe('data keys in memory', () => {
  it('give one candidate for a subject of a stream, and different ones for others', () => {
    const keys = new DataKeys(wrapping, 10);
    const key = keys.forSealing(stream(1), 'applicant');
    expect(keys.forSealing(stream(1), 'applicant')).toBe(key);
    expect(keys.forSealing(stream(1), 'actor').key.equals(key.key)).toBe(false);
    expect(keys.forSealing(stream(2), 'applicant').key.equals(key.key)).toBe(false);
  });

  it('follow the row that was read', () => {
    const keys = new DataKeys(wrapping, 10);
    keys.forSealing(stream(1), 'applicant');
    const wrapped = Buffer.from(wrapping.wrap(Buffer.alloc(32, 9)));
    expect(keys.forReading(stream(1), 'applicant', wrapped).key.equals(Buffer.alloc(32, 9))).toBe(true);
    expect(keys.forSealing(stream(1), 'applicant').wrapped).toBe(wrapped);
  });

  it('are overwritten when forgotten', () => {
    const keys = new DataKeys(wrapping, 10);
    const { key } = keys.forSealing(stream(1), 'applicant');
    keys.forget(stream(1), 'applicant');
    keys.forget(stream(1), 'nobody');
    expect(key.equals(Buffer.alloc(32))).toBe(true);
    expect(keys.forSealing(stream(1), 'applicant').key).not.toBe(key);
  });

  it('are bounded, the longest unused going first', () => {
    const keys = new DataKeys(wrapping, 3);
    const [first, second] = [1, 2, 3].map((name) => keys.forSealing(stream(name), 'applicant'));
    keys.forSealing(stream(1), 'applicant');
    keys.forSealing(stream(4), 'applicant');
    expect(keys.size).toBe(3);
    expect(keys.forSealing(stream(1), 'applicant')).toBe(first);
    expect(keys.forSealing(stream(2), 'applicant')).not.toBe(second);
  });
});
