import { describe, expect, it } from '@jest/globals';
import { createLogger, createMetrics } from '#libs/observability';
import type { ArgumentsHost } from '@nestjs/common';
import { ProblemFilter } from '../http/problem.filter.ts';
import { countedReport, reportTo } from './log-report.ts';

function reporting() {
  const lines: string[] = [];
  const destination = { write: (line: string) => lines.push(line) };
  const metrics = createMetrics({ node: 'hanoi-city' });
  const report = countedReport(reportTo(createLogger({ level: 'info', node: 'hanoi-city', destination })), metrics);
  return { report, metrics, last: (): Record<string, unknown> => JSON.parse(lines.at(-1) ?? '{}') };
}

describe('a report', () => {
  it('is one line, as loud as its code, with the trace of the dossier it is about, and counted', async () => {
    const { report, metrics, last } = reporting();
    const subject = 'dossier/H26.129.05/6cbc356d-078b-4a75-932f-5ea4a1400077';
    report({ code: 'WORK_FAILED', details: { subject, code: 'STORE_UNAVAILABLE' } });
    expect(last()).toMatchObject({
      level: 'error',
      node: 'hanoi-city',
      code: 'WORK_FAILED',
      reason: 'STORE_UNAVAILABLE',
      subject,
      traceId: '6cbc356d078b4a75932f5ea4a1400077',
    });
    report({ code: 'WAITING_FOR', details: { what: 'vault database' } });
    expect(last()).toMatchObject({ level: 'info' });
    report({ code: 'NEVER_HEARD_OF' });
    expect(last()).toMatchObject({ level: 'warn', code: 'NEVER_HEARD_OF' });
    expect(await metrics.text()).toContain('lienthong_reports_total{code="WORK_FAILED",node="hanoi-city"} 1');
  });

  it('of a request that met an unforeseen error says where, and nothing of what was asked', () => {
    const { report, last } = reporting();
    const sent: unknown[] = [];
    const response = {
      status: () => response,
      type: () => response,
      send: (body: unknown) => sent.push(body),
      setHeader: () => undefined,
    };
    const host = {
      getType: () => 'http',
      switchToHttp: () => ({ getResponse: () => response }),
    } as unknown as ArgumentsHost;
    new ProblemFilter({ report }).catch(new TypeError('Nguyễn Thị Bưởi is not a function'), host);
    expect(last()).toMatchObject({ level: 'error', code: 'INTERNAL', error: { name: 'TypeError' } });
    expect(JSON.stringify(last())).toContain('log-report.spec');
    expect(JSON.stringify([last(), sent])).not.toContain('Bưởi');
  });
});
