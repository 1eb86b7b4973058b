import { describe, expect, it } from '@jest/globals';
import { formatTraceparent, readTraceContext } from './index.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';

describe('traceparent', () => {
  it.each([
    [`00-${traceId}-${spanId}-01`, true],
    [`00-${traceId}-${spanId}-00`, false],
    [`00-${traceId}-${spanId}-03`, true],
    [`cc-${traceId}-${spanId}-01-what-comes-later`, true],
  ])('%s is read', (traceparent, sampled) => {
    expect(readTraceContext({ traceparent })).toEqual({ traceId, spanId, sampled });
  });

  it.each([
    ['of a forbidden version', `ff-${traceId}-${spanId}-01`],
    ['with more than version 0 has', `00-${traceId}-${spanId}-01-more`],
    ['without a trace', `00-${'0'.repeat(32)}-${spanId}-01`],
    ['without a parent', `00-${traceId}-${'0'.repeat(16)}-01`],
    ['in capitals', `00-${traceId.toUpperCase()}-${spanId}-01`],
    ['cut short', `00-${traceId}-${spanId}`],
    ['empty', ''],
  ])('%s is passed over', (_what, traceparent) => {
    expect(readTraceContext({ traceparent })).toBeUndefined();
  });

  it('that is absent or repeated is passed over', () => {
    expect(readTraceContext({})).toBeUndefined();
    expect(readTraceContext({ traceparent: [`00-${traceId}-${spanId}-01`] })).toBeUndefined();
  });

  it('is written as it is read', () => {
    const context = { traceId, spanId, sampled: true };
    expect(readTraceContext({ traceparent: formatTraceparent(context) })).toEqual(context);
    expect(formatTraceparent({ ...context, sampled: false })).toBe(`00-${traceId}-${spanId}-00`);
  });
});
