/**
 * Trace context travels in headers, never in a message (wire format 2). Header of W3C Trace Context:
 *
 *     traceparent: <version, 2 hex>-<trace id, 32 hex>-<parent id, 16 hex>-<flags, 2 hex>
 */
export interface TraceContext {
  readonly traceId: string;
  readonly spanId: string;
  readonly sampled: boolean;
}
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** Undefined for anything that is not in the grammar: a bad header begins a new trace and refuses nothing. */
export function readTraceContext(headers: Headers): TraceContext | undefined {
  const [, version, traceId = '', spanId = '', flags = '', more] = TRACEPARENT.exec(only(headers['traceparent'])) ?? [];
  const isKnown = version === '00' ? more === undefined : version !== undefined && version !== 'ff';
  if (!isKnown || /^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

export const formatTraceparent = ({ traceId, spanId, sampled }: TraceContext): string =>
  `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;

const only = (value: string | readonly string[] | undefined): string => (typeof value === 'string' ? value : '');
