/** Waits until nothing is on its way between the nodes: every number delivered or refused, and nothing on hold. */
import type { DeliveriesView, StatusView } from '#libs/http-api';
import type { NodeApi } from '../reach/node-api.ts';

export interface Traffic {
  /** Messages owed to peers, and of these not confirmed yet. */
  readonly highest: number;
  readonly open: number;
  readonly held: number;
}
export interface QuietWanted {
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
  onProgress(traffic: Traffic): void;
}

const EVERY_MS = 300;
/** A command that has arrived is decided a moment later, and its outcome is owed then: quiet must last. */
const QUIET_FOR_MS = 2_500;

/** The last traffic seen; quiet when nothing is open or held. */
export async function untilQuiet(apis: readonly NodeApi[], wanted: QuietWanted): Promise<Traffic> {
  const end = performance.now() + wanted.deadlineMs;
  let quietSince: { readonly at: number; readonly highest: number } | undefined;
  for (;;) {
    const traffic = await trafficOf(apis);
    wanted.onProgress(traffic);
    const now = performance.now();
    if (!isQuiet(traffic)) quietSince = undefined;
    else if (quietSince?.highest !== traffic.highest) quietSince = { at: now, highest: traffic.highest };
    if (quietSince && now - quietSince.at >= QUIET_FOR_MS) return traffic;
    if (now >= end || wanted.signal.aborted) return traffic;
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
}

export const isQuiet = ({ open, held }: Traffic): boolean => open === 0 && held === 0;

async function trafficOf(apis: readonly NodeApi[]): Promise<Traffic> {
  const states = await Promise.all(
    apis.map(async (api) => ({
      deliveries: await api.get<DeliveriesView>('/v1/deliveries'),
      status: await api.get<StatusView>('/v1/status'),
    })),
  );
  const lines = states.flatMap(({ deliveries }) => deliveries.outbound);
  return {
    highest: lines.reduce((sum, { highest }) => sum + highest, 0),
    open: lines.reduce((sum, { highest, contiguousUpTo }) => sum + highest - contiguousUpTo, 0),
    held: states.reduce((sum, { status }) => sum + status.held, 0),
  };
}
