import type { DossierCommandName, Role } from '#libs/dossier';
import type { AgencyCode, Hash, Instant, JsonObject, Subject, Uuid } from '#libs/kernel';
import type { Actor } from '../write-events/write-events.ts';

/** A command as it was entered at the API. */
export interface Act {
  readonly command: DossierCommandName;
  readonly data: JsonObject;
  readonly subject: Subject;
  /** The agency acted for. */
  readonly agency: AgencyCode;
  readonly roles: readonly Role[];
  readonly actor: Actor;
  readonly occurredAt?: Instant;
  readonly expectedHash?: Hash;
  /** Superseded event that the agency, as custodian, takes over by this command: the cause of what comes of it. */
  readonly takesOver?: Hash;
  readonly correlationId: Uuid;
  readonly idempotency?: Idempotency;
}
export interface Idempotency {
  readonly client: string;
  readonly key: string;
  /** What makes a request the same one, as bytes. Holds personal values: only a fingerprint of it is ever kept. */
  readonly request: Uint8Array;
}
