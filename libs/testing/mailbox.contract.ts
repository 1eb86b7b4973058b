/**
 * What every transport of mailboxes promises (ports/mailbox.port.ts, design 6), as a function of a factory: at least once,
 * in order per partition, from the offset that the caller keeps; what the caller could not take comes again; a place that
 * the broker no longer holds is told, never jumped over.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { IncomingBatch, IncomingRecord, MailboxOffset, MailboxSender } from '#libs/use-cases';
import { eventually } from './eventually.ts';

/** A consumer as the contract needs it; `openConsumer` of the room has this shape. */
export interface ContractConsumer {
  start(): Promise<void>;
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
}
export interface ContractConsumerOptions {
  readonly topic: string;
  readonly group: string;
  findOffset(partition: number): Promise<MailboxOffset | undefined>;
  handle(batch: IncomingBatch): Promise<void>;
  onGap(gap: { readonly partition: number; readonly reason: string; readonly from: string }): Promise<void>;
}
export interface MailboxWorld {
  makeTopic(partitions: number): Promise<string>;
  /** Throws the topic and all its records away and makes it anew, empty. */
  recreateTopic(topic: string, partitions: number): Promise<void>;
  openSender(): MailboxSender;
  openConsumer(options: ContractConsumerOptions): ContractConsumer;
  /** A record as a careless or hostile peer could write it. */
  putRaw(topic: string, record: { readonly key: string | null; readonly value: string | null }): Promise<void>;
  close(): Promise<void>;
}

/** The caller's side: keeps what it has taken and, with it, the offsets, as the ledger does. */
class Ledger {
  readonly records: IncomingRecord[] = [];
  readonly gaps: { readonly partition: number; readonly reason: string; readonly from: string }[] = [];
  readonly offsets = new Map<number, MailboxOffset>();
  /** Throws to refuse a batch. */
  before: (batch: IncomingBatch) => void | Promise<void> = () => undefined;

  readonly findOffset = (partition: number): Promise<MailboxOffset | undefined> =>
    Promise.resolve(this.offsets.get(partition));

  readonly handle = async (batch: IncomingBatch): Promise<void> => {
    await this.before(batch);
    this.records.push(...batch.records);
    const { clusterId, partition, partitionStart } = batch;
    const last = batch.records.at(-1)?.offset ?? '-1';
    this.offsets.set(partition, { clusterId, partition, partitionStart, next: String(BigInt(last) + 1n) });
  };

  readonly onGap = (gap: {
    readonly partition: number;
    readonly reason: string;
    readonly from: string;
  }): Promise<void> => {
    this.gaps.push(gap);
    return Promise.resolve();
  };

  texts(partition?: number): readonly string[] {
    return this.records
      .filter((record) => partition === undefined || record.partition === partition)
      .map(({ value }) => (value ? Buffer.from(value).toString() : '<none>'));
  }
}

const text = (value: string): Uint8Array => Buffer.from(value);
const numbered = (count: number, prefix: string): readonly { key: string; value: Uint8Array }[] =>
  Array.from({ length: count }, (_, index) => ({ key: `stream-${index % 7}`, value: text(`${prefix}-${index}`) }));

/** The first time each value was seen, in order: repeats are allowed, another order is not. */
const firstSeen = (values: readonly string[]): readonly string[] => [...new Set(values)];
const byKey = (records: readonly IncomingRecord[], key: string): readonly string[] =>
  firstSeen(
    records
      .filter((r) => r.key && Buffer.from(r.key).toString() === key)
      .map((r) => Buffer.from(r.value ?? '').toString()),
  );

