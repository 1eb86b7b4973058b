import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '../testing/eventually.ts';
import { adminConnection, anyNode } from '../testing/test-kafka.ts';
import {
  type DirectoryReader,
  directoryWanted,
  groupPrefix,
  openAdmin,
  openSender,
  readDirectoryToEnd,
} from './index.ts';

jest.setTimeout(60_000);

describe('readDirectoryToEnd', () => {
  let topic: string;
  // A topic of this spec's own, with the settings of the real one.
  beforeAll(async () => {
    topic = `lienthong.directory.${anyNode()}`;
    const admin = await openAdmin(adminConnection());
    await admin.ensureTopics([{ ...directoryWanted(), topic }]);
    await admin.close();
  });

  async function publish(...values: readonly string[]): Promise<void> {
    const sender = openSender({ connection: adminConnection() });
    await sender.send(
      topic,
      values.map((value) => ({ key: 'agency/H26', value: Buffer.from(value) })),
    );
    await sender.close();
  }
  function readInto(values: string[], refuse: () => boolean = () => false): DirectoryReader {
    return readDirectoryToEnd({
      connection: adminConnection(),
      groupPrefix: groupPrefix(anyNode()),
      topic,
      handle: async ({ records }) => {
        if (refuse()) throw new Error('not now');
        values.push(...records.map(({ value }) => String(value)));
      },
      tuning: { retryFirstMs: 10 },
    });
  }

  it('is level with an empty topic at once, then follows', async () => {
    const values: string[] = [];
    const reader = readInto(values);
    await reader.level;
    expect(values).toEqual([]);
    await publish('1', '2');
    await eventually(() => expect(values).toEqual(['1', '2']));
    await reader.stop();
  });

  it('is level only when all has been handled, refused batches included; each reader reads all of it', async () => {
    const values: string[] = [];
    let left = 3;
    const reader = readInto(values, () => (left -= 1) > 0);
    await reader.level;
    expect(values).toEqual(['1', '2']);
    const others: string[] = [];
    const other = readInto(others);
    await other.level;
    expect(others).toEqual(['1', '2']);
    await publish('3');
    await eventually(() =>
      expect([values, others]).toEqual([
        ['1', '2', '3'],
        ['1', '2', '3'],
      ]),
    );
    await Promise.all([reader.stop(), other.stop()]);
  });
});
