/** A dossier as a list shows it: the row by the names of the domain, times as instants, absent left out. */
import type { SituationName, Verdict } from '#libs/dossier';
import type { AgencyCode, DossierCode, Hash, Instant, ProcedureCode, Subject, TerritoryCode } from '#libs/kernel';
import type { Parked } from './dossier-row.ts';

export interface ListedDossier {
  readonly subject: Subject;
  readonly situation: SituationName;
  /** 1 to 10, of the national portal (domain 1.5). */
  readonly status?: number;
  /** Hash, place and time of the last event applied. */
  readonly head?: Hash;
  readonly headPlace: number;
  readonly headTime?: Instant;
  /** Log index and time of recording of the last event seen, applied or not, on any branch. */
  readonly updatedIndex: number;
  readonly updatedAt: Instant;
  readonly filedWith?: AgencyCode;
  readonly receivingAgency?: AgencyCode;
  readonly dossierCode?: DossierCode;
  readonly registerNumber?: number;
  readonly procedureCode?: ProcedureCode;
  readonly procedureVersion?: number;
  readonly procedureCase?: string;
  readonly channel?: string;
  readonly applicantKind?: string;
  readonly territory?: TerritoryCode;
  readonly area?: string;
  /** Absent in transit and after a release. */
  readonly custodian?: AgencyCode;
  readonly inTransitFrom?: AgencyCode;
  readonly inTransitTo?: AgencyCode;
  readonly transitReason?: string;
  readonly releasedBy?: AgencyCode;
  readonly legDueAt?: Instant;
  readonly dueAt?: Instant;
  readonly intakeAnswerDueAt?: Instant;
  readonly submittedAt?: Instant;
  readonly receivedAt?: Instant;
  readonly endedAt?: Instant;
  readonly ending?: string;
  readonly endedBy?: AgencyCode;
  /** By the local rule, once ended; `running` or `not-counted` before. */
  readonly verdict: Verdict;
  readonly custodians: readonly AgencyCode[];
  /** Everybody with a part in it: receiving, custodians, named next, asked. */
  readonly parties: readonly AgencyCode[];
  readonly flags: readonly string[];
  /** Some place has more than one event. */
  readonly branched: boolean;
  readonly parked?: Parked;
  readonly parkedEvent?: Hash;
  readonly unapplied: number;
  /** Superseded acts that wait for an answer of the custodian. */
  readonly unanswered: number;
  /** One of its codes stands in another stream too. */
  readonly codeAlarm: boolean;
}

const HIDDEN = new Set(['state', 'first_index', 'forwarded_by', 'sort_key']);
const NUMBERS = new Set(['head_place', 'updated_index', 'register_number', 'procedure_version']);
const NAMES: Readonly<Record<string, string>> = { head_hash: 'head' };

export function listedDossier(row: Readonly<Record<string, unknown>>): ListedDossier {
  const members = Object.entries(row).filter(([column, value]) => value !== null && !HIDDEN.has(column));
  return Object.fromEntries(
    members.map(([column, value]) => [nameOf(column), valueOf(column, value)]),
  ) as unknown as ListedDossier;
}

const nameOf = (column: string): string =>
  NAMES[column] ?? column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

function valueOf(column: string, value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  return NUMBERS.has(column) ? Number(value) : value;
}
