import { describe, expect, it } from '@jest/globals';
import { msToInstant, type Instant } from '#libs/kernel';
import { Gate, Pace } from './pace.ts';

const WORK = '2023-06-14T00:30:00.000Z' as Instant;
const later = (seconds: number): Instant => msToInstant(Date.parse(WORK) + seconds * 1000);

describe('pace', () => {
  const end = new AbortController();

  it('goes on when the work clock shows the moment, never before', async () => {
    const pace = new Pace({ wall: msToInstant(Date.now()), work: WORK, rate: 1000 }, end.signal);
    await pace.until(later(40));
    expect(pace.now() >= later(40)).toBe(true);
  });

  it('lets what is late go at once', async () => {
    const wall = msToInstant(1_000_000_000_000);
    const pace = new Pace({ wall, work: WORK, rate: 0.001 }, end.signal, () => 1_000_000_000_000);
    await pace.until(WORK);
    expect(pace.now()).toBe(WORK);
  });

  it('keeps to the real time without a work clock', () => {
    expect(new Pace(undefined, end.signal, () => 1_700_000_000_000).now()).toBe(msToInstant(1_700_000_000_000));
  });

  it('ends its waits with the day', async () => {
    const ended = new AbortController();
    const pace = new Pace({ wall: msToInstant(Date.now()), work: WORK, rate: 1 }, ended.signal);
    const waits = [pace.until(later(3600)), pace.rest(1e12)].map((wait) => expect(wait).rejects.toThrow(/abort/i));
    ended.abort();
    await Promise.all(waits);
    await expect(pace.until(WORK)).rejects.toThrow(/abort/i);
  });
});

describe('gate', () => {
  it('lets no more through than it has places, in the order in which they came', async () => {
    const gate = new Gate(3);
    const order: number[] = [];
    let inside = 0;
    let most = 0;
    const act = (number: number) => async (): Promise<number> => {
      order.push(number);
      inside += 1;
      most = Math.max(most, inside);
      await Promise.resolve();
      inside -= 1;
      return number;
    };
    const numbers = Array.from({ length: 20 }, (_, index) => index);
    expect(await Promise.all(numbers.map((number) => gate.through(act(number))))).toEqual(numbers);
    expect(order).toEqual(numbers);
    expect(most).toBe(3);
  });

  it('gives a place back when the act fails', async () => {
    const gate = new Gate(1);
    await expect(gate.through(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(gate.through(() => Promise.resolve('yes'))).resolves.toBe('yes');
  });
});
