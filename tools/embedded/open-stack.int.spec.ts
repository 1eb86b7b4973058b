import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEventStore } from '#libs/event-store-postgres';
import { DIRECTORY_TOPIC, openAdmin } from '#libs/messaging-kafka';
import type { NodeId } from '#libs/kernel';
import { openStack, type EmbeddedStack, type Phase } from './index.ts';
import { forgetStack } from './left-nodes.ts';

const adminUrl = process.env['TEST_DATABASE_ADMIN_URL'] ?? '';
const prefix = `s${Math.floor(performance.timeOrigin)}_`;
let dataDir: string;
beforeAll(() => {
  dataDir = join(mkdtempSync(join(tmpdir(), 'lienthong-embedded-')), 'data');
});
afterAll(() => rmSync(join(dataDir, '..'), { recursive: true, force: true }));

async function directoryEnd(stack: EmbeddedStack): Promise<string | undefined> {
  const { brokers } = stack.record;
  const kafka = await stack.startKafka();
  const admin = await openAdmin({ brokers, clientId: 'spec', sasl: kafka.admin });
  try {
    return (await admin.ranges(DIRECTORY_TOPIC))[0]?.high;
  } finally {
    await admin.close();
  }
}

describe('an embedded stack', () => {
  it('comes up to the nodes, and again on kept state without stating anything new', async () => {
    const phases: Phase[] = [];
    const open = () =>
      openStack({
        dataDir,
        postgres: { adminUrl, prefix },
        runPhase: async (phase, work) => {
          phases.push(phase);
          return work();
        },
      });
    const first = await open();
    const stated = await directoryEnd(first);
    expect(phases).toEqual(['kafka', 'keys', 'databases', 'broker', 'directory']);
    expect(Number(stated)).toBeGreaterThan(90);
    const places = first.databaseUrls.get('gialam-district' as NodeId);
    const store = await openEventStore({ url: places?.ledger.appUrl ?? '', softwareVersion: 'spec' });
    expect(await store.logSize()).toEqual({ size: 0 });
    await store.close();
    await first.stop();

    const second = await open();
    expect(await directoryEnd(second)).toBe(stated);
    expect(second.databaseUrls).toEqual(first.databaseUrls);
    await second.stop();
  }, 120_000);

  it('is forgotten when nobody uses it, and refuses while somebody does', async () => {
    const stack = await openStack({ dataDir, postgres: { adminUrl, prefix } });
    await expect(forgetStack(dataDir)).rejects.toMatchObject({ code: 'STACK_IN_USE' });
    await stack.stop();
    await forgetStack(dataDir);
    expect(existsSync(dataDir)).toBe(false);
  }, 120_000);
});
