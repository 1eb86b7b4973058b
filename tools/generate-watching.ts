/** `docs/metrics.md` and `docs/report-codes.md` from the catalogues in `libs/observability`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { METRIC_PREFIX, METRICS, REPORT_CODES, type MetricEntry } from '#libs/observability';

const root = `${import.meta.dirname}/..`;
const MADE = '<!-- Made by npm run generate. -->';

function metricsPage(): string {
  const rows = Object.entries<MetricEntry>(METRICS).map(([name, { type, labels, unit, means, bad }]) => {
    const named = labels.map((label) => `\`${label}\``).join(', ');
    return `| \`${METRIC_PREFIX}${name}\` | ${type} | ${unit} | ${named} | ${means} | ${bad} |`;
  });
  return [
    MADE,
    '# Metrics',
    '`GET /metrics` of every process, in the format of Prometheus. Every series also has the label `node`. Gauges about the ledger are read at a scrape, every five seconds at most, and are alike at every process of a node: take `max by (node, …)`. No label can carry a personal value, and none has endless values: what does not fit its grammar is counted under `other`. Of the process itself there are `lienthong_process_…` and `lienthong_nodejs_…` (memory, processor, open files, event loop, garbage collection) as prom-client names them.',
    'Ready-made: [alert rules](../ops/prometheus/alerts.yml) and a [dashboard](../ops/grafana/lienthong.json); see [watch a node](guides/watch-a-node.md).',
    [
      '| metric | type | unit | labels | what it says | when it is bad |',
      '| --- | --- | --- | --- | --- | --- |',
      ...rows,
    ].join('\n'),
  ].join('\n\n');
}

function codesPage(): string {
  const rows = Object.entries(REPORT_CODES).map(
    ([code, { level, means, todo }]) => `| \`${code}\` | ${level} | ${means} | ${todo} |`,
  );
  return [
    MADE,
    '# Report codes',
    'The log is one JSON object a line: `level`, `time`, `node`, `instance`, `msg`, and, where they are known, `code`, `subject`, `traceId` and other fields of a closed list; `dropped` counts what was handed in and did not fit. Each code is counted in `lienthong_reports_total`.',
    ['| code | level | what happened | what to do |', '| --- | --- | --- | --- |', ...rows].join('\n'),
  ].join('\n\n');
}

for (const [file, text] of [
  ['docs/metrics.md', metricsPage()],
  ['docs/report-codes.md', codesPage()],
] as const) {
  const path = `${root}/${file}`;
  const wanted = await format(text, { ...(await resolveConfig(path)), parser: 'markdown' });
  if (!process.argv.includes('--check')) writeFileSync(path, wanted);
  else if (readFileSync(path, 'utf8') !== wanted) {
    console.error(`${file} is out of date: run npm run generate`);
    process.exitCode = 1;
  }
}
