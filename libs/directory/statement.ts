/**
 * What a registrar states (wire format 7), read into plain data: every date is turned into the instant at which it begins
 * in Viet Nam, every key into its bytes. `to` is the first moment no longer valid.
 */
import type { AgencyCode, Instant, JsonObject, NodeId, TerritoryCode } from '#libs/kernel';

/** Half-open: [`from`, `to`); without `to` it is open. */
export interface Interval {
  readonly from: Instant;
  readonly to?: Instant;
}
export const covers = (interval: Interval, at: Instant): boolean =>
  interval.from <= at && (interval.to === undefined || at < interval.to);

export interface TerritoryInterval extends Interval {
  readonly code: TerritoryCode;
}
/** An agency as it was during one interval. Ministries and national services have neither node nor key. */
export interface AgencyInterval extends Interval {
  readonly name: string;
  /** `commune`, `district`, `city`, `province`, `ministry`, `service`, or a word of a later directory. */
  readonly level: string;
  readonly parent?: AgencyCode;
  readonly node?: NodeId;
  readonly territories: readonly TerritoryInterval[];
  /** What an adapter does for its city, e.g. `national-portal-adapter`. */
  readonly services: readonly string[];
}

/** A message signed with a revoked key is believed only below these sizes of these logs (wire format 3 d). */
export interface Revocation {
  readonly at: Instant;
  readonly believed: readonly { readonly origin: string; readonly size: number }[];
}
export interface StatedKey {
  readonly label: string;
  /** `Ed25519` signs, `X25519` receives; keys of another algorithm are kept and never used. */
  readonly alg: string;
  readonly publicKey: Uint8Array;
  readonly validFrom: Instant;
  readonly validTo?: Instant;
  readonly revoked?: Revocation;
}

export interface Succession {
  readonly to: AgencyCode;
  readonly kind: 'whole' | 'part';
  readonly selector?: JsonObject;
  readonly rehomer: AgencyCode;
  readonly legalBasis: string;
  readonly effective: Instant;
}
/** `streams` limits a suspension to those dossiers (a fork, a conflict of interest). */
export interface Suspension extends Interval {
  readonly streams?: readonly string[];
  readonly rehomer: AgencyCode;
  readonly legalBasis: string;
}

export interface AgencyStatement {
  readonly code: AgencyCode;
  readonly intervals: readonly AgencyInterval[];
  readonly keys: readonly StatedKey[];
  readonly successions: readonly Succession[];
  readonly suspensions: readonly Suspension[];
}

export interface StatedLog extends Interval {
  readonly life: number;
  readonly origin: string;
  readonly vkey: string;
  readonly lastSize?: number;
}
export interface NodeStatement {
  readonly node: NodeId;
  readonly baseUrl: string;
  readonly signingKeys: readonly StatedKey[];
  readonly encryptionKeys: readonly StatedKey[];
  readonly logs: readonly StatedLog[];
  readonly witness?: { readonly name: string; readonly vkey: string };
}
