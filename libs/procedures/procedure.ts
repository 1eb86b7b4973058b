/**
 * Administrative procedures (thủ tục hành chính) as data with versions: each law, decree or catalogue decision that
 * changes a limit, a fee, a paper or the competence makes a new version with its interval of validity.
 */
import type { ProcessingLimit } from '#libs/calendar';
import type { LocalDate, ProcedureCode } from '#libs/kernel';
import type { LegalRules } from './legal-rules.ts';

/** Where a step is done. `city` also stands for a province: the highest local level, whatever the unit is called. */
export type RouteLevel = 'commune' | 'district' | 'city';
export type SubmissionChannel = 'direct' | 'online' | 'public-post';
/** Effect of a supplement on the clock (domain 4.3); written `restart` and `stopAndSubtract` in the file. */
export type ClockRule = 'restart' | 'stop-and-subtract';
export type OnlineLevel = 'none' | 'partial' | 'full';

/** A paper that the dossier holds (thành phần hồ sơ). */
export interface DossierComponent {
  readonly code: string;
  readonly nameVi: string;
  readonly required: boolean;
  readonly digitisable: boolean;
}

export interface ResultDocument {
  readonly code: string;
  readonly kind: string;
  readonly nameVi: string;
}

export interface RouteStep {
  readonly step: number;
  readonly level: RouteLevel;
  readonly role: string;
  readonly task: string;
  readonly limit: ProcessingLimit;
  /** Steps of one group run side by side (Nghị định 61/2018 Art 19(6)(b)). */
  readonly parallelGroup?: string;
}

/** The case (trường hợp): limit and fee hang on channel × case (domain 1.6). */
export interface ProcedureCase {
  readonly code: string;
  readonly limits: Readonly<Record<SubmissionChannel, ProcessingLimit>>;
  /** Đồng; 0 is free. */
  readonly fees: Readonly<Record<SubmissionChannel, number>>;
}
/** The case of a procedure whose data name no cases. */
export const STANDARD_CASE = 'standard';

export interface ProcedureVersion {
  readonly code: ProcedureCode;
  readonly version: number;
  readonly validFrom: LocalDate;
  readonly validTo?: LocalDate;
  readonly receivesAt: RouteLevel;
  readonly resolvesAt: RouteLevel;
  readonly cases: ReadonlyMap<string, ProcedureCase>;
  /** Extra or total time where the law names one for verification. */
  readonly verification?: ProcessingLimit;
  readonly clockRule: ClockRule;
  /** Sector law that goes before the general rule on when a supplement may be asked for (Nghị định 61/2018 Art 19(4)). */
  readonly supplementRequest?: { readonly within: ProcessingLimit; readonly citation: string };
  readonly feeRule?: string;
  /** A tax or charge is fixed during the procedure (status 6); the time in which the applicant pays is not counted. */
  readonly financialObligation: boolean;
  readonly components: readonly DossierComponent[];
  readonly result: ResultDocument;
  readonly route: readonly RouteStep[];
  readonly onlineLevel: OnlineLevel;
  readonly interlinkedWith: readonly ProcedureCode[];
  /** Whose competence is used by delegation, and the act that delegates. */
  readonly delegatedFrom?: { readonly level: RouteLevel; readonly agencyRole: string; readonly basis: string };
}

export interface Procedure {
  readonly code: ProcedureCode;
  readonly nameVi: string;
  readonly nameEn: string;
  readonly field: string;
  readonly versions: readonly ProcedureVersion[];
  readonly supersededBy?: ProcedureCode;
}

/** The catalogue (danh mục thủ tục hành chính). */
export interface Procedures {
  /** Edition of the file. */
  readonly version: string;
  readonly byCode: ReadonlyMap<ProcedureCode, Procedure>;
  /** What holds for all of them. */
  readonly rules: LegalRules;
  /** Vietnamese names of the roles and tasks that steps of a route use. */
  readonly roles: ReadonlyMap<string, string>;
  readonly tasks: ReadonlyMap<string, string>;
}
