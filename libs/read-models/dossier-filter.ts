/** What a list may be asked, as conditions of SQL. Values go as parameters, never into the text. */
import type { SituationName } from '#libs/dossier';
import { comparableCode, type AgencyCode, type Instant, type ProcedureCode } from '#libs/kernel';
import type { Parked } from './dossier-row.ts';

/** `newest` first by filing; `due` soonest first, only dossiers that run and have a due date; `updated` in order of change. */
export type DossierOrder = 'newest' | 'due' | 'updated';

export interface DossierFilter {
  /** Custodian, receiving agency, or named next. */
  readonly agency?: AgencyCode;
  /** Jurisdiction of who asks: only dossiers in which one of these has a part. Absent: no bound. Empty: nothing. */
  readonly within?: readonly AgencyCode[];
  readonly custodian?: AgencyCode;
  readonly inTransitTo?: AgencyCode;
  readonly situations?: readonly SituationName[];
  readonly procedureCode?: ProcedureCode;
  /** Running, with a due date before this. */
  readonly dueBefore?: Instant;
  /** Recorded here at or after this (time of recording, of the ledger's database). */
  readonly updatedSince?: Instant;
  /** Beginning of the legal dossier code, with an agency code of either generation. */
  readonly codePrefix?: string;
  readonly ended?: boolean;
  /** `true`: parked for whatever reason. */
  readonly parked?: boolean | Parked;
  /** Something superseded in it waits for an answer. */
  readonly unanswered?: true;
}

interface Conditions {
  readonly sql: readonly string[];
  readonly values: readonly unknown[];
}
type Rule = (place: string, value: never) => string;

const RULES: { readonly [M in keyof DossierFilter]-?: Rule } = {
  agency: (p) => `(custodian = ${p} OR receiving_agency = ${p} OR in_transit_to = ${p})`,
  within: (p) => `parties && ${p}::text[]`,
  custodian: (p) => `custodian = ${p}`,
  inTransitTo: (p) => `in_transit_to = ${p}`,
  situations: (p) => `situation = ANY (${p})`,
  procedureCode: (p) => `procedure_code = ${p}`,
  dueBefore: (p) => `ended_at IS NULL AND due_at < ${p}`,
  updatedSince: (p) => `updated_at >= ${p}`,
  codePrefix: (p) => `dossier_code ^@ ${p}`,
  ended: (p) => `(ended_at IS NOT NULL) = ${p}`,
  parked: (p) =>
    `CASE ${p}::text WHEN 'true' THEN parked IS NOT NULL WHEN 'false' THEN parked IS NULL ELSE parked = ${p} END`,
  // In these words, so that the partial index serves.
  unanswered: (p) => `unanswered > 0 AND ${p}::boolean`,
};

function valueOf(member: keyof DossierFilter, value: unknown): unknown {
  if (member === 'codePrefix') return comparableCode(String(value));
  return member === 'parked' ? String(value) : value;
}

export function conditionsOf(filter: DossierFilter): Conditions {
  const asked = Object.entries(filter).filter(([, value]) => value !== undefined) as [keyof DossierFilter, never][];
  return {
    sql: asked.map(([member, value], index) => RULES[member](`$${index + 1}`, value)),
    values: asked.map(([member, value]) => valueOf(member, value)),
  };
}
