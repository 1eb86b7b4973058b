/**
 * What the gauges say of the node, read when Prometheus asks and every five seconds at most, however many ask. A scrape is
 * always answered: a database that is silent leaves the gauges as they were, and `sample_age_seconds` grows. Proved by
 * sample-node.int.spec.ts.
 */
import type { LedgerTallies } from '#libs/event-store-postgres';
import type { DiskView } from '#libs/http-api';
import type { GatewayMetrics } from '#libs/observability';
import type { DossierQueries } from '#libs/read-models';
import type { DeliveryStatus, EventStore, InboundStatus, OpeningsAwaited, OpeningsRegister } from '#libs/use-cases';
import type { LoopHealth } from '../roles/loop.ts';

export interface NodeToSample {
  readonly store: Pick<EventStore, 'deliveries' | 'inbound' | 'logSize' | 'findCheckpoint'>;
  readonly tallies: { read(): Promise<LedgerTallies>; disk?(): Promise<DiskView> };
  readonly lists?: Pick<DossierQueries, 'tallies'>;
  readonly openings?: Pick<OpeningsRegister, 'total'>;
  ready(): boolean;
  /** Whether the node may sign (design 5, *Life*). */
  signs(): boolean;
  /** Milliseconds since 1970; undefined: none is known. */
  vaultBackupAt(): number | undefined;
  loops(): readonly LoopHealth[];
  /** Milliseconds, real time. */
  now(): number;
}

const AT_MOST_EVERY_MS = 5_000;
const WAIT_MS = 4_000;

export class NodeSampler {
  readonly #node: NodeToSample;
  readonly #metrics: GatewayMetrics;
  readonly #openedAt: number;
  #sampledAt: number | undefined;
  #begunAt = -Infinity;
  #running: Promise<void> | undefined;

  constructor(node: NodeToSample, metrics: GatewayMetrics) {
    this.#node = node;
    this.#metrics = metrics;
    this.#openedAt = node.now();
  }

