export { createLogger } from './logger.ts';
export type { LogFields, Logger, LoggerOptions, LogLevel } from './logger.ts';
export { maskedText } from './masked-text.ts';
export { createMetrics } from './metrics.ts';
export type { GatewayMetrics, MetricsOptions } from './metrics.ts';
export { formatTraceparent, readCorrelationId, readTraceContext } from './trace-context.ts';
export type { Headers, TraceContext } from './trace-context.ts';
