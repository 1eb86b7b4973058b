import type { Tracing, TracingOptions } from './span.ts';

/** Loads the SDK only now: who asks for no traces pays for none. */
export async function openTracing(options: TracingOptions): Promise<Tracing> {
  const { openOtlpTracing } = await import('./otlp-tracing.ts');
  return openOtlpTracing(options);
}
