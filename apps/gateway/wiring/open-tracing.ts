import type { GatewayConfig } from '#libs/config';
import { openTracing, type Tracing } from '#libs/observability';
import type { NamedConfig } from './named-config.ts';
import { SOFTWARE_VERSION } from './open-node.ts';

/** Undefined: no collector is named, or nothing is to be kept; then nothing of tracing is loaded. */
export async function openTracingOf(config: NamedConfig): Promise<Tracing | undefined> {
  const { otelExporterOtlpEndpoint: endpoint, otelExporterOtlpHeaders: pairs = [] } = config;
  const share = shareOf(config);
  if (endpoint === undefined || share === 0) return undefined;
  return openTracing({
    endpoint,
    headers: Object.fromEntries(pairs.map(headerOf)),
    serviceName: config.otelServiceName,
    softwareVersion: SOFTWARE_VERSION,
    node: config.nodeId,
    instance: config.instanceId,
    share,
  });
}

function shareOf({ otelTracesSampler: sampler, otelTracesSamplerArg: argument }: GatewayConfig): number {
  if (sampler.endsWith('always_off')) return 0;
  return sampler.endsWith('traceidratio') ? Number(argument) : 1;
}

/** Values are percent-encoded, as the specification of the variable has it. */
function headerOf(pair: string): readonly [string, string] {
  const at = pair.indexOf('=');
  return [pair.slice(0, at), decodeURIComponent(pair.slice(at + 1))];
}
