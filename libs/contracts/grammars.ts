/** What a pattern cannot say: that a date exists, that a code is one by its own parser. Names as in `x-grammar`. */
import {
  isAgencyCode,
  isDossierCode,
  isHash,
  isInstant,
  isLocalDate,
  isNodeId,
  isPersonalId,
  isProcedureCode,
  isTerritoryCode,
  isUuid,
} from '#libs/kernel';

const YEAR = /^\d{4}$/;
export const grammars: Readonly<Record<string, (text: string) => boolean>> = {
  AgencyCode: isAgencyCode,
  DateOrInstant: (text) => isLocalDate(text) || isInstant(text),
  DossierCode: isDossierCode,
  Hash: isHash,
  Instant: isInstant,
  LocalDate: isLocalDate,
  NodeId: isNodeId,
  PersonalId: isPersonalId,
  ProcedureCode: isProcedureCode,
  Subject: () => true,
  TerritoryCode: isTerritoryCode,
  Uuid: isUuid,
  YearOrDate: (text) => YEAR.test(text) || isLocalDate(text),
};
/** Those that are branded types of the kernel. */
const UNBRANDED = new Set(['DateOrInstant', 'YearOrDate']);
export const brands: ReadonlySet<string> = new Set(Object.keys(grammars).filter((name) => !UNBRANDED.has(name)));
