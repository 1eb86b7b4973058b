import type { Instant, ProcedureCode } from '#libs/kernel';
import { findNumberedVersion, findVersion } from './catalogue.ts';
import { ruleAt } from './legal-rules.ts';
import { deadlineRules } from './deadline-rules.ts';
import type { BoundDeadlines, DeadlineBasis } from './deadline-rules.ts';
import type { Procedures, SubmissionChannel } from './procedure.ts';

/** What one decision is taken on; the procedure itself is asked for. */
export type DecisionBasis = Pick<DeadlineBasis, 'calendar' | 'agency' | 'at' | 'findAgency'> & {
  readonly procedures: Procedures;
};

/** `case` is the key on the wire. */
interface AskedInForce {
  readonly code: ProcedureCode;
  readonly case: string;
  readonly channel: SubmissionChannel;
  readonly at: Instant;
}
interface NumberedProcedure {
  readonly code: ProcedureCode;
  readonly version: number;
  readonly case: string;
}

/** A paper without which the dossier is not received. */
export interface RequiredComponent {
  readonly code: string;
  readonly nameVi: string;
}
export interface BoundVersion {
  readonly version: number;
  readonly deadlines: BoundDeadlines;
  /** None where no text demands a complete dossier at that time. */
  readonly required: readonly RequiredComponent[];
}

export interface BoundProcedures {
  findInForce(asked: AskedInForce): BoundVersion | 'unknown' | 'case-unknown';
  findDeadlines(procedure: NumberedProcedure, channel: SubmissionChannel): BoundDeadlines | undefined;
}

/**
 * The catalogue as a decision asks it; has the shape of `ProcedureRules` in the room `dossier`. A procedure that is not in
 * force at the time asked is as unknown as one that never was.
 */
export function procedureRules({ procedures, ...basis }: DecisionBasis): BoundProcedures {
  const { rules } = procedures;
  return {
    findInForce: (asked) => {
      const version = findVersion(procedures, asked.code, asked.at);
      if (!version) return 'unknown';
      if (!version.cases.has(asked.case)) return 'case-unknown';
      const { channel, case: caseCode } = asked;
      const demanded = ruleAt(rules.completeAtReceipt, asked.at) !== undefined;
      return {
        version: version.version,
        deadlines: deadlineRules({ ...basis, version, rules, channel, caseCode }),
        required: demanded ? version.components.filter(({ required }) => required) : [],
      };
    },
    findDeadlines: (asked, channel) => {
      const version = findNumberedVersion(procedures, asked.code, asked.version);
      if (!version?.cases.has(asked.case)) return undefined;
      return deadlineRules({ ...basis, version, rules, channel, caseCode: asked.case });
    },
  };
}
