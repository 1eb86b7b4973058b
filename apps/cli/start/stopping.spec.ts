import { describe, expect, it } from '@jest/globals';
import type { Io } from '../output/io.ts';
import { Stopping } from './stopping.ts';

function signals(): { readonly io: Io; readonly press: () => void } {
  let listener: () => void = () => undefined;
  const io: Io = {
    out: () => undefined,
    err: () => undefined,
    isTerminal: false,
    env: {},
    onStop: (heard) => {
      listener = heard;
      return () => {
        listener = () => undefined;
      };
    },
  };
  return { io, press: () => listener() };
}

describe('Ctrl-C', () => {
  it('asks for an orderly end, and the same press passed on by npm does not end at once', async () => {
    const { io, press } = signals();
    let atOnce = 0;
    const stopping = new Stopping(io, () => (atOnce += 1), 1_000);
    expect(stopping.signal.aborted).toBe(false);
    press();
    press();
    await stopping.asked;
    expect([stopping.signal.aborted, atOnce]).toEqual([true, 0]);
    stopping.end();
  });

  it('a second time, on purpose, ends at once; after the end nobody listens', () => {
    const { io, press } = signals();
    let atOnce = 0;
    const stopping = new Stopping(io, () => (atOnce += 1), -1);
    press();
    press();
    expect(atOnce).toBe(1);
    stopping.end();
    press();
    expect(atOnce).toBe(1);
  });
});
