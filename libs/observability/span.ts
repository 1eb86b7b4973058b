/**
 * Spans that are over, told to whoever collects them. Nothing is loaded and nothing runs unless a collector is named
 * (`OTEL_EXPORTER_OTLP_ENDPOINT`). A span's fields are those of the log (closed-grammar.ts), so that no span can carry what
 * no line of the log may.
 */
import type { LogFields } from './logger.ts';

export type SpanKindName = 'internal' | 'server' | 'producer' | 'consumer';
export interface SpanContext {
  readonly traceId: string;
  readonly spanId: string;
}
/** `name` is a word of the program; `of` the route or type of message that it was about. */
export interface SpanDone {
  readonly name: string;
  readonly of?: { readonly route: string } | { readonly type: string } | { readonly class: string };
  readonly kind: SpanKindName;
  readonly context: SpanContext;
  readonly parentSpanId?: string;
  readonly links?: readonly SpanContext[];
  /** Milliseconds since 1970, with fractions. */
  readonly began: number;
  readonly ended: number;
  readonly fields?: LogFields;
  /** Code of what went wrong. */
  readonly failed?: string;
}

export interface Tracing {
  /** Never throws and never waits: what the collector does not take is lost, and the work goes on. */
  tell(span: SpanDone): void;
  /** By the trace alone, so that nodes with the same share keep the same traces whole. */
  isKept(traceId: string): boolean;
  newSpanId(): string;
  newTraceId(): string;
  /** Hands over what is waiting, for two seconds at most. */
  close(): Promise<void>;
}

export interface TracingOptions {
  /** Base address of the collector (OTLP over HTTP with JSON), or the whole one of its traces. */
  readonly endpoint: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly serviceName: string;
  readonly softwareVersion: string;
  readonly node: string;
  readonly instance: string;
  /** 0 to 1. */
  readonly share: number;
  /** How long spans gather; 0: each goes at once. */
  readonly everyMs?: number;
}
