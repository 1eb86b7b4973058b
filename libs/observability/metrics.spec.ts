import { describe, expect, it } from '@jest/globals';
import { createMetrics, METRIC_PREFIX, METRICS } from './index.ts';
import type { GaugeName } from './metric-catalogue.ts';

function metricsOf(node = 'hanoi-city') {
  const metrics = createMetrics({ node });
  const line = async (start: string): Promise<string | undefined> =>
    (await metrics.text()).split('\n').find((text) => text.startsWith(METRIC_PREFIX + start));
  return { metrics, line };
}

describe('the metrics of the gateway', () => {
  it('are those of the catalogue, named as Prometheus wants it', async () => {
    const { metrics } = metricsOf();
    const text = await metrics.text();
    const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name, type]);
    expect(types).toEqual(Object.entries(METRICS).map(([name, { type }]) => [METRIC_PREFIX + name, type]));
    for (const [name, { type, unit }] of Object.entries(METRICS)) {
      expect(name).toMatch(/^[a-z]+(_[a-z]+)*$/);
      expect(name.endsWith('_total')).toBe(type === 'counter');
      expect(name.endsWith('_seconds')).toBe(unit === 'seconds');
    }
    expect(metrics.contentType).toMatch(/^text\/plain/);
  });

  it('count and measure', async () => {
    const { metrics, line } = metricsOf();
    metrics.count('appended_total', { class: 'event', arrival: 'local' });
    metrics.count('appended_total', { class: 'event', arrival: 'local' }, 4);
    metrics.observe('group_commit_units', {}, 5);
    const route = '/v1/dossiers/:agency/:uuid';
    metrics.observe('http_request_duration_seconds', { method: 'POST', route, status: '202' }, 0.02);
    expect(await line('appended_total')).toBe(
      'lienthong_appended_total{class="event",arrival="local",node="hanoi-city"} 5',
    );
    expect(await line('group_commit_units_sum')).toMatch(/ 5$/);
    expect(await line('http_request_duration_seconds_count')).toMatch(/status="202".* 1$/);
  });

  it('set a gauge whole: what is not known or not there has no series, and one without labels is a sum', async () => {
    const { metrics, line } = metricsOf();
    const labels = { receiver: 'gialam-district' };
    metrics.set('outbox_depth', [{ labels, value: 12 }]);
    expect(await line('outbox_depth')).toMatch(/receiver="gialam-district".* 12$/);
    metrics.set('outbox_depth', []);
    expect(await line('outbox_depth')).toBeUndefined();
    expect(await line('log_size')).toBeUndefined();
    metrics.set('log_size', [{ value: 5 }]);
    expect(await line('log_size')).toMatch(/ 5$/);
    metrics.set('log_size', []);
    expect(await line('log_size')).toBeUndefined();
    metrics.set('mailbox_lag_records', [{ value: 3 }, { value: 4 }]);
    expect(await line('mailbox_lag_records')).toMatch(/ 7$/);
  });

  it.each(['Nguyễn Thị Bưởi', '001085000001', '/v1/dossiers/H26-230614-0001?name=Bưởi'])(
    'have no label outside its grammar: %s is counted under `other`',
    async (value) => {
      const { metrics } = metricsOf(value);
      for (const [name, { type, labels }] of Object.entries(METRICS)) {
        const planted = Object.fromEntries(labels.map((label) => [label, value]));
        if (type === 'counter') metrics.count(name as 'reports_total', planted);
        else if (type === 'histogram') metrics.observe(name as 'append_duration_seconds', planted, 1);
        else
          metrics.set(name as GaugeName, [
            { labels: planted, value: 1 },
            { labels: planted, value: 2 },
          ]);
      }
      const text = await metrics.text();
      expect(text).not.toContain(value);
      expect(text).toContain('lienthong_held_messages{reason="other",node="other"} 3');
    },
  );

  it('do not grow without end, whoever names receivers', async () => {
    const { metrics } = metricsOf();
    const rows = Array.from({ length: 5_000 }, (_, at) => ({ labels: { receiver: `node-${at}` }, value: 1 }));
    metrics.set('outbox_depth', rows);
    expect((await metrics.text()).match(/^lienthong_outbox_depth/gm)).toHaveLength(1_000);
  });
});
