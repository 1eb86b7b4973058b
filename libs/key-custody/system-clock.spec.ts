import { describe, expect, it } from '@jest/globals';
import { instantToMs } from '#libs/kernel';
import { steadyClock, systemClock } from './system-clock.ts';

const HOUR = 3_600_000;

describe('a steady clock', () => {
  it('follows the machine forwards, and goes on at its own pace while the machine has gone back', () => {
    let [wall, elapsed] = [1_000 * HOUR, 5_000];
    const clock = steadyClock(
      () => wall,
      () => elapsed,
    );
    const shown = (): number => instantToMs(clock.now()) - 1_000 * HOUR;
    const pass = (ms: number): void => void ([wall, elapsed] = [wall + ms, elapsed + ms]);
    expect(shown()).toBe(0);
    pass(10_000);
    expect(shown()).toBe(10_000);
    wall -= 5 * HOUR;
    expect(shown()).toBe(10_000);
    pass(10_000);
    expect(shown()).toBe(20_000);
    wall += 5 * HOUR;
    pass(1_000);
    expect(shown()).toBe(21_000);
    wall += 3 * HOUR;
    expect(shown()).toBe(21_000 + 3 * HOUR);
  });

  it('shows what the machine shows while nobody sets that', () => {
    const [before, shown] = [instantToMs(systemClock.now()), instantToMs(steadyClock().now())];
    expect(Math.abs(shown - before)).toBeLessThan(1_000);
  });
});
