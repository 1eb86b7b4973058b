import type { GatewayConfig } from '#libs/config';

/** A process always has a name: its own, or one made at this start. */
export type NamedConfig = GatewayConfig & { readonly instanceId: string };
