import { describe, expect, it } from '@jest/globals';
import { parseAgencyCode, type Instant, type LocalDate } from '#libs/kernel';
import { Latencies } from './latencies.ts';
import { progressDisplay } from './progress.ts';
import type { DaySummary, Snapshot } from './tally.ts';

const snapshot: Snapshot = {
  ...{ workTime: '2023-06-14T03:42:10.000Z' as Instant, planned: 396, filed: 198, received: 180, forwarded: 31 },
  ...{
    settled: 120,
    waiting: 78,
    commands: 1500,
    p50: 12.3,
    p95: 45.1,
    agencies: [],
    retries: 2,
    racesLost: 1,
    errors: 0,
  },
};
const summary: DaySummary = {
  ...snapshot,
  ...{ seed: 'x', date: '2023-06-14' as LocalDate, aborted: false, wallMs: 1000, abandoned: [], unexpected: [] },
};
function screen(more: object = {}) {
  const written: string[] = [];
  return { written, isTTY: false, ...more, write: (text: string) => written.push(text) };
}

describe('the progress display', () => {
  it('draws its lines over themselves on a terminal, none wider than it', () => {
    const terminal = screen({ isTTY: true, columns: 60 });
    const display = progressDisplay(terminal, () => 0);
    display.show(snapshot);
    display.show(snapshot);
    expect(terminal.written[0]?.startsWith('\x1b[2K')).toBe(true);
    expect(terminal.written[1]?.startsWith('\x1b[3A')).toBe(true);
    const lines = (terminal.written[1] ?? '').replace('\x1b[3A', '').replaceAll('\x1b[2K', '').trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines.every((line) => [...line].length < 60)).toBe(true);
  });

  it('shows Vietnamese with English, and the time of work in Viet Nam', () => {
    const file = screen();
    progressDisplay(file, () => 0).show(snapshot);
    for (const part of [
      '10:42',
      'hồ sơ · dossiers 198/396',
      'giải quyết · settled 120',
      'chờ · waiting 78',
      'p95 45.1 ms',
    ])
      expect(file.written[0]).toContain(part);
    expect(file.written[0]).not.toContain('\x1b');
  });

  it('writes a plain line every few seconds elsewhere, and the last one always', () => {
    let now = 0;
    const file = screen();
    const display = progressDisplay(file, () => now);
    for (; now < 12_000; now += 500) display.show(snapshot);
    expect(file.written).toHaveLength(3);
    display.end(summary);
    expect(file.written.filter((text) => text !== '')).toHaveLength(4);
  });

  it('says at the end what was unexpected, and that it ended early', () => {
    const file = screen();
    const agency = parseAgencyCode('H26.129');
    const example = { subject: 'dossier/H26.129.05/1', step: '3-forward', agency, detail: 'why' };
    const unexpected = [{ command: 'forward', code: 'DEADLINE_MISSING', status: 409, count: 2, example }];
    progressDisplay(file).end({ ...summary, aborted: true, unexpected });
    expect(file.written.at(-1)).toContain('2 × forward DEADLINE_MISSING (H26.129, dossier/H26.129.05/1): why');
    expect(file.written.at(-1)).toContain('dừng sớm · ended early');
  });
});

describe('latencies', () => {
  it('are known to within 9 %', () => {
    const latencies = new Latencies();
    for (let ms = 1; ms <= 1000; ms += 1) latencies.add(ms);
    expect(latencies.within(0.5) / 500).toBeCloseTo(1, 0);
    expect(Math.abs(latencies.within(0.95) - 950)).toBeLessThan(950 * 0.09);
    expect(new Latencies().within(0.95)).toBe(0);
  });
});
