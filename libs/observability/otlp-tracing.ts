/**
 * {@link Tracing} by the SDK of OpenTelemetry. The SDK makes ids when a span starts and asks nobody; ours follow from the
 * messages, so its generator is told, in the same turn of the event loop, which ids come next. Instrumentation by patching
 * modules is not used: it would put statements, addresses and headers into spans.
 */
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, TraceFlags, type Attributes } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  type IdGenerator,
  RandomIdGenerator,
  SamplingDecision,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { isAllowedText } from './closed-grammar.ts';
import { allowedFields } from './logger.ts';
import type { SpanContext, SpanDone, Tracing, TracingOptions } from './span.ts';

const KINDS = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

/** Names of OpenTelemetry's conventions where they have one; ours under `lienthong.`. */
const CONVENTIONAL: Readonly<Record<string, string>> = {
  method: 'http.request.method',
  route: 'http.route',
  status: 'http.response.status_code',
  topic: 'messaging.destination.name',
  partition: 'messaging.destination.partition.id',
  offset: 'messaging.kafka.offset',
};
/** A collector that is away loses spans, not memory: so many wait, 16 MB at most. */
const MOST_WAITING = 16_384;
const EVERY_MS = 1_000;
/** What a collector that is away is tried for, again and again within it; a process that stops waits no longer. */
const TRY_FOR_MS = 1_500;
const CLOSE_WITHIN_MS = 2_000;

class ToldIds implements IdGenerator {
  readonly random = new RandomIdGenerator();
  next: SpanContext = { traceId: '', spanId: '' };
  generateTraceId = (): string => this.next.traceId;
  generateSpanId = (): string => this.next.spanId;
}

export function openOtlpTracing(options: TracingOptions): Tracing {
  const ids = new ToldIds();
  const sampler = new TraceIdRatioBasedSampler(options.share);
  const exporter = new OTLPTraceExporter({
    url: tracesAt(options.endpoint),
    headers: { ...options.headers },
    timeoutMillis: TRY_FOR_MS,
  });
  const provider = new TracerProvider({
    sampler,
    idGenerator: ids,
    resource: resourceOf(options),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter,
        maxQueueSize: MOST_WAITING,
        scheduledDelayMillis: options.everyMs ?? EVERY_MS,
      }),
    ],
  });
  const tracer = provider.getTracer('lienthong', options.softwareVersion);
  return {
    tell: (span) => {
      ids.next = span.context;
      const started = tracer.startSpan(nameOf(span), startOf(span), parentOf(span));
      if (span.failed !== undefined) started.setStatus({ code: SpanStatusCode.ERROR });
      started.end(span.ended);
    },
    isKept: (traceId) => sampler.shouldSample(ROOT_CONTEXT, traceId).decision !== SamplingDecision.NOT_RECORD,
    newSpanId: () => ids.random.generateSpanId(),
    newTraceId: () => ids.random.generateTraceId(),
    close: () => withinTime(provider.shutdown()),
  };
}

/** As the specification of OTLP has it: what does not end in the signal's path is a base. */
function tracesAt(endpoint: string): string {
  const url = new URL(endpoint);
  if (!url.pathname.endsWith('/v1/traces')) url.pathname = `${url.pathname.replace(/\/$/, '')}/v1/traces`;
  return url.toString();
}

/** Stated here and nowhere detected: a detector reads command lines, users and environments. */
const resourceOf = ({ serviceName, softwareVersion, node, instance }: TracingOptions) =>
  resourceFromAttributes({
    'service.name': serviceName,
    'service.namespace': 'lienthong',
    'service.version': softwareVersion,
    'service.instance.id': instance,
    'lienthong.node': isAllowedText('node', node) ? node : 'other',
  });

function nameOf({ name, of }: SpanDone): string {
  const [field, value] = Object.entries(of ?? {})[0] ?? [];
  if (field === undefined) return name;
  const fits = (field === 'route' || field === 'type' || field === 'class') && isAllowedText(field, value);
  const short = fits ? value.replace(/^vn\.lienthong\.|\.v\d+$/g, '') : 'other';
  return `${name} ${short}`;
}

const linkTo = ({ traceId, spanId }: SpanContext) => ({ context: { traceId, spanId, traceFlags: TraceFlags.SAMPLED } });

const startOf = ({ kind, links = [], began, of, fields, failed }: SpanDone) => ({
  kind: KINDS[kind],
  links: links.map(linkTo),
  startTime: began,
  attributes: attributesOf({ ...fields, ...of, ...(failed === undefined ? {} : { code: failed }) }),
});

const attributesOf = (fields: SpanDone['fields'] = {}): Attributes =>
  Object.fromEntries(
    Object.entries(allowedFields(fields))
      .filter(([, value]) => typeof value === 'string' || typeof value === 'number')
      .map(([name, value]) => [CONVENTIONAL[name] ?? `lienthong.${snake(name)}`, value as string | number]),
  );
const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function parentOf({ context: { traceId }, parentSpanId }: SpanDone) {
  if (parentSpanId === undefined) return ROOT_CONTEXT;
  const parent = { traceId, spanId: parentSpanId, traceFlags: TraceFlags.SAMPLED, isRemote: true };
  return trace.setSpanContext(ROOT_CONTEXT, parent);
}

async function withinTime(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, CLOSE_WITHIN_MS);
  });
  await Promise.race([work.catch(() => undefined), late]);
  clearTimeout(timer);
}
