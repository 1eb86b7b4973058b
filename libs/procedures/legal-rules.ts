/**
 * Rules of the law that hold for every procedure, as data with intervals of validity and citations (`reference/rules.json`;
 * domain reference 0): a new decree is a new interval, never a change of the program. What is recorded names its citation.
 */
import type { ProcessingLimit } from '#libs/calendar';
import { localDateOf, type Instant, type LocalDate } from '#libs/kernel';

/** One text in force, from its first day to the first day on which it no longer is. */
export interface RuleInForce {
  readonly validFrom: LocalDate;
  readonly validTo?: LocalDate;
  readonly citation: string;
}
export interface PeriodRule extends RuleInForce {
  readonly within: ProcessingLimit;
}
/** Indicator 5.2 of Decision 766: one period for each way to deal with a petition. */
export interface PetitionRule extends RuleInForce {
  readonly refuseWithin: ProcessingLimit;
  readonly askMoreWithin: ProcessingLimit;
  readonly solveWithin: ProcessingLimit;
  /** From the solution on. */
  readonly publishWithin: ProcessingLimit;
}
export interface HoursRule extends RuleInForce {
  readonly hours: number;
}

/** Each in the order of its intervals, which do not overlap. */
export interface LegalRules {
  /** Edition of the file. */
  readonly version: string;
  /** Art 19(4): a supplement is asked for within this time of receipt. */
  readonly supplementRequest: readonly PeriodRule[];
  /** Art 17(1): a dossier is received when every required component is there. */
  readonly completeAtReceipt: readonly RuleInForce[];
  /** Art 20(4): what is returned early is announced first. */
  readonly announceEarlyReturn: readonly RuleInForce[];
  readonly petition: readonly PetitionRule[];
  /** Nghị định 13/2023 Art 16(5): a request for erasure is answered within so many hours. */
  readonly erasureAnswer: readonly HoursRule[];
}

/** The text in force at an instant, by the date in Viet Nam; undefined: the law said nothing then. */
export function ruleAt<R extends RuleInForce>(rules: readonly R[], at: Instant): R | undefined {
  const date = localDateOf(at);
  return rules.find(({ validFrom, validTo }) => validFrom <= date && (validTo === undefined || date < validTo));
}
