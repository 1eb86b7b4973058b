import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openOtlpReceiver, type OtlpReceiver } from '../testing/otlp-receiver.ts';
import { openTracing, type SpanDone, type Tracing } from './index.ts';

const traceId = '6cbc356d078b4a75932f5ea4a1400077';
const PLANTED = ['Nguyễn Thị Bưởi', '001085000001', '0912345678', 'buoi@example.vn', 'Thôn Đề Trụ 7, Dương Quang'];

describe('spans', () => {
  let receiver: OtlpReceiver;
  let tracing: Tracing;
  const open = (share = 1, endpoint = receiver.endpoint) =>
    openTracing({
      endpoint,
      headers: { authorization: 'Bearer of-the-collector' },
      serviceName: 'lienthong-gateway',
      softwareVersion: '0.1.0',
      node: 'hanoi-city',
      instance: 'hanoi-city-1',
      share,
    });
  const span = (more: Partial<SpanDone> = {}): SpanDone => ({
    name: 'append',
    kind: 'internal',
    context: { traceId, spanId: tracing.newSpanId() },
    began: 1_700_000_000_000.25,
    ended: 1_700_000_000_001.5,
    ...more,
  });
  beforeEach(async () => {
    receiver = await openOtlpReceiver();
    tracing = await open();
  });
  afterEach(async () => {
    await tracing.close();
    await receiver.close();
  });

  it('arrive with the ids, names and fields they were told with, and whose they are', async () => {
    const context = { traceId, spanId: 'b7ad6b7169203331' };
    const link = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: '00f067aa0ba902b7' };
    const subject = 'dossier/H26.129.05/6cbc356d-078b-4a75-932f-5ea4a1400077';
    tracing.tell(
      span({
        of: { type: 'vn.lienthong.dossier.custody-accepted.v1' },
        context,
        parentSpanId: '00f067aa0ba902b8',
        links: [link],
        fields: { subject, logIndex: 41_207, offset: 7 },
      }),
    );
    tracing.tell(span({ failed: 'VAULT_UNAVAILABLE' }));
    await tracing.close();
    const [first, second] = receiver.spans();
    expect(first).toMatchObject({
      ...context,
      name: 'append dossier.custody-accepted',
      parentSpanId: '00f067aa0ba902b8',
      links: [link],
      failed: false,
      attributes: {
        'service.name': 'lienthong-gateway',
        'service.instance.id': 'hanoi-city-1',
        'lienthong.node': 'hanoi-city',
        'lienthong.subject': subject,
        'lienthong.type': 'vn.lienthong.dossier.custody-accepted.v1',
        'lienthong.log_index': '41207',
        'messaging.kafka.offset': '7',
      },
    });
    expect(second).toMatchObject({ name: 'append', parentSpanId: '', failed: true });
    expect(second?.attributes['lienthong.code']).toBe('VAULT_UNAVAILABLE');
    expect(receiver.bytes().toString()).toContain('/v1/traces');
    expect(receiver.bytes().toString()).toContain('Bearer of-the-collector');
  });

  it.each(PLANTED)('carry no personal value, wherever it is handed in: %s', async (value) => {
    for (const name of ['subject', 'type', 'code', 'follower', 'hash', 'route', 'topic', 'applicant', 'error', value]) {
      const of = { [name]: value } as unknown as NonNullable<SpanDone['of']>;
      tracing.tell(span({ of, fields: { [name]: value }, failed: value }));
      tracing.tell(span({ fields: { error: new Error(value), count: Number(value) } }));
    }
    await tracing.close();
    expect(receiver.spans()).toHaveLength(20);
    expect(receiver.bytes().toString()).not.toContain(value);
  });

  it('are kept or not by the trace alone, alike at every node', async () => {
    const other = await open(0.5);
    const third = await open(0.5);
    const kept = Array.from({ length: 200 }, () => other.newTraceId()).filter((id) => {
      expect(third.isKept(id)).toBe(other.isKept(id));
      return other.isKept(id);
    });
    expect(kept.length).toBeGreaterThan(50);
    expect(kept.length).toBeLessThan(150);
    await Promise.all([other.close(), third.close()]);
  });

  it('are lost, and nothing else, when the collector is away', async () => {
    const away = await open(1, 'http://127.0.0.1:9');
    away.tell(span());
    await away.close();
    expect(receiver.spans()).toEqual([]);
  });
});
