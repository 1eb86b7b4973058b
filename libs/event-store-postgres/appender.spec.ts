import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DomainError } from '#libs/kernel';
import type { AppendUnit, AppendVerdict } from '#libs/use-cases';
import { commandUnit, someEvents, someFiling, unitOf } from '../testing/builders-units.ts';
import { someCommand, someSubject } from '../testing/builders.ts';
import { Appender, type AppenderLimits, LIMITS, type SendUnits } from './appender.ts';

const RETRY = { giveUpAfterMs: 500, longestDelayMs: 2 };
const appender = (send: SendUnits, limits: Partial<AppenderLimits> = {}): Appender =>
  new Appender(send, { ...LIMITS, retry: RETRY, ...limits });
const appended = (units: readonly AppendUnit[]): AppendVerdict[] =>
  units.map((_, at) => ({ kind: 'appended', logIndexes: [at] }));
const filings = (count: number): AppendUnit[] => Array.from({ length: count }, () => someFiling());

/** A database that answers when told to. */
function gate(): { send: SendUnits; calls: (readonly AppendUnit[])[]; open: () => void } {
  const calls: (readonly AppendUnit[])[] = [];
  const waiting: (() => void)[] = [];
  let opened = false;
  return {
    calls,
    open: () => {
      opened = true;
      for (const go of waiting) go();
    },
    send: async (units) => {
      calls.push(units);
      if (!opened) await new Promise<void>((resolve) => waiting.push(resolve));
      return appended(units);
    },
  };
}

