/**
 * Metrics of the gateway in the format of Prometheus, as the catalogue has them. Every label has a closed grammar; a value
 * outside of it is counted under `other`, so that no label can carry a personal datum and no caller can make endless series.
 */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { isAllowedText } from './closed-grammar.ts';
import type { TextField } from './closed-grammar.ts';
import { METRICS, type CounterName, type GaugeName, type HistogramName, type MetricName } from './metric-catalogue.ts';
import type { MetricEntry } from './metric-entry.ts';

export interface MetricsOptions {
  readonly node: string;
  /** Also memory, event loop and garbage collection of the process. */
  readonly ofProcess?: boolean;
  /** When the newest backup of the vault was made, in milliseconds since 1970; undefined: none is known. */
  readonly vaultBackupAt?: () => number | undefined;
  /** Whether the node may sign: 0 from the moment at which its database was found to be an old one. */
  readonly signs?: () => boolean;
}
export type MetricLabels = Readonly<Partial<Record<TextField, string>>>;
export interface GaugeRow {
  readonly labels?: MetricLabels;
  readonly value: number;
}

export interface GatewayMetrics {
  count(name: CounterName, labels: MetricLabels, by?: number): void;
  observe(name: HistogramName, labels: MetricLabels, value: number): void;
  /** All series of the gauge; one that is not among them is gone. */
  set(name: GaugeName, rows: readonly GaugeRow[]): void;
  readonly contentType: string;
  /** All of them, as `GET /metrics` answers. */
  text(): Promise<string>;
}

export const METRIC_PREFIX = 'lienthong_';
/** Receivers, senders: as many as nodes in the directory of a city; more than this is a mistake. */
const MOST_SERIES = 1_000;

export function createMetrics({ node, ofProcess = false }: MetricsOptions): GatewayMetrics {
  const registry = new Registry();
  registry.setDefaultLabels(grammatical({ node }));
  if (ofProcess) collectDefaultMetrics({ register: registry, prefix: METRIC_PREFIX });
  const made = new Map(Object.entries<MetricEntry>(METRICS).map(([name, one]) => [name, make(registry, name, one)]));
  const of = <T>(name: MetricName): T => made.get(name) as T;
  return {
    count: (name, labels, by = 1) => of<Counter>(name).inc(grammatical(labels), by),
    observe: (name, labels, value) => of<Histogram>(name).observe(grammatical(labels), value),
    set: (name, rows) => {
      const found = of<Gauge>(name);
      empty(found);
      if (METRICS[name].labels.length > 0) for (const row of rows.slice(0, MOST_SERIES)) add(found, row);
      else if (rows.length > 0) found.set(rows.reduce((sum, { value }) => sum + value, 0));
    },
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}

/** A gauge without labels would else say 0 of what is not known, or not there. */
function empty(found: Gauge): void {
  found.reset();
  found.remove({});
}

/** Several rows may fall together under `other`. */
const add = (found: Gauge, { labels = {}, value }: GaugeRow): void => found.inc(grammatical(labels), value);

function make(registry: Registry, name: string, { type, labels, means, buckets }: MetricEntry) {
  const options = { name: METRIC_PREFIX + name, help: means, labelNames: [...labels], registers: [registry] };
  switch (type) {
    case 'counter':
      return new Counter(options);
    case 'gauge': {
      const made = new Gauge(options);
      empty(made);
      return made;
    }
    case 'histogram':
      return new Histogram({ ...options, buckets: [...(buckets ?? [])] });
  }
}

const grammatical = (values: MetricLabels): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, isAllowedText(name as TextField, value) ? value : 'other']),
  );
