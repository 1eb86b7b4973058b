/** What the tables say of one command. */
import type { FiledState } from './filed.state.ts';
import type { DossierEventName } from './generated/events.ts';
import type { RefusalCode } from './refusal-codes.ts';
import type { SituationKey } from './situation.state.ts';

/**
 * In which capacity an agency asks (wire format 2.1). `filing-side`: the agency in the stream's name or its successor, a
 * former custodian, an adapter of the city.
 */
export type Capacity =
  'custodian' | 'filing-side' | 'agency-asked' | 'agency-named' | 'forwarder' | 'population-adapter' | 'rehomer';

export interface CommandRow {
  readonly in: readonly SituationKey[];
  readonly capacity: Capacity;
  /** One of these comes of it. */
  readonly events: readonly DossierEventName[];
  /** These may come after it in the same decision. */
  readonly then?: readonly DossierEventName[];
  /** Codes of its own, besides those that any command may meet. */
  readonly refusals: readonly RefusalCode[];
  /** Facts that rule it out where the situation alone would allow it. */
  readonly unless?: { readonly why: string; readonly holds: (state: FiledState) => boolean };
}
