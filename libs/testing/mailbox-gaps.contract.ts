/** A place that the broker no longer holds is told, never jumped over. */
import { expect, it } from '@jest/globals';
import type { MailboxOffset } from '#libs/use-cases';
import { eventually } from './eventually.ts';
import { Ledger, numbered, read, type OpenMailboxes } from './mailbox-under-test.ts';

export function gapsContract(open: OpenMailboxes): void {
  it('tells of an offset beyond the end, and begins with the earliest record', async () => {
    const topic = await open.world.makeTopic(1);
    await open.sender.send(topic, numbered(2, 'x'));
    const known = new Ledger();
    const reader = await read(open, { topic, ledger: known });
    await eventually(() => expect(known.records).toHaveLength(2));
    await reader.stop();
    const ledger = new Ledger();
    ledger.offsets.set(0, { ...(known.offsets.get(0) as MailboxOffset), next: '40' });
    await read(open, { topic, ledger });
    await eventually(() => expect(ledger.texts()).toEqual(['x-0', 'x-1']));
    expect(ledger.gaps).toMatchObject([{ partition: 0, reason: 'BEYOND_END', from: '0' }]);
  });

  it('tells of another cluster, and reads nothing before the caller has heard it', async () => {
    const topic = await open.world.makeTopic(1);
    await open.sender.send(topic, numbered(2, 'x'));
    const ledger = new Ledger();
    ledger.offsets.set(0, { clusterId: 'another', partition: 0, partitionStart: '0', next: '1' });
    let asked = 0;
    const consumer = open.world.openConsumer({
      topic,
      group: open.newGroup(topic),
      findOffset: ledger.findOffset,
      handle: ledger.handle,
      onGap: (gap) => {
        asked += 1;
        return asked < 3 ? Promise.reject(new Error('cannot ask the senders now')) : ledger.onGap(gap);
      },
    });
    open.running.push(consumer);
    await consumer.start();
    await eventually(() => expect(ledger.texts()).toEqual(['x-0', 'x-1']));
    expect(asked).toBe(3);
    expect(ledger.gaps).toMatchObject([{ reason: 'CLUSTER_CHANGED', from: '0' }]);
  });

  it('notices that the topic was made anew and filled past where it had read, while nobody read', async () => {
    const topic = await open.world.makeTopic(1);
    const ledger = new Ledger();
    const reader = await read(open, { topic, ledger });
    await open.sender.send(topic, numbered(3, 'old'));
    await eventually(() => expect(ledger.records).toHaveLength(3));
    await reader.stop();
    await open.world.recreateTopic(topic, 1);
    await eventually(() => open.sender.send(topic, numbered(5, 'new')));
    await read(open, { topic, ledger });
    const all = numbered(5, 'new').map((_one, at) => `new-${at}`);
    await eventually(() => expect(ledger.texts()).toEqual(expect.arrayContaining(all)));
    expect(ledger.gaps).toMatchObject([{ reason: 'RECORD_DIFFERS', from: '0' }]);
  });

  it('goes on where it was when the record before is the one that it read last, and hands that out no second time', async () => {
    const topic = await open.world.makeTopic(1);
    const ledger = new Ledger();
    await open.sender.send(topic, numbered(3, 'x'));
    const reader = await read(open, { topic, ledger });
    await eventually(() => expect(ledger.records).toHaveLength(3));
    await reader.stop();
    const again = await read(open, { topic, ledger });
    await open.sender.send(topic, numbered(2, 'y'));
    await eventually(() => expect(ledger.texts()).toEqual(['x-0', 'x-1', 'x-2', 'y-0', 'y-1']));
    await again.stop();
    expect(ledger.gaps).toEqual([]);
  });

  it('notices under way that the topic was made anew', async () => {
    const topic = await open.world.makeTopic(1);
    const ledger = new Ledger();
    await read(open, { topic, ledger });
    await open.sender.send(topic, numbered(20, 'old'));
    await eventually(() => expect(ledger.records).toHaveLength(20));
    await open.world.recreateTopic(topic, 1);
    await eventually(() => open.sender.send(topic, numbered(3, 'new')));
    await eventually(() => expect(ledger.texts()).toEqual(expect.arrayContaining(['new-0', 'new-1', 'new-2'])));
    expect(ledger.gaps).toMatchObject([{ reason: 'BEYOND_END', from: '0' }]);
  });
}
