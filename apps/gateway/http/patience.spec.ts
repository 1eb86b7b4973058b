import { describe, expect, it } from '@jest/globals';
import type { Hash, Subject } from '#libs/kernel';
import { awaitOutcome, type NodeServices } from '#libs/use-cases';
import { Patience } from './patience.ts';

describe('waiting for an outcome', () => {
  it('is over when the process stops, long before its time', async () => {
    const patience = new Patience();
    let looks = 0;
    const store = {
      findCaused: () => Promise.resolve([]),
      appended: () => {
        looks += 1;
        if (looks === 3) patience.onModuleDestroy();
        return Promise.resolve();
      },
    };
    const services = { store } as unknown as NodeServices;
    const waiting = { subject: 'dossier/x' as Subject, waitMs: 30_000, nowMs: patience.nowMs };
    expect(await awaitOutcome(services, 'x' as Hash, waiting)).toEqual({ status: 'pending', subject: 'dossier/x' });
    expect(looks).toBe(3);
  });
});
