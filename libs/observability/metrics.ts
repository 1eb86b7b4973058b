/**
 * Metrics of the gateway in the format of Prometheus. Every label has a closed grammar; a value outside of it is counted
 * under `other`, so that no label can carry a personal datum and no caller can make endless series.
 */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { isAllowedText } from './closed-grammar.ts';
import type { TextField } from './closed-grammar.ts';

export interface MetricsOptions {
  readonly node: string;
  /** Real time in milliseconds since 1970. */
  readonly now: () => number;
  /** Also memory, event loop and garbage collection of the process. */
  readonly ofProcess?: boolean;
}

export interface GatewayMetrics {
  /** `route` is the template of the controller. */
  httpAnswered(answer: { method: string; route: string; status: number; seconds: number }): void;
  /** Messages recorded, by class (`event`, `command` …) and arrival (`local`, `mailbox`). */
  appended(messages: { class: string; arrival: string; count?: number }): void;
  /** Units that went in one call of the database. */
  groupCommitted(units: number): void;
  /** What waits for a receiver; `oldestAt` in milliseconds since 1970, absent when nothing waits. */
  outbox(receiver: string, waiting: { depth: number; oldestAt?: number }): void;
  held(reason: string, count: number): void;
  quarantined(code: string, count: number): void;
  parked(reason: string, count: number): void;
  /** `duplicate`, `quarantined`, `held`, `recorded`. */
  judged(verdict: string, count?: number): void;
  checkpointSigned(size: number): void;
  /** Openings that this node may have and has not; `oldestSince` absent when none is awaited. Undefined: not known now. */
  openingsAwaited(awaited: { openings: number; dossiers: number; oldestSince?: string } | undefined): void;
  readonly contentType: string;
  /** All of them, as `GET /metrics` answers. */
  text(): Promise<string>;
}

/** Seconds; the promise to answer a clerk's system is in the tens of milliseconds, a wait for an outcome in seconds. */
const HTTP_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const GROUP_BUCKETS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

export function createMetrics({ node, now, ofProcess = false }: MetricsOptions): GatewayMetrics {
  const registry = new Registry();
  registry.setDefaultLabels(labels({ node }));
  const registers = [registry];
  if (ofProcess) collectDefaultMetrics({ register: registry, prefix: 'lienthong_' });
  return {
    ...countersOf(registers),
    ...gaugesOf(registers, now),
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}

type Registers = Registry[];
const labels = (values: Partial<Record<TextField, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, isAllowedText(name as TextField, value) ? value : 'other']),
  );

function countersOf(
  registers: Registers,
): Pick<GatewayMetrics, 'httpAnswered' | 'appended' | 'groupCommitted' | 'judged'> {
  const http = new Histogram({
    name: 'lienthong_http_request_duration_seconds',
    help: 'Time to answer an HTTP request',
    labelNames: ['method', 'route', 'status'],
    buckets: HTTP_BUCKETS,
    registers,
  });
  const appended = new Counter({
    name: 'lienthong_appended_total',
    help: 'Messages recorded in the ledger',
    labelNames: ['class', 'arrival'],
    registers,
  });
  const group = new Histogram({
    name: 'lienthong_group_commit_units',
    help: 'Units that were appended in one call',
    buckets: GROUP_BUCKETS,
    registers,
  });
  const judged = new Counter({
    name: 'lienthong_ingest_judged_total',
    help: 'Messages of the mailbox judged at the border',
    labelNames: ['verdict'],
    registers,
  });
  return {
    httpAnswered: ({ method, route, status, seconds }) =>
      http.observe(labels({ method, route, status: String(status) }), seconds),
    appended: ({ class: of, arrival, count = 1 }) => appended.inc(labels({ class: of, arrival }), count),
    groupCommitted: (units) => group.observe(units),
    judged: (verdict, count = 1) => judged.inc(labels({ verdict }), count),
  };
}

type GaugeFunctions = Pick<
  GatewayMetrics,
  'outbox' | 'held' | 'quarantined' | 'parked' | 'checkpointSigned' | 'openingsAwaited'
>;
function gaugesOf(registers: Registers, now: () => number): GaugeFunctions {
  const gauge = (name: string, help: string, label?: TextField) =>
    new Gauge({ name: `lienthong_${name}`, help, labelNames: label ? [label] : [], registers });
  const depth = gauge('outbox_depth', 'Messages that wait for a receiver', 'receiver');
  const outboxAge = agesOf('outbox_oldest_age_seconds', 'Age of the oldest message that waits for a receiver');
  const held = gauge('held_messages', 'Messages held at the border', 'reason');
  const quarantined = gauge('quarantined_messages', 'Messages in quarantine', 'code');
  const parked = gauge('parked_dossiers', 'Dossiers whose fold is parked', 'reason');
  const openings = gauge('openings_awaited', 'Openings that this node may have and has not been sent');
  const unreadable = gauge('openings_awaited_dossiers', 'Dossiers that lack such openings');
  const openingsAge = agesOf('openings_awaited_oldest_age_seconds', 'Age of the opening awaited longest');
  const size = gauge('checkpoint_size', 'Size of the log at the last signed checkpoint');
  const checkpointAge = agesOf('checkpoint_age_seconds', 'Age of the last signed checkpoint');
  return {
    outbox: (receiver, waiting) => {
      depth.set(labels({ receiver }), waiting.depth);
      outboxAge(labels({ receiver }), waiting.oldestAt);
    },
    held: (reason, count) => held.set(labels({ reason }), count),
    quarantined: (code, count) => quarantined.set(labels({ code }), count),
    parked: (reason, count) => parked.set(labels({ reason }), count),
    openingsAwaited: (awaited) => {
      openings.set(awaited?.openings ?? Number.NaN);
      unreadable.set(awaited?.dossiers ?? Number.NaN);
      openingsAge({}, awaited?.oldestSince === undefined ? undefined : Date.parse(awaited.oldestSince));
    },
    checkpointSigned: (signed) => {
      size.set(signed);
      checkpointAge({}, now());
    },
  };

  /** Ages grow between two reports, so they are reckoned when they are asked for. Nothing there: no series. */
  function agesOf(name: string, help: string): (of: Record<string, string>, at: number | undefined) => void {
    const since = new Map<string, { of: Record<string, string>; at: number }>();
    const ages = new Gauge({
      name: `lienthong_${name}`,
      help,
      labelNames: ['receiver'],
      registers,
      collect: () => {
        ages.reset();
        for (const { of, at } of since.values()) ages.set(of, Math.max(0, now() - at) / 1000);
      },
    });
    return (of, at) => {
      const key = Object.values(of).join();
      if (at === undefined) since.delete(key);
      else since.set(key, { of, at });
    };
  }
}
