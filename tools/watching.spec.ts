/**
 * What an operator is given fits what the gateway tells: every metric, label, code and runbook that alerts and dashboard name
 * is there; every metric is fed and shown; every code that is reported is in the catalogue, and none is there for nothing.
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parser } from '@prometheus-io/lezer-promql';
import ts from 'typescript';
import { parse } from 'yaml';
import { createMetrics, METRIC_PREFIX, METRICS, REPORT_CODES, type MetricEntry } from '#libs/observability';
import { anchorsOf, root, textOf } from '../test/support/guides.ts';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: { readonly severity: string };
  readonly annotations: Readonly<Record<string, string>>;
}
interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: Readonly<Record<'x' | 'y' | 'w' | 'h', number>>;
  readonly targets?: readonly { readonly refId: string; readonly expr: string; readonly legendFormat: string }[];
}
interface Dashboard {
  readonly uid: string;
  readonly schemaVersion: number;
  readonly templating: { readonly list: readonly { readonly name: string }[] };
  readonly panels: readonly Panel[];
}

const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const alerts = (parse(read('ops/prometheus/alerts.yml')) as { groups: { rules: Rule[] }[] }).groups.flatMap(
  ({ rules }) => rules,
);
const dashboard = JSON.parse(read('ops/grafana/lienthong.json')) as Dashboard;
const shown = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

/** Of every series: by Prometheus, by the registry. `le` of histograms. */
const EVERYWHERE = ['job', 'instance', 'node'];
const processMetrics = new Set(
  [...(await createMetrics({ node: 'n', ofProcess: true }).text()).matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name),
);
function labelsOf(metric: string): readonly string[] | undefined {
  if (metric === 'up' || (processMetrics.has(metric) && !(metric.slice(METRIC_PREFIX.length) in METRICS)))
    return EVERYWHERE;
  const [, name = '', part] = /^lienthong_(.*?)(_bucket|_sum|_count)?$/.exec(metric) ?? [];
  const entry = (METRICS as Readonly<Record<string, MetricEntry>>)[name];
  if (!entry || (entry.type === 'histogram') !== (part !== undefined)) return undefined;
  return [...EVERYWHERE, ...entry.labels, ...(part === '_bucket' ? ['le'] : [])];
}

interface Asked {
  readonly metrics: readonly string[];
  /** Labels that are matched or grouped by. */
  readonly labels: readonly string[];
  readonly errors: number;
}
function askedBy(expr: string): Asked {
  const found = { metrics: [] as string[], labels: [] as string[], errors: 0 };
  parser.parse(expr).iterate({
    enter: ({ type, from, to, node }) => {
      if (type.isError) found.errors += 1;
      if (type.name === 'Identifier' && node.parent?.name === 'VectorSelector')
        found.metrics.push(expr.slice(from, to));
      if (type.name === 'LabelName') found.labels.push(expr.slice(from, to));
    },
  });
  return found;
}
const faultsOf = (expr: string): readonly string[] => {
  const { metrics, labels, errors } = askedBy(expr);
  const known = metrics.flatMap((metric) => labelsOf(metric) ?? []);
  return [
    ...(errors > 0 || metrics.length === 0 ? [`not PromQL: ${expr}`] : []),
    ...metrics.filter((metric) => !labelsOf(metric)).map((metric) => `no such metric: ${metric}`),
    ...labels.filter((label) => !known.includes(label)).map((label) => `no such label: ${label} in ${expr}`),
  ];
};

describe('the check of expressions', () => {
  it.each([
    ['max by (node) (lienthong_ready', /not PromQL/],
    ['lienthong_never_heard_of > 1', /no such metric/],
    ['rate(lienthong_append_duration_seconds[5m])', /no such metric/],
    ['lienthong_held_messages{receiver="x"}', /no such label/],
    ['sum by (code) (lienthong_held_messages)', /no such label/],
  ])('finds what is wrong with %s', (expr, fault) => {
    expect(faultsOf(expr).join()).toMatch(fault);
  });
});

