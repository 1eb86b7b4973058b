import { describe, expect, it } from '@jest/globals';
import { createMetrics } from './index.ts';

function metricsAt(start: number) {
  let wall = start;
  const metrics = createMetrics({ node: 'hanoi-city', now: () => wall });
  const line = async (start: string): Promise<string | undefined> =>
    (await metrics.text()).split('\n').find((text) => text.startsWith(start));
  return { metrics, line, pass: (ms: number) => (wall += ms) };
}

describe('the metrics of the gateway', () => {
  it('have these names', async () => {
    const { metrics } = metricsAt(0);
    const names = [...(await metrics.text()).matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(
      ([, name, kind]) => `${name} ${kind}`,
    );
    expect(names.sort()).toEqual([
      'lienthong_appended_total counter',
      'lienthong_checkpoint_age_seconds gauge',
      'lienthong_checkpoint_size gauge',
      'lienthong_group_commit_units histogram',
      'lienthong_held_messages gauge',
      'lienthong_http_request_duration_seconds histogram',
      'lienthong_ingest_judged_total counter',
      'lienthong_openings_awaited gauge',
      'lienthong_openings_awaited_dossiers gauge',
      'lienthong_openings_awaited_oldest_age_seconds gauge',
      'lienthong_outbox_depth gauge',
      'lienthong_outbox_oldest_age_seconds gauge',
      'lienthong_parked_dossiers gauge',
      'lienthong_quarantined_messages gauge',
    ]);
    expect(metrics.contentType).toMatch(/^text\/plain/);
  });

  it('count and measure', async () => {
    const { metrics, line } = metricsAt(0);
    metrics.appended({ class: 'event', arrival: 'local' });
    metrics.appended({ class: 'event', arrival: 'local', count: 4 });
    metrics.judged('recorded', 3);
    metrics.groupCommitted(5);
    metrics.httpAnswered({ method: 'POST', route: '/v1/dossiers/:agency/:uuid', status: 202, seconds: 0.02 });
    metrics.held('GAP', 2);
    metrics.quarantined('NOT_ENTITLED', 7);
    metrics.parked('FORK', 1);
    metrics.openingsAwaited({ openings: 3, dossiers: 2 });
    expect(await line('lienthong_appended_total')).toBe(
      'lienthong_appended_total{class="event",arrival="local",node="hanoi-city"} 5',
    );
    expect(await line('lienthong_ingest_judged_total')).toMatch(/verdict="recorded".* 3$/);
    expect(await line('lienthong_group_commit_units_sum')).toMatch(/ 5$/);
    expect(await line('lienthong_http_request_duration_seconds_count')).toMatch(/status="202".* 1$/);
    expect(await line('lienthong_held_messages')).toMatch(/reason="GAP".* 2$/);
    expect(await line('lienthong_quarantined_messages')).toMatch(/code="NOT_ENTITLED".* 7$/);
    expect(await line('lienthong_parked_dossiers')).toMatch(/reason="FORK".* 1$/);
    expect(await line('lienthong_openings_awaited{')).toMatch(/ 3$/);
    expect(await line('lienthong_openings_awaited_dossiers')).toMatch(/ 2$/);
    metrics.openingsAwaited(undefined);
    expect(await line('lienthong_openings_awaited{')).toMatch(/ NaN$/i);
  });

  it('let ages grow between two reports, and end them', async () => {
    const { metrics, line, pass } = metricsAt(50_000);
    expect(await line('lienthong_checkpoint_age_seconds')).toBeUndefined();
    metrics.checkpointSigned(41_207);
    metrics.outbox('gialam-district', { depth: 12, oldestAt: 30_000 });
    pass(2500);
    expect(await line('lienthong_checkpoint_size')).toMatch(/ 41207$/);
    expect(await line('lienthong_checkpoint_age_seconds')).toMatch(/ 2.5$/);
    expect(await line('lienthong_outbox_depth')).toMatch(/receiver="gialam-district".* 12$/);
    expect(await line('lienthong_outbox_oldest_age_seconds')).toMatch(/ 22.5$/);
    metrics.outbox('gialam-district', { depth: 0 });
    expect(await line('lienthong_outbox_oldest_age_seconds')).toBeUndefined();
  });

  it('have no label outside its grammar', async () => {
    const { metrics } = metricsAt(0);
    const planted = ['Nguyễn Thị Bưởi', '001085000001', '/v1/dossiers/H26-230614-0001?name=Bưởi'];
    for (const value of planted) {
      metrics.appended({ class: value, arrival: value });
      metrics.judged(value);
      metrics.httpAnswered({ method: value, route: value, status: 200, seconds: 1 });
      metrics.outbox(value, { depth: 1, oldestAt: 0 });
      metrics.held(value, 1);
      metrics.quarantined(value, 1);
      metrics.parked(value, 1);
    }
    const text = await metrics.text();
    for (const value of planted) expect(text).not.toContain(value);
    expect(text).toContain('lienthong_held_messages{reason="other",node="hanoi-city"} 1');
    expect(await createMetrics({ node: 'Bưởi', now: () => 0 }).text()).not.toContain('Bưởi');
  });
});
