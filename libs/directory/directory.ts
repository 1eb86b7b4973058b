/**
 * The directory as a node knows it: plain data built from the statements it has taken, and the registrar keys it was
 * configured with. Nothing here is changed in place; taking a statement gives a new directory (`taking.ts`).
 */
import type { AgencyCode, Hash, Instant, JsonObject, NodeId, Subject } from '#libs/kernel';
import type { AgencyStatement, NodeStatement } from './statement.ts';

/** A key that this node was told to trust by its configuration; statements of other registrars are not taken. */
export interface RegistrarKey {
  /** `<registrar>#<label>`. */
  readonly keyId: string;
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
  readonly validFrom?: Instant;
  readonly validTo?: Instant;
  /** The key of the registrar's service: good for nothing but a change of `encryptionKeys` of a known node. */
  readonly only?: 'encryptionKeys';
}

/** What is remembered of the last statement taken about one code. */
export interface TakenStatement {
  /** The registrar that first stated about the code. */
  readonly source: string;
  readonly streamseq: number;
  readonly hash: Hash;
  readonly data: JsonObject;
}

export interface Directory {
  /** `recordedtime` of the last statement taken that the registrar itself signed; {@link NOTHING_READ} before the first. */
  readonly version: Instant;
  readonly trusted: readonly RegistrarKey[];
  readonly agencies: ReadonlyMap<AgencyCode, AgencyStatement>;
  readonly nodes: ReadonlyMap<NodeId, NodeStatement>;
  /** By subject: agencies, nodes, procedures and calendars. */
  readonly statements: ReadonlyMap<Subject, TakenStatement>;
  /** `recordedtime` of the last such statement, by registrar source. */
  readonly lastStated: ReadonlyMap<string, Instant>;
  /** Agencies that some statement ever gave this service or territory: where to look, not yet the answer at an instant. */
  readonly byService: ReadonlyMap<string, readonly AgencyCode[]>;
  readonly byTerritory: ReadonlyMap<string, readonly AgencyCode[]>;
}

export const NOTHING_READ = '0001-01-01T00:00:00.000Z' as Instant;

export function emptyDirectory(trusted: readonly RegistrarKey[]): Directory {
  return {
    version: NOTHING_READ,
    trusted,
    agencies: new Map(),
    nodes: new Map(),
    statements: new Map(),
    lastStated: new Map(),
    byService: new Map(),
    byTerritory: new Map(),
  };
}