export function mailboxContract(name: string, makeWorld: () => Promise<MailboxWorld>): void {
  describe(`mailbox contract: ${name}`, () => {
    jest.setTimeout(60_000);
    let world: MailboxWorld;
    let sender: MailboxSender;
    const running: ContractConsumer[] = [];
    let groups = 0;

    beforeAll(async () => {
      world = await makeWorld();
      sender = world.openSender();
    });
    afterEach(async () => {
      await Promise.all(running.splice(0).map((consumer) => consumer.stop()));
    });
    afterAll(async () => {
      await sender.close();
      await world.close();
    });

    const newGroup = (topic: string): string => `${topic}.group-${(groups += 1)}`;
    async function read(topic: string, ledger: Ledger, group = newGroup(topic)): Promise<ContractConsumer> {
      const { findOffset, handle, onGap } = ledger;
      const consumer = world.openConsumer({ topic, group, findOffset, handle, onGap });
      running.push(consumer);
      await consumer.start();
      return consumer;
    }

    it('hands over what was acknowledged, in order, with key, headers, offsets and the cluster', async () => {
      const topic = await world.makeTopic(1);
      await sender.send(topic, [{ key: 'a', value: text('1'), headers: { 'lt-hops': '2' } }]);
      await sender.send(topic, [
        { key: 'a', value: text('2') },
        { key: 'b', value: text('3') },
      ]);
      const ledger = new Ledger();
      await read(topic, ledger);
      await eventually(() => expect(ledger.texts()).toEqual(['1', '2', '3']));
      const [first] = ledger.records;
      expect(Buffer.from(first?.key ?? '').toString()).toBe('a');
      expect(first?.headers).toMatchObject({ 'lt-hops': '2', 'content-type': expect.stringContaining('cloudevents') });
      expect(ledger.offsets.get(0)).toMatchObject({
        next: '3',
        partitionStart: '0',
        clusterId: expect.stringMatching(/.+/),
      });
    });

    it('keeps the order of a stream over partitions and sends', async () => {
      const topic = await world.makeTopic(3);
      const ledger = new Ledger();
      await read(topic, ledger);
      for (let part = 0; part < 5; part += 1) await sender.send(topic, numbered(70, `part${part}`));
      await eventually(() => expect(firstSeen(ledger.texts())).toHaveLength(350));
      const expected = [0, 1, 2, 3, 4].flatMap((part) =>
        numbered(70, `part${part}`)
          .filter(({ key }) => key === 'stream-3')
          .map(({ value }) => Buffer.from(value).toString()),
      );
      expect(byKey(ledger.records, 'stream-3')).toEqual(expected);
    });

    it('gives a refused batch again, the same records first, while other partitions go on', async () => {
      const topic = await world.makeTopic(3);
      const ledger = new Ledger();
      const refused: (readonly string[])[] = [];
      let healed = false;
      let poisoned: number | undefined;
      ledger.before = (batch) => {
        if (healed || (poisoned ??= batch.partition) !== batch.partition) return;
        refused.push(batch.records.map(({ offset }) => offset));
        throw new Error('not now');
      };
      await read(topic, ledger);
      await sender.send(topic, numbered(30, 'first'));
      await eventually(() => expect(refused.length).toBeGreaterThan(1));
      await sender.send(topic, numbered(30, 'second'));
      // Seven keys over three partitions: those that are not poisoned hold both rounds.
      await eventually(() => expect(ledger.texts().some((value) => value.startsWith('second'))).toBe(true));
      expect(ledger.records.every(({ partition }) => partition !== poisoned)).toBe(true);
      expect(refused[1]?.[0]).toBe(refused[0]?.[0]);
      healed = true;
      await eventually(() => expect(firstSeen(ledger.texts())).toHaveLength(60));
      const offsets = ledger.records
        .filter(({ partition }) => partition === poisoned)
        .map(({ offset }) => Number(offset));
      expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
      expect(offsets[0]).toBe(0);
    });

    it('goes on after a restart where the caller stands: what was not stored comes again, what was does not', async () => {
      const topic = await world.makeTopic(1);
      await sender.send(topic, numbered(5, 'before'));
      const ledger = new Ledger();
      const first = await read(topic, ledger);
      await eventually(() => expect(ledger.texts()).toHaveLength(5));
      ledger.before = () => {
        throw new Error('the process is about to die');
      };
      await sender.send(topic, numbered(5, 'after'));
      await first.stop();
      ledger.before = () => undefined;
      await read(topic, ledger);
      await eventually(() => expect(ledger.texts()).toHaveLength(10));
      expect(ledger.texts()).toEqual(
        [...numbered(5, 'before'), ...numbered(5, 'after')].map(({ value }) => Buffer.from(value).toString()),
      );
    });

    it('loses nothing when batches are refused at random', async () => {
      const topic = await world.makeTopic(3);
      const ledger = new Ledger();
      let calls = 0;
      ledger.before = () => {
        calls += 1;
        if (calls % 3 === 1) throw new Error('every third batch');
      };
      await read(topic, ledger);
      for (let part = 0; part < 8; part += 1) await sender.send(topic, numbered(20, `r${part}`));
      await eventually(() => expect(firstSeen(ledger.texts())).toHaveLength(160));
      for (const partition of [0, 1, 2]) {
        const offsets = ledger.records.filter((r) => r.partition === partition).map((r) => Number(r.offset));
        expect(offsets).toEqual(offsets.map((_, index) => index));
      }
    });

    it('hands over records without key, without value, and not of ours, as they are', async () => {
      const topic = await world.makeTopic(1);
      await world.putRaw(topic, { key: null, value: 'no key' });
      await world.putRaw(topic, { key: 'k', value: null });
      await world.putRaw(topic, { key: '', value: '' });
      const ledger = new Ledger();
      await read(topic, ledger);
      await eventually(() => expect(ledger.records).toHaveLength(3));
      expect(ledger.records.map(({ key, value }) => [key === null, value === null])).toEqual([
        [true, false],
        [false, true],
        [false, false],
      ]);
    });

    it('stops only when the batch in hand is stored', async () => {
      const topic = await world.makeTopic(1);
      const ledger = new Ledger();
      const entered = Promise.withResolvers<void>();
      const leave = Promise.withResolvers<void>();
      ledger.before = () => {
        entered.resolve();
        return leave.promise;
      };
      const consumer = await read(topic, ledger);
      await sender.send(topic, numbered(3, 'x'));
      await entered.promise;
      const stopped = consumer.stop();
      leave.resolve();
      await stopped;
      expect(ledger.offsets.get(0)?.next).toBe('3');
      await sender.send(topic, numbered(3, 'y'));
      await consumer.stop();
      expect(ledger.records).toHaveLength(3);
    });

    it('reads nothing while paused and everything after', async () => {
      const topic = await world.makeTopic(2);
      const ledger = new Ledger();
      const consumer = await read(topic, ledger);
      await sender.send(topic, numbered(10, 'a'));
      await eventually(() => expect(ledger.records).toHaveLength(10));
      consumer.pause();
      await sender.send(topic, numbered(10, 'b'));
      // Another reader has them all: long enough for the paused one to have fetched them, did it not keep to it.
      const other = new Ledger();
      await read(topic, other);
      await eventually(() => expect(other.records).toHaveLength(20));
      expect(ledger.records).toHaveLength(10);
      consumer.resume();
      await eventually(() => expect(ledger.records).toHaveLength(20));
    });

    it('shares the partitions of a group, and hands them over without loss when one comes and one goes', async () => {
      const topic = await world.makeTopic(4);
      const group = newGroup(topic);
      const ledger = new Ledger();
      const first = await read(topic, ledger, group);
      await sender.send(topic, numbered(28, 'alone'));
      await eventually(() => expect(firstSeen(ledger.texts())).toHaveLength(28));
      const takenBySecond: number[] = [];
      const second: ContractConsumer = world.openConsumer({
        topic,
        group,
        findOffset: ledger.findOffset,
        onGap: ledger.onGap,
        handle: async (batch) => {
          takenBySecond.push(batch.partition);
          await ledger.handle(batch);
        },
      });
      running.push(second);
      await second.start();
      let round = 0;
      await eventually(async () => {
        await sender.send(topic, numbered(28, `both${(round += 1)}`));
        expect(new Set(takenBySecond).size).toBeGreaterThan(0);
      });
      await first.stop();
      await sender.send(topic, numbered(28, 'second'));
      const all = 28 * (round + 2);
      await eventually(() => expect(firstSeen(ledger.texts())).toHaveLength(all));
      expect(ledger.gaps).toEqual([]);
    });

    it('tells of an offset beyond the end, and begins with the earliest record', async () => {
      const topic = await world.makeTopic(1);
      await sender.send(topic, numbered(2, 'x'));
      const known = new Ledger();
      const reader = await read(topic, known);
      await eventually(() => expect(known.records).toHaveLength(2));
      await reader.stop();
      const ledger = new Ledger();
      ledger.offsets.set(0, { ...(known.offsets.get(0) as MailboxOffset), next: '40' });
      await read(topic, ledger);
      await eventually(() => expect(ledger.texts()).toEqual(['x-0', 'x-1']));
      expect(ledger.gaps).toMatchObject([{ partition: 0, reason: 'BEYOND_END', from: '0' }]);
    });

    it('tells of another cluster, and reads nothing before the caller has heard it', async () => {
      const topic = await world.makeTopic(1);
      await sender.send(topic, numbered(2, 'x'));
      const ledger = new Ledger();
      ledger.offsets.set(0, { clusterId: 'another', partition: 0, partitionStart: '0', next: '1' });
      let asked = 0;
      const consumer = world.openConsumer({
        topic,
        group: newGroup(topic),
        findOffset: ledger.findOffset,
        handle: ledger.handle,
        onGap: (gap) => {
          asked += 1;
          return asked < 3 ? Promise.reject(new Error('cannot ask the senders now')) : ledger.onGap(gap);
        },
      });
      running.push(consumer);
      await consumer.start();
      await eventually(() => expect(ledger.texts()).toEqual(['x-0', 'x-1']));
      expect(asked).toBe(3);
      expect(ledger.gaps).toMatchObject([{ reason: 'CLUSTER_CHANGED', from: '0' }]);
    });

    it('notices under way that the topic was made anew', async () => {
      const topic = await world.makeTopic(1);
      const ledger = new Ledger();
      await read(topic, ledger);
      await sender.send(topic, numbered(20, 'old'));
      await eventually(() => expect(ledger.records).toHaveLength(20));
      await world.recreateTopic(topic, 1);
      await eventually(() => sender.send(topic, numbered(3, 'new')));
      await eventually(() => expect(ledger.texts()).toEqual(expect.arrayContaining(['new-0', 'new-1', 'new-2'])));
      expect(ledger.gaps).toMatchObject([{ reason: 'BEYOND_END', from: '0' }]);
    });
  });
}
