/** A reader stops, pauses, comes back and shares its partitions, and nothing is lost or skipped by it. */
import { expect, it } from '@jest/globals';
import { eventually } from './eventually.ts';
import { firstSeen, Ledger, numbered, read, type ContractConsumer, type OpenMailboxes } from './mailbox-under-test.ts';

export function readerContract(open: OpenMailboxes): void {
  it('goes on after a restart where the caller stands: what was not stored comes again, what was does not', async () => {
    const topic = await open.world.makeTopic(1);
    await open.sender.send(topic, numbered(5, 'before'));
    const ledger = new Ledger();
    const first = await read(open, { topic, ledger });
    await eventually(() => expect(ledger.texts()).toHaveLength(5));
    ledger.before = () => {
      throw new Error('the process is about to die');
    };
    await open.sender.send(topic, numbered(5, 'after'));
    await first.stop();
    ledger.before = () => undefined;
    await read(open, { topic, ledger });
    await eventually(() => expect(ledger.texts()).toHaveLength(10));
    expect(ledger.texts()).toEqual(
      [...numbered(5, 'before'), ...numbered(5, 'after')].map(({ value }) => Buffer.from(value).toString()),
    );
  });

  it('stops only when the batch in hand is stored', async () => {
    const topic = await open.world.makeTopic(1);
    const ledger = new Ledger();
    const entered = Promise.withResolvers<void>();
    const leave = Promise.withResolvers<void>();
    ledger.before = () => {
      entered.resolve();
      return leave.promise;
    };
    const consumer = await read(open, { topic, ledger });
    await open.sender.send(topic, numbered(3, 'x'));
    await entered.promise;
    const stopped = consumer.stop();
    leave.resolve();
    await stopped;
    expect(ledger.offsets.get(0)?.next).toBe('3');
    await open.sender.send(topic, numbered(3, 'y'));
    await consumer.stop();
    expect(ledger.records).toHaveLength(3);
  });

  it('reads nothing while paused and everything after', async () => {
    const topic = await open.world.makeTopic(2);
    const ledger = new Ledger();
    const consumer = await read(open, { topic, ledger });
    await open.sender.send(topic, numbered(10, 'a'));
    await eventually(() => expect(ledger.records).toHaveLength(10));
    consumer.pause();
    await open.sender.send(topic, numbered(10, 'b'));
    // Another reader has them all: long enough for the paused one to have fetched them, did it not keep to it.
    const other = new Ledger();
    await read(open, { topic, ledger: other });
    await eventually(() => expect(other.records).toHaveLength(20));
    expect(ledger.records).toHaveLength(10);
    consumer.resume();
    await eventually(() => expect(ledger.records).toHaveLength(20));
  });

  it('shares the partitions of a group, and hands them over without loss when one comes and one goes', async () => {
    const topic = await open.world.makeTopic(4);
    const group = open.newGroup(topic);
    const ledger = new Ledger();
    const first = await read(open, { topic, ledger: ledger, group });
    await open.sender.send(topic, numbered(28, 'alone'));
    await eventually(() => expect(firstSeen(ledger.texts())).toHaveLength(28));
    const takenBySecond: number[] = [];
    const second: ContractConsumer = open.world.openConsumer({
      topic,
      group,
      findOffset: ledger.findOffset,
      onGap: ledger.onGap,
      handle: async (batch) => {
        takenBySecond.push(batch.partition);
        await ledger.handle(batch);
      },
    });
    open.running.push(second);
    await second.start();
    let round = 0;
    await eventually(async () => {
      await open.sender.send(topic, numbered(28, `both${(round += 1)}`));
      expect(new Set(takenBySecond).size).toBeGreaterThan(0);
    });
    await first.stop();
    await open.sender.send(topic, numbered(28, 'second'));
    const all = 28 * (round + 2);
    await eventually(() => expect(firstSeen(ledger.texts())).toHaveLength(all));
    expect(ledger.gaps).toEqual([]);
  });
}