  /** All metrics as text, with gauges as fresh as the database lets them be. */
  async text(): Promise<string> {
    const now = this.#node.now();
    if (!this.#running && now - this.#begunAt >= AT_MOST_EVERY_MS) {
      this.#begunAt = now;
      this.#running = this.#sample().finally(() => {
        this.#running = undefined;
      });
    }
    await withinTime(this.#running);
    this.#setOwn();
    return this.#metrics.text();
  }

  async #sample(): Promise<void> {
    const { store, tallies, lists, openings } = this.#node;
    try {
      const [deliveries, inbound, log, checkpoint, counted, listed, awaited, disk] = await Promise.all([
        store.deliveries(),
        store.inbound(),
        store.logSize(),
        store.findCheckpoint(),
        tallies.read(),
        lists?.tallies(),
        openings?.total(),
        tallies.disk?.(),
      ]);
      const now = this.#node.now();
      setLines(this.#metrics, { deliveries, inbound }, now);
      setTrouble(this.#metrics, counted, now);
      this.#metrics.set('log_size', [{ value: log.size }]);
      this.#metrics.set('checkpoint_size', [{ value: checkpoint?.size ?? 0 }]);
      if (listed) {
        this.#metrics.set('projection_lag', [{ value: Math.max(0, log.size - 1 - listed.foldedUpTo) }]);
        this.#metrics.set(
          'parked_dossiers',
          rowsOf(listed.parked, ({ reason }) => ({ reason })),
        );
        this.#metrics.set('superseded_dossiers', [{ value: listed.superseded }]);
      }
      if (awaited) setOpenings(this.#metrics, awaited, now);
      if (disk) setDisk(this.#metrics, disk);
      this.#sampledAt = now;
    } catch {
      // Said by the age of the sample, and by everything else that needs the database.
    }
  }

  /** What the process knows without asking. */
  #setOwn(): void {
    const metrics = this.#metrics;
    const now = this.#node.now();
    metrics.set('ready', [{ value: this.#node.ready() ? 1 : 0 }]);
    metrics.set('node_signs', [{ value: this.#node.signs() ? 1 : 0 }]);
    const backupAt = this.#node.vaultBackupAt();
    metrics.set('vault_backup_age_seconds', backupAt === undefined ? [] : [{ value: secondsSince(backupAt, now) }]);
    metrics.set('sample_age_seconds', [{ value: secondsSince(this.#sampledAt ?? this.#openedAt, now) }]);
    const all = this.#node.loops();
    metrics.set(
      'loop_failing',
      all.map(({ name, failing }) => ({ labels: { follower: name }, value: failing ? 1 : 0 })),
    );
    metrics.set(
      'loop_idle_seconds',
      all.map(({ name, goodAt }) => ({ labels: { follower: name }, value: secondsSince(goodAt, now) })),
    );
  }
}

interface Lines {
  readonly deliveries: readonly DeliveryStatus[];
  readonly inbound: readonly InboundStatus[];
}

/** A peer's lines of several lives count together; its age is that of the oldest. */
function setLines(metrics: GatewayMetrics, { deliveries, inbound }: Lines, now: number): void {
  const peers = [...Map.groupBy(deliveries, ({ peer }) => peer)];
  const sum = (of: (status: DeliveryStatus) => number) =>
    peers.map(([peer, lines]) => ({ labels: { receiver: peer }, value: lines.reduce((all, one) => all + of(one), 0) }));
  metrics.set(
    'outbox_depth',
    sum(({ highest, sent }) => highest - sent),
  );
  metrics.set(
    'deliveries_unconfirmed',
    sum(({ highest, contiguousUpTo }) => Math.max(0, highest - contiguousUpTo)),
  );
  metrics.set(
    'deliveries_refused',
    sum(({ refused }) => refused.length),
  );
  const ages = peers.flatMap(([peer, lines]) => {
    const oldest = lines.flatMap(({ oldestUnconfirmedAt: at }) => (at === undefined ? [] : [Date.parse(at)]));
    return oldest.length === 0 ? [] : [{ labels: { receiver: peer }, value: secondsSince(Math.min(...oldest), now) }];
  });
  metrics.set('outbox_oldest_age_seconds', ages);
  const senders = [...Map.groupBy(inbound, ({ peer }) => peer)];
  metrics.set(
    'inbound_missing',
    senders.map(([peer, lines]) => ({
      labels: { sender: peer },
      value: lines.reduce((all, { highest, contiguousUpTo }) => all + Math.max(0, highest - contiguousUpTo), 0),
    })),
  );
}

function setTrouble(
  metrics: GatewayMetrics,
  { held, quarantined, unanswered, sizes }: LedgerTallies,
  now: number,
): void {
  metrics.set(
    'held_messages',
    rowsOf(held, ({ reason }) => ({ reason })),
  );
  metrics.set(
    'held_oldest_age_seconds',
    agesOf(held, now, ({ reason }) => ({ reason })),
  );
  metrics.set(
    'quarantined_messages',
    rowsOf(quarantined, ({ stage, code }) => ({ stage, code })),
  );
  const stages = [...Map.groupBy(quarantined, ({ stage }) => stage)].map(([stage, all]) => {
    const oldest = all.flatMap((one) => one.oldest ?? []).toSorted((a, b) => a.getTime() - b.getTime())[0];
    return { stage, ...(oldest ? { oldest } : {}) };
  });
  metrics.set(
    'quarantined_oldest_age_seconds',
    agesOf(stages, now, ({ stage }) => ({ stage })),
  );
  metrics.set('unanswered_commands', [{ value: unanswered.count }]);
  metrics.set(
    'unanswered_oldest_age_seconds',
    agesOf([unanswered], now, () => ({})),
  );
  metrics.set(
    'table_bytes',
    sizes.map(({ relation, bytes }) => ({ labels: { relation }, value: bytes })),
  );
}

function setDisk(metrics: GatewayMetrics, { ledgerBytes, vaultBytes, grownLastDayBytes, freeBytes }: DiskView): void {
  metrics.set('database_bytes', [
    { labels: { relation: 'ledger' }, value: ledgerBytes },
    { labels: { relation: 'vault' }, value: vaultBytes },
  ]);
  metrics.set('database_growth_bytes', [{ value: grownLastDayBytes }]);
  metrics.set('disk_free_bytes', freeBytes === undefined ? [] : [{ value: freeBytes }]);
}

/** What this node may read and has not been sent. */
export function setOpenings(metrics: GatewayMetrics, awaited: OpeningsAwaited, now: number): void {
  const { openings, dossiers, oldestSince } = awaited;
  metrics.set('openings_awaited', [{ value: openings }]);
  metrics.set('openings_awaited_dossiers', [{ value: dossiers }]);
  const ages = oldestSince === undefined ? [] : [{ value: secondsSince(Date.parse(oldestSince), now) }];
  metrics.set('openings_awaited_oldest_age_seconds', ages);
}

type LabelsOf<T> = (one: T) => Readonly<Record<string, string>>;
const rowsOf = <T extends { readonly count: number }>(all: readonly T[], labels: LabelsOf<T>) =>
  all.map((one) => ({ labels: labels(one), value: one.count }));
const agesOf = <T extends { readonly oldest?: Date }>(all: readonly T[], now: number, labels: LabelsOf<T>) =>
  all.flatMap((one) => (one.oldest ? [{ labels: labels(one), value: secondsSince(one.oldest.getTime(), now) }] : []));

const secondsSince = (at: number, now: number): number => Math.max(0, now - at) / 1000;

async function withinTime(work: Promise<void> | undefined): Promise<void> {
  if (!work) return;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, WAIT_MS);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}