describe('Appender', () => {
  it('sends what gathered in one turn in one call', async () => {
    const { send, calls, open } = gate();
    open();
    const units = filings(50);
    const queue = appender(send);
    await Promise.all(units.map((unit) => queue.append(unit)));
    expect(calls).toEqual([units]);
  });

  it('never has more calls under way than it may, nor more units in one', async () => {
    const { send, calls, open } = gate();
    const queue = appender(send, { callsAtOnce: 2, unitsPerCall: 10 });
    const verdicts = filings(95).map((unit) => queue.append(unit));
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    expect(calls.map(({ length }) => length)).toEqual([10, 10]);
    open();
    await Promise.all(verdicts);
    expect(Math.max(...calls.map(({ length }) => length))).toBe(10);
    expect(calls.flat()).toHaveLength(95);
  });

  it('sends one unit alone when it is larger than a call may be', async () => {
    const { send, calls, open } = gate();
    open();
    const queue = appender(send, { bytesPerCall: 10 });
    await Promise.all(filings(3).map((unit) => queue.append(unit)));
    expect(calls.map(({ length }) => length)).toEqual([1, 1, 1]);
  });

  it('refuses more than it may hold, before anything is done', async () => {
    const { send, open } = gate();
    const queue = appender(send, { queued: 3 });
    const accepted = filings(3).map((unit) => queue.append(unit));
    await expect(queue.append(someFiling())).rejects.toEqual(
      expect.objectContaining({ code: 'OVERLOADED', details: expect.objectContaining({ retryable: true }) }),
    );
    open();
    await expect(Promise.all(accepted)).resolves.toHaveLength(3);
  });

  it('keeps so many bytes waiting, and one unit of any size', async () => {
    const { send, open } = gate();
    const big = unitOf(someEvents(40));
    const bytes = big.messages.reduce((sum, { sealed }) => sum + sealed.bytes.length, 0);
    const queue = appender(send, { queuedBytes: bytes + 10, callsAtOnce: 1 });
    const accepted = [queue.append(big)];
    await expect(queue.append(someFiling())).rejects.toMatchObject({ code: 'OVERLOADED' });
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    accepted.push(queue.append(big));
    await expect(queue.append(someFiling())).rejects.toMatchObject({ code: 'OVERLOADED' });
    open();
    await expect(Promise.all(accepted)).resolves.toHaveLength(2);
    await expect(queue.append(someFiling())).resolves.toMatchObject({ kind: 'appended' });
  });

  it('never sends together what shares a stream, an id or a key, and keeps its order', async () => {
    const stream = someSubject();
    const command = commandUnit(someCommand(stream));
    const key = { client: 'c', agency: 'a', key: 'k', bodyHmac: 'h', answer: '{}' };
    const kinds = {
      stream: () => someFiling([], stream),
      id: () => command,
      key: () => ({ ...someFiling(), idempotency: key }),
      free: () => someFiling(),
    };
    const names = fc.array(fc.constantFrom(...(Object.keys(kinds) as (keyof typeof kinds)[])), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(names, fc.integer({ min: 1, max: 3 }), async (wanted, callsAtOnce) => {
        const units = wanted.map((name) => ({ name, unit: { ...kinds[name]() } }));
        const nameOf = new Map<AppendUnit, string>(units.map(({ name, unit }) => [unit, name]));
        const [underWay, sent] = [new Set<string>(), [] as AppendUnit[]];
        const send: SendUnits = async (batch) => {
          for (const unit of batch) {
            const name = nameOf.get(unit) as string;
            if (name !== 'free' && underWay.has(name)) throw new DomainError('TOGETHER', name);
            underWay.add(name);
            sent.push(unit);
          }
          await new Promise(setImmediate);
          for (const unit of batch) underWay.delete(nameOf.get(unit) as string);
          return appended(batch);
        };
        const queue = appender(send, { callsAtOnce });
        await Promise.all(units.map(({ unit }) => queue.append(unit)));
        for (const name of ['stream', 'id', 'key']) {
          const ofName = (all: readonly AppendUnit[]): AppendUnit[] => all.filter((unit) => nameOf.get(unit) === name);
          expect(ofName(sent)).toEqual(ofName(units.map(({ unit }) => unit)));
        }
      }),
    );
  });

  it('halves a call that raises until the culprit is alone, and tells only its caller', async () => {
    const units = filings(33);
    const culprits = new Set([units[4], units[31]]);
    const send: SendUnits = async (batch) => {
      await Promise.resolve();
      if (batch.some((unit) => culprits.has(unit))) throw new Error('division by zero');
      return appended(batch);
    };
    const queue = appender(send);
    const results = await Promise.allSettled(units.map((unit) => queue.append(unit)));
    results.forEach((result, at) => expect(result.status).toBe(culprits.has(units[at]) ? 'rejected' : 'fulfilled'));
    expect(results[4]).toMatchObject({ reason: { code: 'STORE_FAILED' } });
  });

  it('sends the same units again after an error that passes, and gives up in time', async () => {
    const calls: (readonly AppendUnit[])[] = [];
    const lost = Object.assign(new Error('gone'), { code: 'ECONNRESET' });
    const flaky: SendUnits = async (units) => {
      await Promise.resolve();
      calls.push(units);
      if (calls.length < 4) throw lost;
      return appended(units);
    };
    const units = filings(2);
    const queue = appender(flaky);
    await Promise.all(units.map((unit) => queue.append(unit)));
    expect(calls).toEqual([units, units, units, units]);
    const dead = appender(() => Promise.reject(lost), { retry: { giveUpAfterMs: 10, longestDelayMs: 5 } });
    await expect(dead.append(someFiling())).rejects.toEqual(expect.objectContaining({ code: 'STORE_UNAVAILABLE' }));
  });

  it('does not ask a full disk again by itself', async () => {
    let calls = 0;
    const queue = appender(() => {
      calls += 1;
      return Promise.reject(Object.assign(new Error('no space'), { code: '53100' }));
    });
    await expect(queue.append(someFiling())).rejects.toEqual(expect.objectContaining({ code: 'STORE_FULL' }));
    expect(calls).toBe(1);
  });

  it('ends what it accepted before it closes, and accepts nothing thereafter', async () => {
    const { send, open } = gate();
    const queue = appender(send, { unitsPerCall: 2, callsAtOnce: 1 });
    const events = someEvents(3);
    const verdicts = [...events.map((event) => unitOf([event])), ...filings(4)].map((unit) => queue.append(unit));
    const closed = queue.close();
    await expect(queue.append(someFiling())).rejects.toEqual(expect.objectContaining({ code: 'STORE_CLOSED' }));
    open();
    await closed;
    expect((await Promise.all(verdicts)).map(({ kind }) => kind)).toEqual(Array.from({ length: 7 }, () => 'appended'));
  });
});
