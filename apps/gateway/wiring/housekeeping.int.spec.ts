/** A turn of pruning on real databases, what is counted of it, and the disk as the status page has it. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { tmpdir } from 'node:os';
import pg from 'pg';
import type { GatewayConfig } from '#libs/config';
import { createMetrics } from '#libs/observability';
import { openTestNode, type TestNode } from '../../../libs/testing/test-node.ts';
import { openHousekeeping, type Housekeeping } from './housekeeping.ts';

describe('housekeeping', () => {
  jest.setTimeout(60_000);
  let node: TestNode;
  let owner: pg.Client;
  let housekeeping: Housekeeping;
  const metrics = createMetrics({ node: 'gialam-communes' });
  beforeAll(async () => {
    node = await openTestNode();
    const { appUrl, ownerUrl } = node.ledgerDatabase;
    owner = new pg.Client(ownerUrl);
    await owner.connect();
    const config = { databaseUrl: appUrl, vaultDatabaseUrl: appUrl, databaseVolume: tmpdir() } as GatewayConfig;
    housekeeping = openHousekeeping(config, { retire: () => Promise.resolve(2) }, metrics);
  });
  afterAll(async () => {
    await housekeeping.close();
    await owner.end();
    await node.close();
  });

  it('prunes step by step until nothing is left to go, counts it, and leaves what is young', async () => {
    await owner.query(`insert into lt.idempotency (client, agency, key, body_hmac, answer, messages, kept_at)
      select 'c', 'a', n::text, 'h', '{}', 0, now() - case when n <= 1300 then interval '9 days' else interval '1 hour' end
      from generate_series(1, 1310) n`);
    await housekeeping.prune();
    const { rows } = await owner.query<{ left: number }>('select count(*)::int as left from lt.idempotency');
    expect(rows).toEqual([{ left: 10 }]);
    const text = await metrics.text();
    expect(text).toMatch(/lienthong_pruned_total\{relation="idempotency",node="gialam-communes"\} 1300/);
    expect(text).toMatch(/lienthong_pruned_total\{relation="read-models",node="gialam-communes"\} 2/);
  });

  it('looks at the disk once a minute, however many ask, and tells what is free', async () => {
    const [disk, again] = await Promise.all([housekeeping.disk(), housekeeping.disk()]);
    expect(again).toBe(disk);
    expect(disk).toMatchObject({ ledgerBytes: expect.any(Number), freeBytes: expect.any(Number) });
    expect(disk.freeBytes).toBeGreaterThan(0);
  });
});
