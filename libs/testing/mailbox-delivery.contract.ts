/** What was acknowledged arrives, in order per stream, however often it was refused. */
import { expect, it } from '@jest/globals';
import { eventually } from './eventually.ts';
import { byKey, firstSeen, Ledger, numbered, read, text, type OpenMailboxes } from './mailbox-under-test.ts';

export function deliveryContract(open: OpenMailboxes): void {
  it('hands over what was acknowledged, in order, with key, headers, offsets and the cluster', async () => {
    const topic = await open.world.makeTopic(1);
    await open.sender.send(topic, [{ key: 'a', value: text('1'), headers: { 'lt-hops': '2' } }]);
    await open.sender.send(topic, [
      { key: 'a', value: text('2') },
      { key: 'b', value: text('3') },
    ]);
    const ledger = new Ledger();
    await read(open, { topic, ledger });
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
    const topic = await open.world.makeTopic(3);
    const ledger = new Ledger();
    await read(open, { topic, ledger });
    for (let part = 0; part < 5; part += 1) await open.sender.send(topic, numbered(70, `part${part}`));
    await eventually(() => expect(firstSeen(ledger.texts())).toHaveLength(350));
    const expected = [0, 1, 2, 3, 4].flatMap((part) =>
      numbered(70, `part${part}`)
        .filter(({ key }) => key === 'stream-3')
        .map(({ value }) => Buffer.from(value).toString()),
    );
    expect(byKey(ledger.records, 'stream-3')).toEqual(expected);
  });

  it('gives a refused batch again, the same records first, while other partitions go on', async () => {
    const topic = await open.world.makeTopic(3);
    const ledger = new Ledger();
    const refused: (readonly string[])[] = [];
    let healed = false;
    let poisoned: number | undefined;
    ledger.before = (batch) => {
      if (healed || (poisoned ??= batch.partition) !== batch.partition) return;
      refused.push(batch.records.map(({ offset }) => offset));
      throw new Error('not now');
    };
    await read(open, { topic, ledger });
    await open.sender.send(topic, numbered(30, 'first'));
    await eventually(() => expect(refused.length).toBeGreaterThan(1));
    await open.sender.send(topic, numbered(30, 'second'));
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

  it('loses nothing when batches are refused at random', async () => {
    const topic = await open.world.makeTopic(3);
    const ledger = new Ledger();
    let calls = 0;
    ledger.before = () => {
      calls += 1;
      if (calls % 3 === 1) throw new Error('every third batch');
    };
    await read(open, { topic, ledger });
    for (let part = 0; part < 8; part += 1) await open.sender.send(topic, numbered(20, `r${part}`));
    await eventually(() => expect(firstSeen(ledger.texts())).toHaveLength(160));
    for (const partition of [0, 1, 2]) {
      const offsets = ledger.records.filter((r) => r.partition === partition).map((r) => Number(r.offset));
      expect(offsets).toEqual(offsets.map((_, index) => index));
    }
  });

  it('hands over records without key, without value, and not of ours, as they are', async () => {
    const topic = await open.world.makeTopic(1);
    await open.world.putRaw(topic, { key: null, value: 'no key' });
    await open.world.putRaw(topic, { key: 'k', value: null });
    await open.world.putRaw(topic, { key: '', value: '' });
    const ledger = new Ledger();
    await read(open, { topic, ledger });
    await eventually(() => expect(ledger.records).toHaveLength(3));
    expect(ledger.records.map(({ key, value }) => [key === null, value === null])).toEqual([
      [true, false],
      [false, true],
      [false, false],
    ]);
  });
}
