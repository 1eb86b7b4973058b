/**
 * The due date after a wait for the applicant. A supplement counts by the rule the dossier was received under: again from
 * the start, or the wait taken off, never both (domain 4.3). A payment that stopped the clock is always taken off.
 */
import type { Instant } from '#libs/kernel';
import type { DecisionContext } from './context.ts';
import type { DeadlineRules } from './deadlines.ts';
import { defined } from './defined.ts';
import type { DossierFacts } from './facts.state.ts';
import type { DueDateRecomputedData } from './generated/events.ts';
import { refuse, type Refused } from './refusal.ts';

export type Recomputed = DueDateRecomputedData;
export type WaitEnd = 'supplement-provided' | 'fee-paid' | 'fee-waived';

/** Undefined: there is no due date to recompute. */
export function recomputed(
  reason: WaitEnd,
  askedAt: Instant,
  facts: DossierFacts,
  context: DecisionContext,
): Recomputed | Refused | undefined {
  if (facts.due === undefined) return undefined;
  const rules = context.procedures.findDeadlines(facts.procedure, facts.channel);
  if (rules === undefined) return refuse('PROCEDURE_UNKNOWN', { procedure: facts.procedure.code });
  const previousDueAt = facts.due.dueAt;
  const { rule } = facts.due.clock;
  const waiting = { dueAt: previousDueAt, askedAt, providedAt: context.time };
  const dueAt =
    reason === 'supplement-provided' && rule === 'restart' ? rules.restart(context.time) : rules.subtract(waiting);
  return {
    previousDueAt,
    dueAt: dueAt ?? previousDueAt,
    reason,
    ...limitOf(rules),
    clock: { rule, calendarVersion: rules.clock.calendarVersion },
  };
}

const limitOf = ({ limit }: DeadlineRules) => defined({ limit });
