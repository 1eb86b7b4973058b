import type { Tracing } from '#libs/observability';
import type { NodeServices, OutboxItem } from '#libs/use-cases';
import { tracedSender } from './traced-sender.ts';
import { tracedStore } from './traced-store.ts';

/** Ledger and sender of a node, telling what passes through them; without tracing they are what they were. */
export function tracedPorts<T extends Pick<NodeServices, 'node' | 'store' | 'sender'>>(
  services: T,
  tracing: Tracing | undefined,
): T {
  if (!tracing) return services;
  const of = { tracing, node: services.node, outgoing: new WeakMap<Uint8Array, OutboxItem>() };
  return { ...services, store: tracedStore(services.store, of), sender: tracedSender(services.sender, of) };
}
