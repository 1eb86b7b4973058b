import type { GatewayConfig } from '#libs/config';
import type { TurnLimits } from './fair-turns.ts';
import type { Pace } from './token-buckets.ts';

/** What the door takes in at once, and of whom how much. */
export interface DoorLimits {
  readonly turns: TurnLimits;
  /** Of one token subject, of one agency. */
  readonly client: Pace;
  readonly agency: Pace;
}

export const NO_LIMITS: DoorLimits = {
  turns: { inside: Infinity, working: Infinity, aside: Infinity },
  client: { perSecond: 0, burstSeconds: 1 },
  agency: { perSecond: 0, burstSeconds: 1 },
};

export const doorLimits = (config: GatewayConfig): DoorLimits => ({
  turns: { inside: config.httpRequestsMax, working: config.httpWorkingMax, aside: config.httpPatientMax },
  client: { perSecond: config.httpClientPerSecond, burstSeconds: config.httpBurstSeconds },
  agency: { perSecond: config.httpAgencyPerSecond, burstSeconds: config.httpBurstSeconds },
});
