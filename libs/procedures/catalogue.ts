import type { ProcessingLimit } from '#libs/calendar';
import { DomainError, localDateOf } from '#libs/kernel';
import type { Instant, ProcedureCode } from '#libs/kernel';
import { PROCEDURE_CASE_UNKNOWN } from './error-codes.ts';
import { STANDARD_CASE } from './procedure.ts';
import type { Procedure, ProcedureCase, Procedures, ProcedureVersion, SubmissionChannel } from './procedure.ts';

const NATIONAL_CODE_LENGTH = '1.001193'.length;

/** A local suffix (`1.001193.000.00.00.H26`) names the same national procedure (domain 3.3). */
export const findProcedure = ({ byCode }: Procedures, code: ProcedureCode): Procedure | undefined =>
  byCode.get(code) ?? byCode.get(code.slice(0, NATIONAL_CODE_LENGTH) as ProcedureCode);

/** The version in force at an instant, by the date in Viet Nam; undefined before, after and between versions. */
export function findVersion(procedures: Procedures, code: ProcedureCode, at: Instant): ProcedureVersion | undefined {
  const date = localDateOf(at);
  return findProcedure(procedures, code)?.versions.find(
    ({ validFrom, validTo }) => validFrom <= date && (validTo === undefined || date < validTo),
  );
}

/** A received dossier keeps the version it was received under, whatever is in force today (domain 4.3). */
export const findNumberedVersion = (
  procedures: Procedures,
  code: ProcedureCode,
  version: number,
): ProcedureVersion | undefined =>
  findProcedure(procedures, code)?.versions.find((candidate) => candidate.version === version);

/** @throws DomainError `PROCEDURE_CASE_UNKNOWN` with the cases there are */
export function getCase({ code, version, cases }: ProcedureVersion, caseCode: string): ProcedureCase {
  const found = cases.get(caseCode);
  if (found) return found;
  const text = `procedure ${code} version ${version} has no case ${caseCode}`;
  throw new DomainError(PROCEDURE_CASE_UNKNOWN, text, { code, version, cases: [...cases.keys()] });
}

/** @throws DomainError `PROCEDURE_CASE_UNKNOWN` */
export const limitFor = (
  version: ProcedureVersion,
  channel: SubmissionChannel,
  caseCode = STANDARD_CASE,
): ProcessingLimit => getCase(version, caseCode).limits[channel];

/** In đồng. @throws DomainError `PROCEDURE_CASE_UNKNOWN` */
export const feeFor = (version: ProcedureVersion, channel: SubmissionChannel, caseCode = STANDARD_CASE): number =>
  getCase(version, caseCode).fees[channel];
