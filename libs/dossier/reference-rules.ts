/**
 * What the decider asks of the directory, of the procedures and of retention at the time of the decision. Implemented by
 * the application over the rooms `directory` and `procedures`; in tests by plain objects. Pure: the same question gives
 * the same answer for as long as one decision takes.
 */
import type { AgencyCode, Instant, ProcedureCode, Subject, TerritoryCode } from '#libs/kernel';
import type { DeadlineRules, SubmissionChannel } from './deadlines.ts';
import type { Procedure } from './generated/shapes.ts';

export interface DirectoryRules {
  /** Version recorded in what is decided. */
  readonly version: Instant;
  /** Whether the agency exists at the time of the decision. */
  isValid(agency: AgencyCode): boolean;
  isTerritory(territory: TerritoryCode): boolean;
  /** Whether `agency` continues `predecessor`, wholly or in part, directly or through others. */
  succeeds(agency: AgencyCode, predecessor: AgencyCode): boolean;
  /**
   * Services (`population-adapter` …) for which `agency` is named an adapter of the city or province above `dossierAgency`;
   * empty: it is none.
   */
  adapterServices(agency: AgencyCode, dossierAgency: AgencyCode): readonly string[];
  /** Whether the agency can answer by itself; a ministry stands in the directory without a node. */
  hasNode(agency: AgencyCode): boolean;
  /** Wire format 6: named by a succession or suspension of the agency in whose hand the dossier is; undefined: nobody. */
  findRehomer(agencyInHand: AgencyCode, dossier: Subject): AgencyCode | undefined;
}

export interface VersionInForce {
  readonly version: number;
  readonly deadlines: DeadlineRules;
  /** Papers without which a dossier is not received (Nghị định 61/2018 Art 17(1)). */
  readonly required: readonly { readonly code: string; readonly nameVi: string }[];
}
export interface ProcedureRules {
  /** The version in force at a time, with the rules for this case and channel. */
  findInForce(asked: {
    readonly code: ProcedureCode;
    readonly case: string;
    readonly channel: SubmissionChannel;
    readonly at: Instant;
  }): VersionInForce | 'unknown' | 'case-unknown';
  /** Rules of the version a dossier was received under, which it keeps (domain 4.3); undefined: not in the catalogue. */
  findDeadlines(procedure: Procedure, channel: SubmissionChannel): DeadlineRules | undefined;
}

export interface RetentionRules {
  /** First moment at which the personal data of a dossier that ended then may be erased; undefined: never by rule. */
  erasableFrom(endedAt: Instant): Instant | undefined;
}