describe('the alert rules', () => {
  const codes = Object.keys(REPORT_CODES);
  const anchors = anchorsOf(textOf('docs/guides/watch-a-node.md'));

  it.each(alerts.map((rule) => [rule.alert, rule] as const))(
    '%s asks for what there is, and says what to do',
    (name, rule) => {
      expect(name).toMatch(/^Lienthong[A-Z][A-Za-z]+$/);
      expect(faultsOf(rule.expr)).toEqual([]);
      expect(['critical', 'warning']).toContain(rule.labels.severity);
      if (rule.for !== undefined) expect(rule.for).toMatch(/^\d+[mh]$/);
      expect(rule.annotations['summary_vi']).toMatch(
        /[àáảãạăắằẳẵặâấầẩẫậđèéẻẽẹêếềểễệìíỉĩịòóỏõọôốồổỗộơớờởỡợùúủũụưứừửữựỳýỷỹỵ]/i,
      );
      expect(rule.annotations['summary_en']?.length).toBeGreaterThan(10);
      const [page, anchor = ''] = (rule.annotations['runbook'] ?? '').split('#');
      expect(page).toBe('docs/guides/watch-a-node.md');
      expect(anchors).toContain(anchor);
      const labels = new Set(askedBy(rule.expr).labels);
      for (const [, label = ''] of Object.values(rule.annotations)
        .join()
        .matchAll(/\$labels\.(\w+)/g))
        expect(labels).toContain(label);
    },
  );

  it('are each there once, and name only codes that are reported', () => {
    expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length);
    const named = alerts.flatMap(({ expr }) =>
      [...expr.matchAll(/reports_total\{code=~?"([^"]+)"/g)].flatMap(([, text = '']) => text.split('|')),
    );
    expect(named.filter((code) => !codes.includes(code))).toEqual([]);
  });
});

describe('the dashboard', () => {
  it('asks for what there is, at places that do not overlap', () => {
    expect(shown.flatMap(faultsOf)).toEqual([]);
    expect(dashboard.schemaVersion).toBeGreaterThanOrEqual(39);
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    const taken = new Set<string>();
    for (const { gridPos, title } of dashboard.panels) {
      expect(title).not.toBe('');
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(taken).not.toContain(`${x} ${y}`);
          taken.add(`${x} ${y}`);
        }
    }
    const variables = dashboard.templating.list.map(({ name }) => name);
    const used = [...JSON.stringify(dashboard).matchAll(/\$\{?([a-z]\w*)\}?/g)].map(([, name]) => name);
    expect(used.filter((name) => !variables.includes(name ?? ''))).toEqual([]);
  });

  it('names in its legends only labels that are grouped by', () => {
    for (const { targets = [] } of dashboard.panels)
      for (const { expr, legendFormat } of targets)
        for (const [, label = ''] of legendFormat.matchAll(/\{\{(\w+)\}\}/g))
          expect(askedBy(expr).labels).toContain(label);
  });
});

const sources = globSync(['apps/gateway/**/*.ts', 'libs/**/*.ts'], { cwd: root }).filter(
  (path) => !/\.spec\.ts$|^libs\/(testing|observability)\//.test(path),
);

describe('every metric', () => {
  const program = sources.map(read).join('\n');
  const asked = [...shown, ...alerts.map(({ expr }) => expr)].join('\n');
  it.each(Object.keys(METRICS))('%s is fed by the gateway, and shown', (name) => {
    expect(program).toContain(`'${name}'`);
    expect(asked).toContain(METRIC_PREFIX + name);
  });
});

describe('the codes of reports', () => {
  /** `report({ code: '…' })` and lines of the log with a code; `error.code` where an error's own code is reported. */
  function codesIn(path: string): readonly string[] {
    const found: string[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && /(^|\.)report$|logger\.\w+$/.test(node.expression.getText())) {
        const [given] = node.arguments;
        if (given && ts.isObjectLiteralExpression(given))
          for (const member of given.properties)
            if (ts.isPropertyAssignment(member) && member.name.getText() === 'code')
              found.push(textIn(member.initializer));
      }
      ts.forEachChild(node, visit);
    };
    visit(ts.createSourceFile(path, read(path), ts.ScriptTarget.Latest, true));
    return found;
  }
  const textIn = (value: ts.Expression): string => (ts.isStringLiteral(value) ? value.text : `<${value.getText()}>`);
  /** Codes of errors that are reported as they are: opening and sealing of openings. */
  const OF_ERRORS = ['JWE_INVALID', 'JWE_KEY_UNKNOWN', 'PEER_KEY_UNKNOWN'];
  const reported = new Set(sources.flatMap(codesIn));

  it('are all in the catalogue, and none is there for nothing', () => {
    const literal = [...reported].filter((code) => !code.startsWith('<'));
    expect([...literal, ...OF_ERRORS].sort()).toEqual(Object.keys(REPORT_CODES).sort());
    expect([...reported].filter((code) => code.startsWith('<'))).toEqual(['<error.code>']);
  });

  it('are each as an alert or the log wants it', () => {
    for (const [code, { means, todo }] of Object.entries(REPORT_CODES)) {
      expect(code).toMatch(/^[A-Z][A-Z_]+$/);
      expect(means.length * todo.length).toBeGreaterThan(0);
    }
  });
});
