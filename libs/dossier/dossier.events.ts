/**
 * Events as the fold meets them: recorded, signed by an agency, personal values committed and therefore absent. The data
 * types are generated from the published schemas (`generated/`).
 */
import type { AgencyCode, Hash, Instant } from '#libs/kernel';
import type { ClearDossierEvent, ClearDossierEventData, DossierEventName } from './generated/events.ts';

/** What the envelope says of an event. */
export interface Recorded {
  readonly hash: Hash;
  /** The agency that stated it. */
  readonly author: AgencyCode;
  /** When it happened. */
  readonly time: Instant;
  readonly recordedTime: Instant;
}
export type RecordedEvent = ClearDossierEvent & Recorded;
export type RecordedEventOf<N extends DossierEventName> = Recorded & {
  readonly type: N;
  readonly data: ClearDossierEventData[N];
};
