/** The gauges of a node, against a real ledger: what waits, for whom, how long; and a scrape while the database is silent. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { openTallies, type Tallies } from '#libs/event-store-postgres';
import { createMetrics } from '#libs/observability';
import { mailboxOf } from '#libs/use-cases';
import { exchangeAll } from '../../../libs/testing/exchange-all.ts';
import { ADAPTERS_AWAY, by, COMMUNE, DISTRICT } from '../../../libs/testing/gia-lam.ts';
import { act, acts, laterThan, newDossier } from '../../../libs/testing/test-acts.ts';
import { openTestDoor, type TestDoor } from '../../../libs/testing/test-door.ts';
import { openTestWorld, type TestWorld } from '../../../libs/testing/test-node.ts';
import { mailboxWatch } from './mailbox-watch.ts';
import { NodeSampler } from './sample-node.ts';
import { watchedStore } from './watched-store.ts';

const A_DAY_MS = 86_400_000;
const DISK = {
  ledgerBytes: 30_000,
  vaultBytes: 2_000,
  grownLastDayBytes: 100,
  freeBytes: 5_000_000_000_000,
  tables: [],
};

describe('the gauges of a node', () => {
  jest.setTimeout(60_000);
  let world: TestWorld;
  let door: TestDoor;
  let tallies: Tallies;
  let laterMs = 0;
  const loops = [
    { name: 'relay', failing: true, goodAt: Date.now() - 90_000 },
    { name: 'receipts', failing: false, goodAt: Date.now() },
  ];
  const samplerAt = (node: string) => {
    const { services } = world.nodeOf(node);
    const metrics = createMetrics({ node });
    const lists = door.readModels.dossiers;
    const now = (): number => Date.now() + laterMs;
    const of = {
      store: services.store,
      tallies: { read: () => tallies.read(), disk: () => Promise.resolve(DISK) },
      lists,
      ready: () => true,
      signs: () => true,
      vaultBackupAt: () => now() - 120_000,
      loops: () => loops,
      now,
    };
    return { metrics, sampler: new NodeSampler(of, metrics) };
  };
  /** By name and labels, without the node's. */
  const valuesIn = (text: string): Readonly<Record<string, number>> =>
    Object.fromEntries(
      [...text.matchAll(/^lienthong_(\w+)\{(.*)\} (\S+)$/gm)].map(([, name = '', labels = '', value]) => {
        const others = labels.split(',').filter((label) => !label.startsWith('node='));
        return [others.length > 0 ? `${name}{${others.join(',')}}` : name, Number(value)];
      }),
    );

  beforeAll(async () => {
    world = await openTestWorld(ADAPTERS_AWAY);
    door = await openTestDoor(world.nodeOf('gialam-district'));
    tallies = openTallies(world.nodeOf('gialam-district').ledgerDatabase.appUrl);
  }, 60_000);
  afterAll(async () => {
    await tallies.close();
    await door.close();
    await world.close();
  });

  it('say what waits for whom and how long, what is held, quarantined and unanswered, and how far the lists are', async () => {
    const subject = newDossier();
    const leg = { to: DISTRICT, reason: 'route', step: 'appraise', legDueAt: laterThan(world.clock.now(), A_DAY_MS) };
    const district = mailboxOf(world.nodeOf('gialam-district').node);
    await acts(world, subject, ['file-dossier', by(COMMUNE)], ['forward', by(COMMUNE, leg)]);
    await exchangeAll(world.nodes);
    // One event goes missing, the next one waits for it; a record that is no message is quarantined.
    const other = newDossier();
    await acts(world, other, ['file-dossier', by(COMMUNE)]);
    world.broker.disturb((records) =>
      records.filter(({ value }) => !Buffer.from(value).includes('"vn.lienthong.dossier.received')),
    );
    await acts(world, other, ['start-processing', by(COMMUNE)]);
    world.broker.put(district, { key: 'x', value: Buffer.from('no message') });
    await exchangeAll(world.nodes);
    // What the district writes now is confirmed by nobody: the broker is away.
    world.broker.setAway(true);
    await acts(world, subject, ['start-processing', by(DISTRICT)]);
    const { sampler } = samplerAt('gialam-district');
    laterMs = 40_000;
    const values = valuesIn(await sampler.text());
    world.broker.setAway(false);
    expect(values).toMatchObject({
      'held_messages{reason="GAP"}': 1,
      'outbox_depth{receiver="gialam-communes"}': 1,
      'deliveries_unconfirmed{receiver="gialam-communes"}': 1,
      'inbound_missing{sender="gialam-communes"}': expect.any(Number),
      unanswered_commands: 0,
      superseded_dossiers: 0,
      ready: 1,
      node_signs: 1,
      vault_backup_age_seconds: 120,
      'loop_failing{follower="relay"}': 1,
      'loop_failing{follower="receipts"}': 0,
    });
    expect(Object.keys(values)).toContainEqual(
      expect.stringMatching(/^quarantined_messages\{stage="bytes",code="[A-Z_]+"\}$/),
    );
    expect(values['sample_age_seconds']).toBeLessThan(5);
    for (const age of [
      'held_oldest_age_seconds{reason="GAP"}',
      'quarantined_oldest_age_seconds{stage="bytes"}',
      'outbox_oldest_age_seconds{receiver="gialam-communes"}',
      'loop_idle_seconds{follower="receipts"}',
    ])
      expect(values[age]).toBeGreaterThanOrEqual(40);
    expect(values['projection_lag']).toBe(values['log_size']);
    expect(values['table_bytes{relation="ledger"}']).toBeGreaterThan(8192);
    expect(values).toMatchObject({
      'database_bytes{relation="ledger"}': 30_000,
      'database_bytes{relation="vault"}': 2_000,
      database_growth_bytes: 100,
      disk_free_bytes: 5_000_000_000_000,
    });
    await door.fold();
    laterMs += 10_000;
    expect(valuesIn(await sampler.text())['projection_lag']).toBe(0);
  });

  it('ask the database once in five seconds, and answer while it is silent, saying how old they are', async () => {
    laterMs = 0;
    const { services } = world.nodeOf('gialam-district');
    let asked = 0;
    let silent = false;
    const counting = {
      read: () => {
        asked += 1;
        return silent ? new Promise<never>(() => undefined) : tallies.read();
      },
    };
    const metrics = createMetrics({ node: 'gialam-district' });
    const now = (): number => Date.now() + laterMs;
    const of = {
      store: services.store,
      tallies: counting,
      ready: () => false,
      signs: () => true,
      vaultBackupAt: () => undefined,
      loops: () => [],
      now,
    };
    const sampler = new NodeSampler(of, metrics);
    await Promise.all([sampler.text(), sampler.text(), sampler.text()]);
    await sampler.text();
    expect(asked).toBe(1);
    silent = true;
    laterMs = 60_000;
    const values = valuesIn(await sampler.text());
    expect(asked).toBe(2);
    expect(values['sample_age_seconds']).toBeGreaterThanOrEqual(60);
    expect(values['ready']).toBe(0);
    expect(values['log_size']).toBeGreaterThan(0);
  });

  it('are joined by what is counted on the way: appends by verdict, the mailbox by verdict and how far it is behind', async () => {
    const { services } = world.nodeOf('gialam-communes');
    const metrics = createMetrics({ node: 'gialam-communes' });
    const store = watchedStore(services.store, metrics);
    const node = { ...world.nodeOf('gialam-communes'), services: { ...services, store } };
    const acted = await act({ ...world, nodes: [node] }, 'file-dossier', newDossier(), by(COMMUNE));
    expect(acted.kind).toBe('answered');
    const watch = mailboxWatch(metrics);
    const batch = { topic: 't', clusterId: 'c', partition: 1, partitionStart: '0', highWatermark: '15' };
    const records = [{ partition: 1, offset: '9', key: null, value: null, headers: {} }];
    watch.state('reading');
    watch.taken({ ...batch, records }, { recorded: 3, duplicates: 0, held: 0, quarantined: 1, dropped: 0 });
    const values = valuesIn(await metrics.text());
    expect(values).toMatchObject({
      'appended_total{class="event",arrival="local"}': 1,
      'append_duration_seconds_count{verdict="appended"}': 1,
      'ingest_judged_total{verdict="recorded"}': 3,
      'ingest_judged_total{verdict="quarantined"}': 1,
      mailbox_lag_records: 5,
      mailbox_reading: 1,
    });
    watch.state('stopped');
    const stopped = valuesIn(await metrics.text());
    expect(stopped).toMatchObject({ mailbox_reading: 0 });
    expect(stopped).not.toHaveProperty('mailbox_lag_records');
  });
});
